"""Verbs of the membership: starting and ending it, and giving a person access."""

import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.dates import PartialDate, Precision
from members.models import Membership, Municipality, Person
from users import actions as user_actions
from users.models import User


def start_membership(
    municipality: Municipality, *, begin: PartialDate | None, source: str = "", note: str = ""
) -> Membership:
    """Open a membership, historical or new; `begin` None means that the start is not proven.

    Raises ValidationError in German if the body is a member already or the period overlaps another one, also when
    two people do it at the same moment.
    """
    membership = Membership(municipality=municipality, source=source, note=note)
    if begin:
        membership.started_on, membership.precision = begin.day, begin.precision
    return save_membership(membership)


def end_membership(membership: Membership, *, last_day: datetime.date, reason: str) -> Membership:
    """End a membership after its last day. Raises ValidationError if that lies before its start."""
    membership.ended_on, membership.end_reason = last_day, reason
    return save_membership(membership)


def save_membership(membership: Membership) -> Membership:
    """Check and store a period; what only the database can see (a second person at work) gets the same sentence."""
    if not membership.started_on:
        membership.precision = Precision.UNKNOWN
    membership.full_clean()
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        raise ValidationError(membership.overlap_message()) from error
    return membership


@transaction.atomic
def give_access(person: Person, *, by: User | None) -> User:
    """Create (or find) the account of a person's address and invite her; several persons may share a mailbox.

    Raises ValidationError if the person has no address.
    """
    if not person.email:
        raise ValidationError("Tragen Sie zuerst die E-Mail-Adresse der Person ein.")
    user, _ = User.objects.get_or_create(email=person.email.lower())
    person.user = user
    person.save(update_fields=["user"])
    user_actions.invite(user, by=by)
    return user
