"""Two persons that are one human being: what both have at a meeting becomes one, before all else moves to who stays.

Personal links of both go on and lead to her. Where both had one for the same thing, the link of the row that goes ends.
"""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from meetings import filling, summit_answering
from meetings.models import Answer, Invitation, InvitationCopy, Meeting, Registration, RegistrationState, Reply
from members.models import Person

# Of two places the better one stays.
_BEST_FIRST = (
    RegistrationState.REGISTERED,
    RegistrationState.OFFERED,
    RegistrationState.WAITING,
    RegistrationState.UNCONFIRMED,
    RegistrationState.CANCELLED,
)
# What one of them said and the other did not; consent to be named is not taken over.
_GAPS = ("municipality_id", "registered_by_id", "present_at", "access_needs", "food", "topic_wish")


@transaction.atomic
def join(keep: Person, other: Person) -> None:
    """Prepare that `other` becomes `keep`: each meeting has one invitation and one place of hers.

    Of two places the better one stays, and the next in line moves up; of two answers the later one counts.
    """
    if keep.pk == other.pk:
        return
    theirs = Q(registrations__person=other) | Q(invitations__person=other)
    for meeting in Meeting.objects.filter(theirs).distinct().order_by("pk"):
        held = filling.locked(meeting)
        _join_invitations(held, keep, other)
        _join_places(held, keep, other)
    copied = InvitationCopy.objects.filter(person=keep).values("invitation")
    InvitationCopy.objects.filter(person=other, invitation__in=copied).delete()


def _join_invitations(meeting: Meeting, keep: Person, other: Person) -> None:
    rows = {row.person_id: row for row in meeting.invitations.for_summit().filter(person__in=[keep, other])}
    if len(rows) < 2:
        return
    own, theirs = rows[keep.pk], rows[other.pk]
    stays = max(own, theirs, key=_standing)
    goes = theirs if stays is own else own
    _join_replies(stays, goes)
    known = stays.copies.values("person")
    goes.copies.exclude(person__in=known).update(invitation=stays)
    goes.delete()


def _standing(invitation: Invitation) -> tuple[bool, float]:
    """What makes one of two invitations the one that stays: it was not taken back, and it was answered last."""
    reply = getattr(invitation, "reply", None)
    answered: datetime.datetime | None = reply.given_at if reply else invitation.declined_at
    return invitation.is_open, answered.timestamp() if answered else 0


def _join_replies(stays: Invitation, goes: Invitation) -> None:
    """Keep the answer that counts, and take the place back that followed from the other one alone."""
    reply: Reply | None = getattr(goes, "reply", None)
    if reply is None:
        return
    later: Reply | None = getattr(stays, "reply", None)
    if later is None:
        reply.invitation = stays
        reply.save()
        return
    is_hers = reply.answer == later.answer == Answer.COMES
    if reply.registration is not None and not is_hers:
        summit_answering.take_off(reply.registration, tell=reply.deputy_id is not None)


def _join_places(meeting: Meeting, keep: Person, other: Person) -> None:
    rows = {row.person_id: row for row in meeting.registrations.filter(person__in=[keep, other])}
    if len(rows) < 2:
        return
    own, theirs = rows[keep.pk], rows[other.pk]
    stays = min(own, theirs, key=lambda row: _BEST_FIRST.index(RegistrationState(row.state)))
    goes = theirs if stays is own else own
    for name in _GAPS:
        value: Any = getattr(stays, name) or getattr(goes, name)
        setattr(stays, name, value)
    stays.save()
    _move_choices(stays, goes)
    if not Reply.objects.filter(registration=stays).exists():
        Reply.objects.filter(registration=goes).update(registration=stays)
    goes.delete()
    filling.fill(meeting)


def _move_choices(stays: Registration, goes: Registration) -> None:
    if stays.choices.exists():
        return
    goes.choices.update(registration=stays)
    if stays.has_place and not stays.meeting.has_begun:
        filling.give_items(stays)
