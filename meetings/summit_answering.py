"""Verbs of answering an invitation to a summit, by link or for somebody who called; undone where it was a mistake.

Each holds the row of the meeting. Whoever answers what somebody else has answered meanwhile is told and decides anew.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core.dates import long_date
from core.history import version_of
from core.models import MailState, OutgoingMail
from meetings import actions, filling, places, summit_emails
from meetings.addressees import addressees
from meetings.models import Answer, Invitation, Meeting, Registration, RegistrationState, Reply, Way
from members.models import Municipality, Person

NO_LONGER = "Diese Einladung galt der Person, die damals im Amt war. Wenden Sie sich bitte an die Geschäftsstelle."
BEGUN = f"{actions.BEGUN} Wenden Sie sich bitte an die Geschäftsstelle."


class AnsweredMeanwhileError(ValidationError):
    """Somebody else has answered since the form was shown."""


@dataclass(frozen=True)
class Said:
    """An answer. deputy: stored or new, of `Answer.DEPUTY` alone; without an address she gets no mail."""

    answer: str
    deputy: Person | None = None
    deputy_office: str = ""
    topic_wish: str = ""

    def is_that_of(self, reply: Reply) -> bool:
        """Whether the reply says so already: a form sent twice changes nothing."""
        mine = (self.answer, self.deputy_office, self.topic_wish, _name(self.deputy))
        return mine == (reply.stands, reply.deputy_office, reply.topic_wish, _name(reply.deputy))


def _name(person: Person | None) -> tuple[str, ...]:
    return (*person.name_key, person.email.lower()) if person else ()


@transaction.atomic
def answer(
    invitation: Invitation,
    said: Said,
    *,
    by: Person | None,
    way: str = Way.LINK,
    seen: int | None = None,
) -> Reply:
    """Store an answer and what follows from it: the place of her or her deputy, and the mails to all concerned.

    by: the head or her outer office; None if staff note it. seen: version of the reply that the form showed, 0 for
    none; None asks nothing. ValidationError (German) if she cannot answer any more; AnsweredMeanwhileError if somebody
    else was quicker.
    """
    meeting = filling.locked(invitation.meeting)
    row = _current(invitation, by_staff=by is None)
    reply = getattr(row, "reply", None)
    if reply is not None and said.is_that_of(reply):
        return reply
    if seen is not None and reply is not None and version_of(Reply, reply.pk) != seen:
        raise AnsweredMeanwhileError(_who_was_quicker(reply))
    row.meeting = meeting
    reply = reply or Reply(invitation=row)
    _apply(reply, said, by=by)
    reply.way, reply.given_at, reply.given_by = way, timezone.now(), by
    reply.full_clean(exclude=["invitation", "registration", "deputy", "given_by"])
    reply.save()
    _tell(reply, hold=by is None)
    return reply


def _current(invitation: Invitation, *, by_staff: bool) -> Invitation:
    """Return the invitation as it is now; call it with the meeting's row held. ValidationError if nobody answers it."""
    row = Invitation.objects.sent().for_summit().filter(pk=invitation.pk).first()
    if row is None or not row.in_office:  # type: ignore[attr-defined]
        raise ValidationError(NO_LONGER)
    if row.meeting.is_cancelled:
        raise ValidationError(actions.CANCELLED)
    if row.meeting.has_begun and not by_staff:
        raise ValidationError(BEGUN)
    return row


def _who_was_quicker(reply: Reply) -> str:
    who = reply.given_by.name if reply.given_by else "Die Geschäftsstelle"
    when = timezone.localtime(reply.given_at)
    return (
        f"{who} hat am {long_date(when.date())} um {when:%H:%M} Uhr schon geantwortet: {reply.text}. "
        "Prüfen Sie Ihre Antwort, und senden Sie sie noch einmal, wenn sie gelten soll."
    )


def _apply(reply: Reply, said: Said, *, by: Person | None) -> None:
    """Make the reply say so, and give and take the places that follow from it."""
    before, was_deputy = reply.registration, reply.deputy_id is not None
    invitation = reply.invitation
    reply.answer, reply.topic_wish = said.answer, said.topic_wish
    reply.deputy_office = said.deputy_office if said.answer == Answer.DEPUTY else ""
    reply.deputy = _stored(said.deputy, invitation.municipality) if said.answer == Answer.DEPUTY else None
    comes = invitation.person if said.answer == Answer.COMES else reply.deputy
    if before is not None and (comes is None or before.person_id != comes.pk):
        take_off(before, tell=was_deputy)
    reply.registration = _seat(invitation, comes, by=by) if comes else None


