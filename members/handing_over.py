""" "Ich gebe das Thema ab": who follows a contact person, and what passes to her."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from core import links
from core.dates import long_date, today
from core.periods import not_over
from members import emails
from members.actions import end_unused_accounts, give_access
from members.models import ContactPerson, Municipality, Person
from users.models import User

_DAY = datetime.timedelta(days=1)


@transaction.atomic
def hand_over(
    contact: ContactPerson, *, successor: Person | None, on: datetime.date, by: User | None
) -> ContactPerson | None:
    """End a contact person's function with the day before `on`; return the successor's function.

    The successor, stored or not yet, has access at once, to be shown the ropes; None means that nobody is known yet.
    Both are told. Before that day it may be done again: whom she named before, and who came only by that, goes.
    Raises ValidationError (German) if the function is over or began later, if both are the same person, or if the
    successor has no address.
    """
    Municipality.objects.held(contact.municipality_id)
    rows = ContactPerson.objects.select_for_update(of=("self",)).select_related("person", "municipality")
    contact = rows.get(pk=contact.pk)
    _check(contact, successor, on)
    if contact.ended_on:
        _take_back(contact, successor)
    contact.ended_on = on - _DAY
    contact.save()
    following = _succeed(contact, successor, on, by) if successor else None
    move_up(contact.municipality)
    emails.function_ended(contact, successor=following)
    end_unused_accounts([contact.person])
    return following


def _check(contact: ContactPerson, successor: Person | None, on: datetime.date) -> None:
    if contact.is_over() and contact.is_over(on):
        raise ValidationError(f"{contact.person} hat das Thema schon abgegeben.")
    if contact.started_on and contact.started_on >= on:
        begin = long_date(contact.started_on)
        raise ValidationError(f"Wählen Sie einen späteren Tag: {contact.person} ist seit dem {begin} Ansprechperson.")
    if successor == contact.person:
        raise ValidationError("Wählen Sie eine andere Person: Niemand kann das Thema an sich selbst abgeben.")


def _take_back(contact: ContactPerson, successor: Person | None) -> None:
    """Undo what naming somebody else did: who came by it goes at once, a colleague who was to lead is deputy again."""
    others = contact.municipality.contacts.select_for_update(of=("self",)).filter(not_over()).exclude(pk=contact.pk)
    for row in others.exclude(person_id=successor and successor.pk).select_related("person", "municipality"):
        if row.follows_id == contact.pk:
            _pass_on_questions(row, contact)
            end_function(row, on=today())
            end_unused_accounts([row.person])
        elif not (row.is_deputy or contact.is_deputy):
            row.is_deputy = True
            row.save()


def end_function(contact: ContactPerson, *, on: datetime.date) -> None:
    """End a function with the day before `on`, and tell its person.

    Entered today by mistake, the row goes as if it had never been; its versions stay, and nobody is told. Raises
    ValidationError (German) if it begins on `on`, a day to come, or later.
    """
    if not contact.started_on or contact.started_on < on:
        contact.ended_on = on - _DAY
        contact.save()
        emails.function_ended(contact)
    elif on > today():
        begin = long_date(contact.started_on)
        raise ValidationError(f"Wählen Sie einen späteren Tag: {contact.person} beginnt am {begin}.")
    else:
        contact.delete()


def move_up(municipality: Municipality | None = None) -> None:
    """Let whoever has answered longest lead where nobody leads today; an unknown beginning counts as the longest.

    Without a body, all whose lead's last day is over: every night finds those that a date has ended. A body for
    which nobody ever led stays as the office entered it.
    """
    functions = ContactPerson.objects.filter(municipality=OuterRef("pk"))
    led_before = functions.filter(is_deputy=False, ended_on__lt=today())
    bodies = (
        Municipality.objects.filter(pk=municipality.pk)
        if municipality
        else Municipality.objects.filter(Exists(led_before))
    )
    leads = functions.on().filter(is_deputy=False)
    for body in bodies.exclude(Exists(leads)).filter(Exists(functions.on())).order_by("pk"):
        _let_one_lead(body)


@transaction.atomic
def _let_one_lead(body: Municipality) -> None:
    Municipality.objects.held(body.pk)
    here = body.contacts.on().select_for_update(of=("self",))
    first = here.order_by(F("started_on").asc(nulls_first=True), "pk").first()
    if first and not here.filter(is_deputy=False).exists():
        first.is_deputy = False
        first.save()


def _succeed(contact: ContactPerson, successor: Person, on: datetime.date, by: User | None) -> ContactPerson:
    """Give the successor the function; a colleague who has one here already takes the lead if it was the lead's."""
    if successor.pk is None:
        successor.full_clean()
        successor.save()
    here = successor.contact_functions.filter(not_over(), municipality=contact.municipality)
    known = here.select_for_update(of=("self",)).first()
    following = known or ContactPerson(
        person=successor,
        municipality=contact.municipality,
        follows=contact,
        is_deputy=contact.is_deputy,
        position=contact.position,
        started_on=min(on, today()),
    )
    if known is None:
        following.show_no_more_than(successor.contact_functions.all())
    following.is_deputy = following.is_deputy and contact.is_deputy
    following.ended_on = None
    following.full_clean()
    following.save()
    _pass_on_questions(contact, following)
    give_access(successor, by=by)
    emails.function_received(following, predecessor=contact)
    return following


def _pass_on_questions(contact: ContactPerson, following: ContactPerson) -> None:
    """Let the successor answer what is still open of "Stimmt noch?", unless she was asked herself; old links end."""
    already = following.confirmations.filter(batch__isnull=False).values("batch")
    open_rows = contact.confirmations.filter(confirmed_at=None).exclude(batch__in=already)
    links.withdraw(open_rows)
    open_rows.update(contact=following)
