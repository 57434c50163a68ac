""" "Angabe veraltet?" on the page of a member, and the button by which the office settles it."""

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.desk import staff_page
from core.mailtexts import goes_out
from members import access, hints
from members.emails import HINT
from members.forms import HintForm

# Each hint is a mail to strangers; behind one IP address may sit a whole town hall.
HINTS = {"hint": "5/10m/ip"}


@require_http_methods(["GET", "HEAD", "POST"])
def give_hint(request, slug):
    municipality = access.member_for(slug)
    form = HintForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if not ratelimit.consume(request, app="members", action="hint", config=HINTS):
            return render(request, "429.html", status=429)
        hints.take_in(municipality, **form.cleaned_data)
        messages.success(request, "Danke! Ihr Hinweis ist bei der Geschäftsstelle des Netzwerks.")
        return redirect(municipality)
    context = {"form": form, "municipality": municipality, "contacts_told": goes_out(HINT)}
    return render(request, "members/hint.html", context)


@staff_page("members.change_hint")
@require_POST
def settle_hint(request, pk):
    """Back to where the button stood."""
    hint = access.hint_for(pk)
    hints.settle(hint, by=request.user)
    messages.success(request, f"Hinweis zu {hint.municipality} erledigt.")
    return redirect("dossier", hint.municipality.slug) if "im_dossier" in request.POST else redirect("admin:index")
