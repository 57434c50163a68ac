"""Two rows that are the same human being become one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core import merging
from members import access
from members.models import ContactPerson, Person
from members.models.people import Function
from users import actions as user_actions


@transaction.atomic
def merge_persons(keep: Person, other: Person) -> Person:
    """Make one of two rows that are the same human being: `keep` stays, gets all that the other had, and is returned.

    Values of `keep` go before those of the other, which fill gaps; functions, mails and history move; two open
    functions of one kind at the same body become one. Raises ValidationError (German) if it is one row, an erased one,
    if the other's account is one of staff or has another address, or if both hold what only one can hold.
    """
    locked = Person.objects.select_for_update(of=("self",)).select_related("user").in_bulk([keep.pk, other.pk])
    if len(locked) < 2:
        raise ValidationError("Laden Sie die Seite neu: Es gibt nur noch eine der beiden Personen.")
    keep, other = locked[keep.pk], locked[other.pk]
    if reason := access.merge_refusal(keep, other):
        raise ValidationError(reason)
    old_key, old_pk, old_user, old_address = other.key, other.pk, other.user, other.email
    merging.fill_gaps(keep, other)
    keep.save()
    _join_functions(keep, other)
    both = keep.profile_drafts.values("municipality")
    other.profile_drafts.filter(municipality__in=both).delete()
    merging.repoint(other, keep)
    other.delete()
    merging.take_over_history(old_pk, old_key, keep)
    if old_address:
        merging.readdress_waiting_mail(keep, old_address)
    if old_user and not old_user.persons.exists():
        user_actions.end_account(old_user)
    return keep


def _join_functions(keep: Person, other: Person) -> None:
    """Where both are the same thing at the same body today, one row stays, from the earlier known day on."""
    kinds: list[Any] = Function.__subclasses__()
    for kind in kinds:
        rows = kind._base_manager.select_for_update()
        for row in rows.filter(person=other, ended_on__isnull=True):
            twin = rows.filter(person=keep, ended_on__isnull=True, municipality=row.municipality).first()
            if twin is None:
                continue
            twin.started_on = min(filter(None, [twin.started_on, row.started_on]), default=None)
            if isinstance(row, ContactPerson):
                twin.is_deputy = twin.is_deputy and row.is_deputy
                twin.show_no_more_than([row])
                # Asked twice in one round, both links go on working and both answers count.
                row.confirmations.filter(batch__in=twin.confirmations.values("batch")).update(batch=None)
            merging.fill_gaps(twin, row)
            merging.repoint(row, twin)
            row.delete()
            twin.save()
