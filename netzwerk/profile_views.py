"""A body keeps its own profile: typing, previewing, publishing, looking back."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import history
from core.dates import today
from core.timeline import timeline
from members import access, publishing
from members.directory import entries
from members.models import Profile
from members.models.editing import labels_of, versions_of
from members.profile_forms import PictureForm, ProfileForm
from netzwerk.views import body_page

_page = require_http_methods(["GET", "HEAD", "POST"])
USES = {"picture": "Bild", "crest": "Wappen"}


@login_required
@require_safe
def own_profiles(request):
    """The profile of her body; who answers for several chooses."""
    bodies = access.own_municipalities(request.user)
    if len(bodies) == 1:
        return redirect("own_profile", bodies[0].slug)
    return render(request, "netzwerk/own_profiles.html", {"bodies": bodies})


@login_required
@_page
def own_profile(request, slug):
    """The form. Whatever button is pressed, what was typed is kept first, so nothing of it can be lost."""
    draft = access.profile_draft_for(request.acting_person, slug)
    if request.method != "POST":
        return _form_page(request, ProfileForm(draft=draft))
    seen = ProfileForm.seen_in(request.POST)
    if "quietly" in request.POST and draft.pk is None and seen != draft.seen:
        return HttpResponse(status=409)  # what the script sent has been published meanwhile, perhaps by herself
    publishing.keep_draft(draft, ProfileForm.typed_in(request.POST), seen=seen)
    if "quietly" in request.POST:  # static/js/draft.js
        return HttpResponse(status=204)
    if "keep" in request.POST:
        messages.success(request, "Zwischengespeichert. Veröffentlicht ist davon noch nichts.")
        return redirect("own_profile", slug)
    form = ProfileForm(draft=draft)
    if not form.is_valid():
        return _form_page(request, form)
    return redirect("profile_preview", slug) if "preview" in request.POST else _publish(request, form)


def _form_page(request, form, news=None):
    draft = form.draft
    # Not the form's own: that one has taken over what was typed.
    public = Profile.objects.filter(municipality=draft.municipality).prefetch_related("topics").first() or Profile()
    context = {
        "form": form,
        "municipality": draft.municipality,
        "draft": draft,
        "profile": public,
        "pictures": [(label, use, f"own_{use}", getattr(draft, use)) for use, label in USES.items()],
        "news": news,
    }
    return render(request, "netzwerk/own_profile.html", context)


def _publish(request, form):
    slug = form.draft.municipality.slug
    try:
        changed = publishing.publish(form.draft, form.values, reader=request.user)
    except publishing.ChangedMeanwhileError as error:
        return _tell(request, form.draft, error.news)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _form_page(request, form)
    told = f"Geändert: {', '.join(labels_of(changed))}. Die Geschäftsstelle erfährt davon."
    messages.success(request, f"Veröffentlicht, alle sehen es jetzt so. {told if changed else 'Geändert war nichts.'}")
    return redirect("municipality", slug)


def _tell(request, draft, news):
    """Show what somebody else changed, with her own changes in it. Publishing once more is her decision."""
    profile = Profile.objects.get(municipality=draft.municipality)
    draft.municipality.profile = profile
    version = history.version_of(Profile, profile.pk)
    publishing.rebase(draft, ProfileForm(draft=draft).joined(profile), version)
    return _form_page(request, ProfileForm(draft=draft), news)


@login_required
@require_safe
def preview(request, slug):
    """So sehen es alle: the page of the body as a visitor will see it."""
    draft = access.profile_draft_for(request.acting_person, slug)
    form = ProfileForm(draft=draft)
    if not form.is_valid():
        return redirect("own_profile", slug)
    profile = form.instance
    profile.picture, profile.crest, profile.confirmed_on = draft.picture, draft.crest, today()
    topics = tuple((topic.slug, topic.name) for topic in form.cleaned_data["topics"])
    everyone = entries()
    entry = replace(everyone.by_ags[draft.municipality.ags], topics=topics)
    context = body_page(AnonymousUser(), draft.municipality, entry, profile, everyone)
    return render(request, "netzwerk/profile_preview.html", context | {"draft": draft})


@login_required
@require_POST
def publish(request, slug):
    """Publish what the preview showed."""
    draft = access.profile_draft_for(request.acting_person, slug)
    form = ProfileForm(draft=draft)
    return _publish(request, form) if form.is_valid() else redirect("own_profile", slug)


@login_required
@require_POST
def discard(request, slug):
    draft = access.profile_draft_for(request.acting_person, slug)
    publishing.discard(draft)
    messages.success(request, "Entwurf verworfen. Öffentlich ist alles, wie es war.")
    return redirect("own_profile", slug)


@login_required
@_page
def own_picture(request, slug, use):
    draft = access.profile_draft_for(request.acting_person, slug)
    picture = getattr(draft, use)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PictureForm(*sent, existing=picture)
    if form.is_valid():
        try:
            publishing.add_picture(draft, use, **form.values)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"{USES[use]} im Entwurf. Öffentlich wird es mit „Veröffentlichen“.")
            return redirect("own_profile", slug)
    context = {"form": form, "municipality": draft.municipality, "picture": picture, "use": use, "label": USES[use]}
    return render(request, "netzwerk/own_picture.html", context)


@login_required
@require_POST
def remove_picture(request, slug, use):
    publishing.remove_picture(access.profile_draft_for(request.acting_person, slug), use)
    messages.success(request, f"{USES[use]} aus dem Entwurf genommen. Öffentlich wird das mit „Veröffentlichen“.")
    return redirect("own_profile", slug)


@login_required
@require_safe
def versions(request, slug):
    municipality = access.own_municipality_for(request.acting_person, slug)
    source = versions_of(municipality=municipality.pk)
    page = timeline([source], page=request.GET.get("seite"))
    newest = source.rows.order_by("-history_id").values_list("history_id", flat=True).first()
    context = {"municipality": municipality, "versions": page, "newest": newest}
    return render(request, "netzwerk/profile_versions.html", context)


@login_required
@require_POST
def bring_back(request, slug, version):
    municipality = access.own_municipality_for(request.acting_person, slug)
    profile = Profile.objects.filter(municipality=municipality).first()
    if profile is None or history.version_at(profile, version) is None:
        raise Http404
    changed = publishing.bring_back(profile, version)
    what = f"Geändert: {', '.join(labels_of(changed))}." if changed else "So war es schon."
    messages.success(request, f"Das Profil ist wieder auf diesem Stand. {what}")
    return redirect("profile_versions", slug)
