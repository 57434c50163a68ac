"""The office writes a documentation: its texts, photos, slides and agreements, its PDF, and who is told."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import pdf, uploads
from core.desk import staff_page
from meetings import access, documentation_access, documenting, editions, findings, releasing
from meetings.documentation_forms import (
    AgreementForm,
    AudienceForm,
    ChapterForm,
    EditionForm,
    ItemForm,
    OverviewForm,
    PhotoForm,
    PhotoWordsForm,
    SlidesForm,
    SlidesWordsForm,
)
from meetings.documentation_views import page_context
from meetings.models import Agreement, Build, Chapter, Edition
from members.publishing import ChangedMeanwhileError

_page = require_http_methods(["GET", "HEAD", "POST"])
_MAY = "meetings.change_meeting"


@staff_page("meetings.view_meeting")
@require_safe
def desk(request, pk):
    """The whole documentation at a glance: what is there, what is missing, and the next step."""
    meeting = access.meeting_for_staff(pk)
    documentation = documentation_access.documentation_of(meeting)
    builds = releasing.newest(documentation)
    stored = documentation.pk is not None
    finished = sum(not build.is_unfinished for build in builds)
    context = {
        "meeting": meeting,
        "documentation": documentation,
        "findings": findings.findings(documentation),
        "parts": _parts(meeting, documentation),
        "photos": list(documentation.photos.select_related("item")) if stored else [],
        "slides": list(documentation.slides.select_related("item")) if stored else [],
        "agreements": list(documentation.agreements.select_related("taken_up__meeting")) if stored else [],
        "builds": builds,
        "step": releasing.step(documentation, builds),
        "finished": finished,
        "progress": f"Fassung {finished} von {len(builds)} fertig",
        "failed": [build for build in builds if build.has_failed],
        "earlier": list(documentation.builds.filter(state="done").select_related("asked_by")) if stored else [],
    }
    return render(request, "meetings/documentation/desk.html", context)


def _parts(meeting, documentation):
    """Each item of the programme with the text about it, None if there is none yet."""
    chapters = {row.item_id: row for row in documentation.chapters.all()} if documentation.pk else {}
    return [(item, chapters.get(item.pk)) for item in meeting.agenda.all()]


# --- texts --------------------------------------------------------------------------------------------------------


@staff_page(_MAY)
@_page
def overview(request, pk):
    meeting = access.meeting_for_staff(pk)
    row = documentation_access.documentation_of(meeting)
    form = OverviewForm(request.POST if request.method == "POST" else None, instance=row)
    store = lambda values, seen: documenting.save_overview(meeting, values, seen=seen, reader=request.user)  # noqa: E731
    context = {"meeting": meeting, "title": "Auf einen Blick", "item": None}
    return _written(request, form, store, context)


@staff_page(_MAY)
@_page
def chapter(request, pk, item):
    meeting = access.meeting_for_staff(pk)
    point = access.item_for(meeting, item)
    row = Chapter.objects.filter(item=point).first() or Chapter(item=point)
    form = ChapterForm(request.POST if request.method == "POST" else None, instance=row)
    store = lambda values, seen: documenting.save_chapter(point, values, seen=seen, reader=request.user)  # noqa: E731
    return _written(request, form, store, {"meeting": meeting, "title": point.title, "item": point})


def _written(request, form, store, context):
    """A text: kept by button or, quietly, by the script; who comes second is told, and her text stays in the form."""
    quietly, news = "quietly" in request.POST, None
    if form.is_bound and form.is_valid():
        stored = type(form.instance).objects.filter(pk=form.instance.pk).first()  # the form has changed its own
        try:
            row = store(form.values, form.seen_version)
        except ChangedMeanwhileError as error:
            news = error.news
            form.show_news()
        else:
            if quietly:  # static/js/draft.js
                return HttpResponse(status=204, headers={"X-Seen": type(form)(instance=row).version})
            messages.success(request, f"„{context['title']}“ ist gespeichert.")
            return redirect("documentation_desk", context["meeting"].pk)
        context |= {"theirs": [(form[name].label, getattr(stored, name)) for name in form.values] if stored else []}
    if quietly:
        return HttpResponse(status=409 if news else 422)
    item = context["item"]
    context |= {"form": form, "news": news, "photos": [], "slides": []}
    if item:
        context |= {"photos": item.photos.all(), "slides": item.slides.all()}
    return render(request, "meetings/documentation/text.html", context)


@staff_page("meetings.view_meeting")
@require_safe
def preview(request, pk):
    """So sehen es die Lesenden: an edition as the text stands now."""
    documentation = documentation_access.documentation_of(access.meeting_for_staff(pk))
    only_public = EditionForm(request.GET).only_public and Edition.PUBLIC in documentation.editions
    edition = Edition.PUBLIC if only_public else Edition.INTERNAL
    build = Build(documentation=documentation, edition=edition, html=editions.article(documentation, edition))
    return render(request, "meetings/documentation/preview.html", page_context(build))


# --- photos and slides --------------------------------------------------------------------------------------------


def _added(request, pk, form_class, verb, what):
    """A page that takes a file with its words, for an item or for the whole day."""
    meeting = access.meeting_for_staff(pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = form_class(*sent, meeting=meeting, initial={"item": ItemForm(request.GET).number})
    if form.is_bound and form.is_valid():
        try:
            row = verb(meeting, form.cleaned_data["file"], form.words)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{what} hochgeladen.")
            return redirect(request.get_full_path()) if "another" in request.POST else _back(row)
    context = {"meeting": meeting, "form": form, "row": None, "what": what}
    return render(request, "meetings/documentation/material.html", context)


def _back(row):
    meeting = row.documentation.meeting
    if row.item_id:
        return redirect("documentation_chapter", meeting.pk, row.item_id)
    return redirect("documentation_desk", meeting.pk)


@staff_page(_MAY)
@_page
def add_photo(request, pk):
    return _added(request, pk, PhotoForm, documenting.add_photo, "Foto")


@staff_page(_MAY)
@_page
def add_slides(request, pk):
    return _added(request, pk, SlidesForm, documenting.add_slides, "Folien")


@staff_page(_MAY)
@_page
def photo_words(request, pk, photo):
    meeting = access.meeting_for_staff(pk)
    row = documentation_access.photo_for_staff(meeting, photo)
    return _words(request, meeting, row, PhotoWordsForm, "Foto")


@staff_page(_MAY)
@_page
def slides_words(request, pk, slides):
    meeting = access.meeting_for_staff(pk)
    row = documentation_access.slides_for_staff(meeting, slides)
    return _words(request, meeting, row, SlidesWordsForm, "Folien")


def _words(request, meeting, row, form_class, what):
    form = form_class(request.POST if request.method == "POST" else None, instance=row, meeting=meeting)
    if form.is_bound and form.is_valid():
        documenting.change_words(row, form.words)
        messages.success(request, f"{what}: gespeichert.")
        return redirect("documentation_desk", meeting.pk)
    context = {"meeting": meeting, "form": form, "row": row, "what": what}
    return render(request, "meetings/documentation/material.html", context)


@staff_page(_MAY)
@require_POST
def remove_photo(request, pk, photo):
    row = documentation_access.photo_for_staff(access.meeting_for_staff(pk), photo)
    return _removed(request, pk, row)


@staff_page(_MAY)
@require_POST
def remove_slides(request, pk, slides):
    row = documentation_access.slides_for_staff(access.meeting_for_staff(pk), slides)
    return _removed(request, pk, row)


def _removed(request, pk, row):
    name = str(row)
    documenting.remove(row)
    messages.success(request, f"„{name}“ ist gelöscht.")
    return redirect("documentation_desk", pk)


# --- agreements ---------------------------------------------------------------------------------------------------


@staff_page(_MAY)
@_page
def add_agreement(request, pk):
    meeting = access.meeting_for_staff(pk)
    return _agreement(request, meeting, Agreement(), lambda values: documenting.agree(meeting, values))


@staff_page(_MAY)
@_page
def agreement(request, pk, agreement):
    meeting = access.meeting_for_staff(pk)
    row = documentation_access.agreement_for_staff(meeting, agreement)
    return _agreement(request, meeting, row, lambda values: documenting.change_agreement(row, values))


def _agreement(request, meeting, row, store):
    form = AgreementForm(request.POST if request.method == "POST" else None, instance=row)
    if form.is_bound and form.is_valid():
        store(form.values)
        messages.success(request, "Verabredung gespeichert.")
        return redirect("documentation_desk", meeting.pk)
    return render(request, "meetings/documentation/agreement.html", {"meeting": meeting, "form": form, "row": row})


@staff_page(_MAY)
@require_POST
def settle_agreement(request, pk, agreement):
    row = documentation_access.agreement_for_staff(access.meeting_for_staff(pk), agreement)
    documenting.settle(row, is_done=row.settled_at is None)
    messages.success(request, "Erledigt." if row.settled_at else "Wieder offen.")
    return redirect("documentation_desk", pk)


@staff_page(_MAY)
@require_POST
def remove_agreement(request, pk, agreement):
    return _removed(request, pk, documentation_access.agreement_for_staff(access.meeting_for_staff(pk), agreement))


@staff_page(_MAY)
@require_POST
def take_up(request, pk):
    """On the board of the next meeting: what was agreed last time becomes part of the programme."""
    try:
        item = documenting.take_up(access.meeting_for_staff(pk))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        told = f"„{item.title}“ steht jetzt im Programm." if item else "Aufzunehmen war nichts."
        messages.success(request, told)
    return redirect("meeting_board", pk)


# --- PDF and publishing -------------------------------------------------------------------------------------------


def _deed(request, pk, verb, done):
    """Do a verb to the documentation; say what happened, or why not."""
    documentation = documentation_access.documentation_of(access.meeting_for_staff(pk))
    try:
        verb(documentation)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return redirect("documentation_desk", pk)


@staff_page(_MAY)
@require_POST
def order(request, pk):
    done = "Das PDF wird erzeugt. Sie können weiterarbeiten."
    return _deed(request, pk, lambda documentation: releasing.order(documentation, by=request.user), done)


@staff_page(_MAY)
@require_POST
def publish(request, pk):
    return _deed(request, pk, releasing.publish, "Veröffentlicht. Jetzt können Sie es den Teilnehmenden mitteilen.")


@staff_page(_MAY)
@require_POST
def withdraw(request, pk):
    return _deed(request, pk, releasing.withdraw, "Zurückgezogen. Nur Mitarbeitende sehen die Dokumentation noch.")


@staff_page("meetings.view_meeting")
@require_safe
def build_pdf(request, pk, build):
    row = documentation_access.pdf_for_staff(access.meeting_for_staff(pk), build)
    return pdf.download(uploads.read(row.file), f"Dokumentation_{row.documentation.meeting.slug}_{row.edition}")


@staff_page(_MAY)
@_page
def tell(request, pk):
    """Whom, shown with number and names; then one batch."""
    meeting = access.meeting_for_staff(pk)
    documentation = documentation_access.documentation_of(meeting)
    posted = request.method == "POST"
    form = AudienceForm(request.POST if posted else request.GET or {"wen": AudienceForm.PARTICIPANTS})
    chosen = _audience(documentation, form) if form.is_valid() and documentation.is_published else []
    if posted and form.is_valid():
        if form.cleaned_data["anzahl"] == len(chosen):
            done = f"Empfänger: {len(chosen)}. Die E-Mails gehen in einer Minute hinaus; bis dahin lässt es sich unter "
            done += "„Heute“ zurücknehmen."
            return _deed(request, pk, lambda row: releasing.tell(row, chosen, by=request.user), done)
        messages.warning(request, "Die Auswahl hat sich inzwischen geändert. Bitte prüfen Sie sie noch einmal.")
    context = {"meeting": meeting, "documentation": documentation, "form": form, "chosen": chosen}
    context["fields"] = [form["wen"]]
    return render(request, "meetings/documentation/tell.html", context)


def _audience(documentation, form):
    everybody = form.cleaned_data["wen"] == AudienceForm.MEMBERS
    return releasing.members(documentation) if everybody else releasing.participants(documentation)
