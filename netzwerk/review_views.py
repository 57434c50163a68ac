"""The office looks at what bodies changed in their profiles: difference, taking back, bringing back, "Gesehen"."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.desk import staff_page
from core.timeline import timeline
from members import access, publishing
from members.models.editing import labels_of, versions_of
from members.profile_forms import TakeBackForm


@staff_page("members.view_profile")
@require_safe
def changes(request, slug):
    """All versions of a body's profile, the newest first."""
    profile = access.profile_for(slug)
    versions = timeline([versions_of(id=profile.pk)], page=request.GET.get("seite"))
    context = {"profile": profile, "municipality": profile.municipality, "versions": versions}
    return render(request, "netzwerk/profile_review.html", context)


@staff_page("members.change_profile")
@require_POST
def reviewed(request, slug, version):
    """ "Gesehen": up to the version that stood on the page."""
    publishing.review(access.profile_for(slug, version=version), version)
    messages.success(request, "Als gesehen vermerkt.")
    return redirect("admin:index")


@staff_page("members.change_profile")
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request, slug, version):
    """One change with old and new, and the reason for taking it back."""
    profile = access.profile_for(slug, version=version)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            undone = publishing.take_back(profile, version, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            what = ", ".join(labels_of(undone))
            messages.success(request, f"Zurückgenommen: {what}. Die Ansprechpersonen bekommen eine E-Mail.")
            return redirect("profile_changes", slug)
    versions = timeline([versions_of(history_id=version)], page=None)
    context = {"municipality": profile.municipality, "version": versions[0], "form": form}
    return render(request, "netzwerk/profile_take_back.html", context)


@staff_page("members.change_profile")
@require_POST
def bring_back(request, slug, version):
    """The whole profile as it was at that version; nobody is written to."""
    changed = publishing.bring_back(access.profile_for(slug, version=version), version, by_body=False)
    what = f"Geändert: {', '.join(labels_of(changed))}." if changed else "So war es schon."
    messages.success(request, f"Das Profil ist wieder auf diesem Stand. {what}")
    return redirect("profile_changes", slug)
