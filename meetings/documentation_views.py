"""A published documentation as its readers see it: page, PDF, photos, slides, everything as one file."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import pictures, uploads
from meetings import access, documentation_access, editions, moved
from meetings.documentation_forms import EditionForm
from meetings.models import Edition

_ZIP = "application/zip"


def _build(request, year, slug):
    """The published build that this reader sees of the meeting with this address."""
    meeting = access.meeting_for(request.user, request.acting_person, year, slug)
    only_public = EditionForm(request.GET).only_public
    return documentation_access.build_for(request.user, request.acting_person, meeting, only_public=only_public)


def _file_name(build) -> str:
    return f"Dokumentation_{build.documentation.meeting.slug}"


@require_safe
@moved.follow
def documentation(request, year, slug):
    """The page. Of a documentation for members only, a visitor meets the sign-in."""
    try:
        build = _build(request, year, slug)
    except Http404:
        meeting = access.meeting_for(request.user, request.acting_person, year, slug)
        if documentation_access.is_for_others(request.user, meeting):
            return redirect_to_login(request.get_full_path())
        raise
    return render(request, "meetings/documentation.html", page_context(build))


def page_context(build):
    """What the page shows of a build, or the preview of what is none yet."""
    return {
        "meeting": build.documentation.meeting,
        "documentation": build.documentation,
        "build": build,
        "internal": build.edition == Edition.INTERNAL,
        "both": len(build.documentation.editions) > 1,
        "article": editions.for_page(build.documentation, build.html),
    }


@require_safe
@moved.follow
def documentation_pdf(request, year, slug):
    build = _build(request, year, slug)
    return _kept(uploads.read(build.file), "application/pdf", f"{_file_name(build)}.pdf")


@require_safe
@moved.follow
def documentation_zip(request, year, slug):
    """PDF, photos and slides of the reader's edition in one file."""
    build = _build(request, year, slug)
    return _kept(editions.everything(build), _ZIP, f"{_file_name(build)}.zip")


def _kept(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}  # a slug needs no quoting
    return HttpResponse(content, content_type=content_type, headers=headers)


@require_safe
@moved.follow
def documentation_photo(request, year, slug, public_id):
    meeting = access.meeting_for(request.user, request.acting_person, year, slug)
    photo = documentation_access.photo_for(request.user, request.acting_person, meeting, public_id)
    # Kept nowhere: a consent can be taken back.
    return pictures.send(request, photo, public=False)


@require_safe
@moved.follow
def documentation_slides(request, year, slug, public_id):
    meeting = access.meeting_for(request.user, request.acting_person, year, slug)
    slides = documentation_access.slides_for(request.user, request.acting_person, meeting, public_id)
    return uploads.attachment(request, uploads.read(slides.file), "application/pdf", f"{slides.title}.pdf")
