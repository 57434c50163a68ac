"""Verbs of inviting to a summit: inviting heads by mail and letter, reminding the silent, withdrawing, calling off."""

from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core.actions import queue_batch
from core.models import Batch
from meetings import filling, summit, summit_emails
from meetings.addressees import addressees
from meetings.models import Answer, Invitation, InvitationCopy, Meeting, Reply
from meetings.summit_answering import is_confirmed, take_off
from users.models import User


@transaction.atomic
def invite(
    meeting: Meeting, heads: Collection[int], *, letters_for_all: bool = False, by: User | None
) -> tuple[list[Invitation], Batch | None]:
    """Invite these heads (numbers of their functions), by mail and on paper as each of them wishes; outer offices get
    a copy by mail. Return the invitations, and the batch of mails if there is any.

    letters_for_all: a letter also to those who get a mail. ValidationError (German) if the summit takes nobody, or if
    one of them cannot be invited any more: then nobody is.
    """
    meeting = filling.locked(meeting)
    if not meeting.is_announced or meeting.has_begun:
        raise ValidationError("Kündigen Sie das Spitzentreffen zuerst an; nach dem Beginn lädt niemand mehr ein.")
    if meeting.register_until is None:
        raise ValidationError("Tragen Sie beim Termin zuerst den Anmeldeschluss ein: Bis dahin bitten Sie um Antwort.")
    chosen = [guest for guest in summit.guests(meeting).to_invite if guest.head and guest.head.pk in heads]
    if not chosen:
        raise ValidationError("Wählen Sie aus, wer eingeladen wird. Noch ist niemand ausgewählt.")
    if len(chosen) != len(set(heads)):
        raise ValidationError("Die Liste hat sich inzwischen geändert. Bitte prüfen Sie sie noch einmal.")
    meeting.invitations.never_sent().delete()
    _check_twice(meeting, chosen)
    rows = [_store(meeting, guest, letters_for_all) for guest in chosen]
    return rows, _send(meeting, rows, summit_emails.INVITATION, f"Einladung: {meeting}", by)


def _check_twice(meeting: Meeting, chosen: Iterable[summit.Guest]) -> None:
    known = dict(meeting.invitations.values_list("person", "municipality__name"))
    for guest in chosen:
        if guest.head and (body := known.get(guest.head.person_id)):
            raise ValidationError(
                f"{guest.head.person.name} ist schon für {body} eingeladen. Ziehen Sie diese Einladung zuerst zurück."
            )
        known |= {guest.head.person_id: guest.municipality.name} if guest.head else {}


def _store(meeting: Meeting, guest: summit.Guest, letters_for_all: bool) -> Invitation:
    assert guest.head is not None  # noqa: S101 - only these are chosen
    row = Invitation.objects.create(
        meeting=meeting,
        person=guest.head.person,
        municipality=guest.municipality,
        by_mail=not guest.by_letter,
        by_letter=guest.by_letter or letters_for_all,
    )
    _copy(row, guest)
    return row


def _copy(invitation: Invitation, guest: summit.Guest) -> None:
    """Let the outer office have a copy; also one that was entered after the invitation went out."""
    for person in guest.doors:
        InvitationCopy.objects.get_or_create(invitation=invitation, person=person)


def _send(meeting: Meeting, rows: list[Invitation], kind: str, title: str, by: User | None) -> Batch | None:
    """Queue the mails about these invitations; of an invitation the batch is remembered, to take both back at once."""
    recipients = [addressee.recipient() for addressee in addressees(rows)]
    if not recipients:
        return None
    batch = queue_batch(kind, recipients, title=title, by=by)
    if kind == summit_emails.INVITATION:
        Invitation.objects.filter(pk__in=[row.pk for row in rows]).update(batch=batch)
    return batch


@transaction.atomic
def remind(meeting: Meeting, invitations: Collection[int], *, by: User | None) -> Batch:
    """Remind these invited persons who have not answered, and their outer offices.

    ValidationError (German) if nobody is left whom a mail reaches: the others are called.
    """
    meeting = filling.locked(meeting)
    for silent in summit.board(meeting).silent:
        if silent.guest and silent.invitation.pk in invitations:
            _copy(silent.invitation, silent.guest)
    rows = [row for row in remindable(meeting) if row.pk in invitations]
    if meeting.has_begun or not meeting.is_announced or not rows:
        raise ValidationError("Wählen Sie aus, wer erinnert wird: Von diesen wartet niemand mehr auf eine Erinnerung.")
    Invitation.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=timezone.now())
    batch = _send(meeting, rows, summit_emails.REMINDER, f"Erinnerung: {meeting}", by)
    assert batch is not None  # noqa: S101 - `remindable` are those whom a mail reaches
    return batch


def remindable(meeting: Meeting) -> list[Invitation]:
    """Return the silent whom a mail reaches, themselves or through their outer office, in protocol order."""
    rows = [row.invitation for row in summit.board(meeting).silent]
    reached = {addressee.invitation.pk for addressee in addressees(rows)}
    return [row for row in rows if row.pk in reached]


@transaction.atomic
def withdraw(invitation: Invitation) -> bool:
    """Take an invitation out of the list, with answer and place: she does not lead the body any more, or it was a
    mistake. Links to it end; a deputy is told, and whoever has read that she is expected herself.
    Answer whether somebody who had accepted is told."""
    filling.locked(invitation.meeting)
    row = Invitation.objects.filter(pk=invitation.pk).first()
    if row is None:
        return False
    reply = getattr(row, "reply", None)
    told = reply is not None and _end_place(row, reply)
    if reply is not None:
        reply.delete()
    row.delete()
    return told


def _end_place(invitation: Invitation, reply: Reply) -> bool:
    """Answer whether somebody who had accepted is told."""
    place = reply.registration
    if place is None or not place.is_active:
        return False
    was_expected = reply.answer == Answer.COMES and is_confirmed(invitation, reply)
    take_off(place, tell=reply.answer == Answer.DEPUTY)
    return was_expected and summit_emails.withdrawn(place) is not None


def tell_called_off(meeting: Meeting, *, by: User | None) -> Batch | None:
    """Tell invited heads and their outer offices that the summit is off; who declined herself has nothing to undo."""
    return _tell(meeting, summit_emails.CALLED_OFF, "Abgesagt", by)


def tell_change(meeting: Meeting, *, by: User | None) -> Batch | None:
    """Tell the same people what time and place are now, those who have not answered included."""
    return _tell(meeting, summit_emails.CHANGED_DAY, "Geändert", by)


def _tell(meeting: Meeting, kind: str, what: str, by: User | None) -> Batch | None:
    invited = meeting.invitations.sent().in_office().for_summit()
    rows = [row for row in invited if row.answer != Answer.DECLINES]
    return _send(meeting, rows, kind, f"{what}: {meeting}", by)
