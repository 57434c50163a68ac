"""Verbs of the membership: starting and correcting it, and giving a person access."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.dates import PartialDate, Precision, today
from members.models import ContactPerson, Membership, Municipality, Person, Visibility
from members.models.people import Function
from users import actions as user_actions
from users.models import AccessInvitation, User


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


def save_membership(membership: Membership) -> Membership:
    """Check and store a period; what only the database can see (a second person at work) gets the same sentence."""
    if not membership.started_on:
        membership.precision = Precision.UNKNOWN
    membership.full_clean()
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        if not Membership.objects.overlapping(membership).exists():
            raise
        raise ValidationError(membership.overlap_message()) from error
    return membership


@transaction.atomic
def give_access(person: Person, *, by: User | None) -> User:
    """Link a person with the account of her address, opened if needed; invite unless it is in use already.

    Several persons may share a mailbox and so an account. Raises ValidationError (German) if the person has no
    address or the account is blocked.
    """
    if not person.email:
        raise ValidationError("Tragen Sie zuerst die E-Mail-Adresse der Person ein.")
    user = user_actions.find_or_open(person.email, by=by)
    person.user = user
    person.save(update_fields=["user"])
    if not AccessInvitation.objects.filter(user=user, accepted_at__isnull=False).exists():
        user_actions.invite(user, by=by)
    return user


@transaction.atomic
def end_functions(person: Person) -> None:
    """End all that a person is in the network, with yesterday as the last day, and withdraw what she released."""
    yesterday = today() - datetime.timedelta(days=1)
    kinds: list[Any] = Function.__subclasses__()
    for kind in kinds:
        for function in kind._base_manager.filter(person=person):
            if not function.is_over():
                function.ended_on = max(yesterday, function.started_on or yesterday)
            if isinstance(function, ContactPerson):
                hidden = Visibility.OFFICE
                function.name_visibility = function.email_visibility = function.phone_visibility = hidden
            function.save()
