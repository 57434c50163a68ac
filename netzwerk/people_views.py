"""Pages about who stands where: "Wer sind Sie?" at a shared mailbox, handing over a subject, leaving the network."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.dates import long_date, today
from core.desk import staff_page
from members import access
from members.forms import ChoosePersonForm, HandOverForm, LeaveForm
from members.middleware import PERSON
from netzwerk import actions

_page = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@_page
def choose_person(request):
    """ "Wer sind Sie?" The session keeps the answer, and the page that was asked for opens."""
    wanted = {"next": request.GET.get("next", "")}
    form = ChoosePersonForm(request.POST if request.method == "POST" else None, persons=request.persons, initial=wanted)
    if not form.is_valid():
        return render(request, "netzwerk/choose_person.html", {"form": form})
    request.session[PERSON] = form.cleaned_data["person"]
    return redirect(form.cleaned_data["next"] or "home")


@staff_page("members.change_contactperson")
@_page
def hand_over(request, pk):
    contact = access.contact_for(pk)
    form = HandOverForm(request.POST or None, initial={"on": today()})
    if form.is_valid():
        successor, on = form.chosen(), form.cleaned_data["on"]
        try:
            actions.hand_over(contact, successor=successor, on=on, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            who = f"{successor.name} ist eingeladen" if successor else "Die Nachfolge ist noch offen"
            messages.success(request, f"{contact.person.name} gibt das Thema zum {long_date(on)} ab. {who}.")
            return redirect("admin:members_contactperson_changelist")
    return render(request, "netzwerk/hand_over.html", {"form": form, "contact": contact})


@staff_page("members.change_membership")
@_page
def leave(request, slug):
    municipality = access.municipality_for(request.user, slug)
    losing = access.persons_losing_access(municipality)
    form = LeaveForm(request.POST or None)
    if form.is_valid():
        try:
            told = actions.leave(municipality, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            until = long_date(form.cleaned_data["on"])
            messages.success(request, f"{municipality} ist Mitglied bis {until}. Benachrichtigt: {len(told)}.")
            return redirect("admin:members_municipality_change", municipality.pk)
    context = {"form": form, "municipality": municipality, "losing": losing}
    return render(request, "netzwerk/leave.html", context | {"membership": municipality.running_membership()})