def _stored(person: Person | None, body: Municipality | None) -> Person:
    """Return the deputy as the portal knows her, or as a new person of the head's body."""
    if person is None:
        raise ValidationError({"deputy_last_name": "Nennen Sie die Vertretung."})
    known = person if person.pk else Person.objects.known_as(person)
    if known is None:
        person.organisation = body.name if body else ""
        person.full_clean()
        person.save()
        known = person
    return known


def _seat(invitation: Invitation, person: Person, *, by: Person | None) -> Registration:
    """Give a place, also beyond the number of places: a head who is invited is never put on a waiting list."""
    meeting = invitation.meeting
    rows = meeting.registrations.select_related("municipality", "person")
    row = rows.filter(person=person).first() or Registration(meeting=meeting, person=person)
    if row.is_active and row.municipality_id != invitation.municipality_id:
        raise ValidationError(
            f"{person.name} nimmt schon für {row.body_name or 'jemand anderen'} teil. Nennen Sie jemand anderen."
        )
    # An earlier answer may have led to this place: of a head who left, or of a body that she does not come for now.
    for other in Reply.objects.filter(registration=row).exclude(invitation=invitation) if row.pk else ():
        other.registration = None
        other.save()
    if row.has_place:
        return row
    if not row.is_active:
        row.mode, row.municipality = meeting.modes[0], invitation.municipality
        row.number = places.next_number(meeting, row.mode)
        row.registered_by, row.created_at = by, timezone.now()
    row.state = RegistrationState.REGISTERED
    row.cancelled_at = row.offered_until = None
    row.save()
    return row


def take_off(registration: Registration, *, tell: bool) -> None:
    """Take a place back. tell: the person, who was a deputy and does not come by her own doing."""
    if not registration.is_active:
        return
    filling.strike(registration)
    if tell and _has_heard(registration):
        summit_emails.deputy_off(registration)


def _has_heard(registration: Registration) -> bool:
    """Whether the mail that names her deputy is out or on its way; one still held goes nowhere now."""
    mails = OutgoingMail.objects.filter(kind=summit_emails.DEPUTY, recipient_key=registration.person.key)
    return mails.filter(created_at__gte=registration.created_at).exclude(state=MailState.PENDING).exists()


def _tell(reply: Reply, *, hold: bool) -> None:
    summit_emails.noted(reply.invitation, reply, hold=hold)
    if reply.answer == Answer.DEPUTY and reply.registration is not None:
        summit_emails.deputy(reply.registration, hold=hold)


@transaction.atomic
def give_back(registration: Registration) -> bool:
    """Let somebody give back the place that follows from a reply; head and outer office hear that nobody comes now.

    Answer whether she had one. ValidationError if the meeting has begun.
    """
    done = actions.cancel(registration)
    reply = Reply.objects.select_related("invitation__person", "invitation__meeting").filter(registration=registration)
    if done and (row := reply.first()) is not None and row.answer == Answer.DEPUTY:
        row.save()  # a version of its own in the history: what was confirmed before does not go out any more
        summit_emails.noted(row.invitation, row, hold=False)
    return done


# --- undoing what staff noted -------------------------------------------------------------------------------------


@transaction.atomic
def undo(invitation: Invitation) -> bool:
    """Let an answer that staff noted be as it was before; answer whether its confirmation had gone out already, so that
    those who read it are told.

    ValidationError (German) if the answer is not one of staff, for then the person herself has to change it.
    """
    meeting: Meeting = filling.locked(invitation.meeting)
    row = _current(invitation, by_staff=True)
    reply = getattr(row, "reply", None)
    if reply is None or reply.way == Way.LINK:
        raise ValidationError("Laden Sie die Seite neu: Die Antwort ist inzwischen eine andere.")
    row.meeting = meeting
    told = is_confirmed(row, reply)
    versions = list(reply.history.order_by("-history_id")[:2])
    before = versions[1] if len(versions) > 1 else None
    if before is None:
        if reply.registration is not None:
            take_off(reply.registration, tell=reply.deputy_id is not None)
        reply.delete()
        if told:
            summit_emails.reopened(row)
        return told
    deputy = Person.objects.filter(pk=before.deputy_id).first()
    _apply(reply, Said(before.answer, deputy, before.deputy_office, before.topic_wish), by=None)
    reply.way, reply.given_at, reply.given_by_id = before.way, before.given_at, before.given_by_id
    reply.save()
    if told:
        _tell(reply, hold=False)
    return told


def is_confirmed(invitation: Invitation, reply: Reply) -> bool:
    """Whether the mail that confirms an answer is out or on its way; one still held goes nowhere if it changes."""
    keys = [row.person.key for row in addressees([invitation])]
    mails = OutgoingMail.objects.filter(kind=summit_emails.NOTED, recipient_key__in=keys)
    return mails.filter(created_at__gte=reply.given_at).exclude(state=MailState.PENDING).exists()
