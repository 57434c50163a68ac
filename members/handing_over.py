""" "Ich gebe das Thema ab": who follows a contact person, and what passes to her."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from core import links
from core.dates import long_date, today
from core.periods import not_over
from members import emails
from members.actions import end_unused_accounts, give_access
from members.models import ContactPerson, Person
from users.models import User

_DAY = datetime.timedelta(days=1)


@transaction.atomic
def hand_over(
    contact: ContactPerson, *, successor: Person | None, on: datetime.date, by: User | None
) -> ContactPerson | None:
    """End a contact person's function with the day before `on`; return the successor's function.

    The successor, stored or not yet, has access at once, to be shown the ropes; None means that nobody is known yet.
    Both are told. Raises ValidationError (German) if the function is over or began later, if both are the
    same person, or if the successor has no address.
    """
    contact = (
        ContactPerson.objects.select_for_update(of=("self",))
        .select_related("person", "municipality")
        .get(pk=contact.pk)
    )
    if contact.is_over() and contact.is_over(on):
        raise ValidationError(f"{contact.person} hat das Thema schon abgegeben.")
    if contact.started_on and contact.started_on >= on:
        begin = long_date(contact.started_on)
        raise ValidationError(f"Wählen Sie einen späteren Tag: {contact.person} ist seit dem {begin} Ansprechperson.")
    if successor == contact.person:
        raise ValidationError("Wählen Sie eine andere Person: Niemand kann das Thema an sich selbst abgeben.")
    contact.ended_on = on - _DAY
    contact.save()
    following = _succeed(contact, successor, on, by) if successor else None
    emails.function_ended(contact, successor=following)
    end_unused_accounts([contact.person])
    return following


def _succeed(contact: ContactPerson, successor: Person, on: datetime.date, by: User | None) -> ContactPerson:
    """Give the successor the function; a colleague who has one here already takes the lead if it was the lead's."""
    if successor.pk is None:
        successor.full_clean()
        successor.save()
    known = successor.contact_functions.filter(not_over(), municipality=contact.municipality).first()
    following = known or ContactPerson(
        person=successor,
        municipality=contact.municipality,
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
