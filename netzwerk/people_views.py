"""Pages about who stands where: "Wer sind Sie?", handing over, leaving, elections, persons entered twice."""

import datetime

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core import merging
from core.dates import long_date, today
from core.desk import staff_page
from core.mailtexts import goes_out
from core.periods import not_over
from members import access, handing_over
from members import actions as member_actions
from members.emails import ENDED
from members.forms import PersonForm
from members.middleware import PERSON
from members.models import Person
from netzwerk import actions
from netzwerk.people_forms import (
    BodiesForm,
    ChoosePersonForm,
    ElectionForm,
    GiveUpForm,
    HandOverForm,
    LeaveForm,
    NewHeadForm,
)
from users.access import employee_for

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
    form = HandOverForm(request.POST or None, contact=contact, initial={"on": today()})
    if form.is_valid():
        successor, on = form.chosen(), form.cleaned_data["on"]
        try:
            handing_over.hand_over(contact, successor=successor, on=on, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            who = "Die Nachfolge ist noch offen"
            if successor:
                who = f"{successor.name} {'meldet sich an wie bisher' if successor.uses_access else 'ist eingeladen'}"
            messages.success(request, f"{contact.person.name} gibt das Thema zum {long_date(on)} ab. {who}.")
            return redirect("admin:members_contactperson_changelist")
    context = {"form": form, "contact": contact, "both_told": goes_out(ENDED)}
    return render(request, "netzwerk/hand_over.html", context)


@login_required
@_page
def give_up(request, pk):
    """ "Ich gebe das Thema ab": entered, read what it means, then done."""
    contact = access.own_function_for(request.acting_person, pk)
    form = GiveUpForm(request.POST or None, contact=contact, initial={"on": today()})
    context = {"form": form, "contact": contact}
    if form.is_valid() and "edit" not in request.POST:
        successor, on = form.chosen(), form.cleaned_data["on"]
        if "store" in request.POST and _given_up(request, contact, form):
            return redirect("start" if request.user.is_anonymous else "colleagues")
        if not form.errors:
            context["effects"] = _effects(contact, successor, on)
    return render(request, "netzwerk/give_up.html", context)


def _effects(contact, successor, on) -> list[str]:
    """What giving up will do, in sentences: whom it moves to, what ends when, what stays."""
    body, last_day = contact.municipality, long_date(on - datetime.timedelta(days=1))
    others = [row.municipality.name for row in access.own_functions(contact.person).exclude(pk=contact.pk)]
    if others:
        end = f"Ihr Zugang bleibt, denn Sie sind auch für {', '.join(others)} zuständig."
    elif on <= today():
        end = "Ihr Zugang endet sofort: Mit dem Abgeben sind Sie überall abgemeldet."
    else:
        end = f"Ihr Zugang endet am {last_day}, auch auf Geräten, auf denen Sie noch angemeldet sind."
    return [
        _who_follows(contact, successor, on),
        *(_who_goes(row) for row in contact.named_successors if row.person != successor),
        end,
        "Ihre Angaben stehen danach nicht mehr im Verzeichnis. Im Verlauf bleibt, was Sie geändert haben.",
        f"Das Profil von {body} bleibt, wie es ist. Offene Fragen des Portals gehen an die Nachfolge.",
        *(["Sie bekommen eine E-Mail mit diesem Datum."] if contact.person.email and goes_out(ENDED) else []),
    ]


def _who_follows(contact, successor, on) -> str:
    body = contact.municipality
    if successor:
        is_in = successor.pk is not None and successor.has_access()
        how = "ist schon dabei und" if is_in else f"wird heute unter {successor.email} eingeladen und ist"
        return f"{successor.name} {how} ab {long_date(on)} Ansprechperson für {body}."
    if body.contacts.filter(not_over(on)).exclude(pk=contact.pk).exists():
        first = (
            ""
            if contact.is_deputy
            else " Ist niemand von ihnen erste Ansprechperson, rückt nach, wer am längsten dabei ist."
        )
        return f"Die Nachfolge ist noch offen. Für {body} bleiben Ihre Kolleginnen und Kollegen zuständig.{first}"
    return f"Die Nachfolge ist noch offen: {body} hat dann niemanden. Die Geschäftsstelle kümmert sich darum."


def _who_goes(named) -> str:
    return (
        f"{named.person.name}, bisher als Nachfolge genannt, ist sofort nicht mehr zuständig. Auch dieser Zugang endet."
    )


def _given_up(request, contact, form) -> bool:
    successor, on = form.chosen(), form.cleaned_data["on"]
    try:
        handing_over.hand_over(contact, successor=successor, on=on, by=request.user)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    who = f"{successor.name} hat eine E-Mail bekommen." if successor else "Die Geschäftsstelle sucht die Nachfolge."
    if contact.person.has_access():
        messages.success(request, f"Eingetragen: Sie geben das Thema zum {long_date(on)} ab. {who}")
    else:
        # The account and its sessions may be gone already; the thanks need a new one.
        logout(request)
        messages.success(request, f"Danke für alles, was Sie eingebracht haben! {who} Ihr Zugang ist beendet.")
    return True


@staff_page("members.change_membership")
@_page
def leave(request, slug):
    municipality = access.municipality_for(request.user, slug)
    losing = access.persons_losing_access(municipality)
    form = LeaveForm(request.POST or None)
    if form.is_valid():
        try:
            told = member_actions.end_membership(municipality, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            until = long_date(form.cleaned_data["on"])
            number = f" Benachrichtigt: {len(told)}." if goes_out(ENDED) else ""
            messages.success(request, f"{municipality} ist Mitglied bis {until}.{number}")
            return redirect("admin:members_municipality_change", municipality.pk)
    context = {"form": form, "municipality": municipality, "losing": losing, "are_told": goes_out(ENDED)}
    return render(request, "netzwerk/leave.html", context | {"membership": municipality.running_membership()})


@staff_page("users.change_user")
@_page
def remove_employee(request, pk):
    account, error = employee_for(pk), ""
    if request.method == "POST":
        try:
            actions.remove_employee(account, by=request.user)
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
        else:
            messages.success(request, f"{account} gehört nicht mehr zum Team. Offene Sitzungen sind beendet.")
            return redirect("admin:users_user_changelist")
    stays = account.persons.with_access()
    return render(request, "netzwerk/remove_employee.html", {"account": account, "stays": stays, "error": error})


@staff_page("members.change_headofadministration")
@_page
def heads_after_election(request):
    """Who leads many bodies after an election: entered in one table, counted, then stored at once or not at all."""
    chosen = BodiesForm(request.GET)
    data = request.POST or None
    form = ElectionForm(data)
    rows = [NewHeadForm(data, municipality=municipality) for municipality in chosen.bodies()]
    entered = [row for row in rows if row.has_changed()]
    context = {"chosen": chosen, "form": form, "rows": rows, "at_most": BodiesForm.AT_MOST}
    if form.is_bound and _is_complete(form, entered):
        if "store" in request.POST and _stored(request, form, entered):
            return redirect("admin:members_headofadministration_changelist")
        if not form.errors:
            context["preview"] = _counted(entered, len(rows), form.cleaned_data["on"])
    return render(request, "netzwerk/heads_after_election.html", context)


def _is_complete(form, entered) -> bool:
    """Whether the day and all rows begun are right; else the form says which are not."""
    if not entered:
        form.add_error(None, "Tragen Sie mindestens eine neue Verwaltungsspitze ein.")
    if broken := [row.municipality.name for row in entered if not row.is_valid()]:
        form.add_error(None, f"Berichtigen Sie die gekennzeichneten Zeilen: {', '.join(broken)}.")
    return form.is_valid()


def _stored(request, form, entered) -> bool:
    try:
        ended = member_actions.replace_heads([row.new_head() for row in entered], on=form.cleaned_data["on"])
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    begun = long_date(form.cleaned_data["on"])
    messages.success(request, f"Neue Amtszeiten ab {begun}: {len(entered)}. Beendete Amtszeiten: {ended}.")
    return True


def _counted(entered, rows: int, on) -> str:
    """What storing would do, in numbers."""
    ended = sum(row.head is not None for row in entered)
    begun = f"{len(entered)} Amtszeit{'en beginnen' if len(entered) > 1 else ' beginnt'} am {long_date(on)}"
    empty = rows - len(entered)
    left = f"{empty} Zeile{'n bleiben' if empty != 1 else ' bleibt'} leer"
    return f"{begun}, {ended} bisherige ende{'n' if ended != 1 else 't'}, {left}."


@staff_page("members.delete_person")
@_page
def merge_persons(request, pk, other):
    """Two rows side by side; the first one stays."""
    keep, gone = access.person_for(pk), access.person_for(other)
    if request.method == "POST":
        try:
            person = actions.merge(keep, gone)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"Zusammengeführt: {person.name}.")
            return redirect("admin:members_person_change", keep.pk)
    rows = _compared(keep, gone)
    context = {
        "keep": keep,
        "gone": gone,
        "rows": rows,
        "not_taken": [(label, theirs) for label, own, theirs, _ in rows if own != theirs and "–" not in (own, theirs)],
        "moving": merging.counts(gone),
        "refusal": access.merge_refusal(keep, gone),
    }
    return render(request, "netzwerk/merge_persons.html", context)


def _compared(keep, gone) -> list[tuple[str, str, str, str]]:
    """For each field both values and what it will be."""
    names = (*PersonForm.Meta.fields, "user")
    pairs = [(Person._meta.get_field(name).verbose_name, getattr(keep, name), getattr(gone, name)) for name in names]
    return [(label, str(a or "–"), str(b or "–"), str(a or b or "–")) for label, a, b in pairs]
