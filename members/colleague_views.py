"""The people of one's own body, to add, change, invite and remove, and the directory of all contacts."""

from itertools import groupby

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.dates import long_date, today
from core.folding import slug_of
from core.mailtexts import goes_out
from members import access, actions, vcards
from members import colleagues as verbs
from members.colleague_forms import ContactForm, NetworkForm, NewColleagueForm, RemoveForm
from members.directory import entries
from members.emails import ENDED
from members.search import network_contacts

_page = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def colleagues(request):
    """Everyone who answers for the same bodies, she herself first."""
    me = request.acting_person
    rows = sorted(
        access.colleagues_of(me), key=lambda row: (row.municipality.sort_key, row.person != me, row.is_deputy)
    )
    former = list(access.former_colleagues_of(me))
    bodies = [
        (body, list(contacts), [row for row in former if row.municipality_id == body.pk])
        for body, contacts in groupby(rows, key=lambda row: row.municipality)
    ]
    return render(request, "members/colleagues.html", {"bodies": bodies, "me": me})


@login_required
@_page
def add_colleague(request, slug):
    municipality = access.own_municipality_for(request.acting_person, slug)
    form = NewColleagueForm(request.POST or None, municipality=municipality, reader=request.user)
    if form.is_bound and form.is_valid():
        invite = form.cleaned_data["invite"]
        try:
            contact = verbs.add(municipality, form.chosen(), invite=invite, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            told = " und per E-Mail eingeladen" if invite else "; eingeladen ist noch niemand"
            if invite and contact.person.uses_access:
                told = " und meldet sich an wie bisher"
            messages.success(request, f"{contact.person.name} ist für {municipality} eingetragen{told}.")
            return redirect("colleagues")
    return render(request, "members/colleague_new.html", {"form": form, "municipality": municipality})


@login_required
@_page
def change_colleague(request, pk):
    """One's own data with who sees what; of a colleague her post, and all while she has never signed in."""
    contact = access.colleague_for(request.acting_person, pk)
    is_own = contact.person == request.acting_person
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        contact=contact,
        is_own=is_own,
        with_name=access.can_write_for(contact),
    )
    if form.is_bound and form.is_valid():
        try:
            verbs.change(contact, form.changes, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Gespeichert." if form.changed_data else "Sie haben nichts geändert.")
            return redirect("colleagues")
    return render(request, "members/colleague_change.html", {"form": form, "contact": contact, "is_own": is_own})


@login_required
@require_POST
def lead(request, pk):
    contact = access.colleague_for(request.acting_person, pk)
    try:
        verbs.make_lead(contact)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{contact.person.name} ist jetzt erste Ansprechperson für {contact.municipality}.")
    return redirect("colleagues")


@login_required
@require_POST
def invite_colleague(request, pk):
    contact = access.colleague_for(request.acting_person, pk)
    try:
        actions.give_access(contact.person, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        name = contact.person.name
        sent = f"Die Einladung an {name} ist unterwegs."
        known = f"{name} meldet sich schon an und braucht keine Einladung."
        messages.success(request, known if contact.person.uses_access else sent)
    return redirect("colleagues")


@login_required
@_page
def remove_colleague(request, pk):
    """A colleague's function ends; one's own is given up on a page that asks who follows."""
    contact = access.colleague_for(request.acting_person, pk)
    if contact.person == request.acting_person:
        return redirect("give_up", pk)
    form = RemoveForm(request.POST or None, initial={"on": today()})
    if form.is_bound and form.is_valid():
        try:
            verbs.remove(contact, on=form.cleaned_data["on"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            day = long_date(form.cleaned_data["on"])
            messages.success(
                request, f"{contact.person.name} ist ab {day} nicht mehr für {contact.municipality} zuständig."
            )
            return redirect("colleagues")
    is_told = contact.person.email and goes_out(ENDED)
    return render(request, "members/colleague_remove.html", {"form": form, "contact": contact, "is_told": is_told})


# --- the contacts of all members ----------------------------------------------------------------------------------

FILTERS = ("art", "bezirk", "kreis", "thema")


@login_required
@require_safe
def network(request):
    """Who answers in the other members, with what each released to the network."""
    form = NetworkForm(request.GET, everyone=entries())
    chosen = form.chosen()
    context = {
        "form": form,
        "chosen": chosen,
        "filters": [form[name] for name in FILTERS],
        "active_filters": sum(name in chosen for name in FILTERS),
        "found": network_contacts(request.user, chosen),
    }
    return render(request, "members/network.html", context)


@login_required
@require_safe
def network_card(request, pk):
    municipality, contact = access.network_contact_for(request.user, pk)
    url = settings.SITE_URL + municipality.get_absolute_url()
    name = slug_of(contact.name) or "kontakt"
    return HttpResponse(
        vcards.card(municipality, contact, url=url),
        content_type="text/vcard; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.vcf"'},
    )
