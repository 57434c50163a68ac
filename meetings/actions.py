"""Verbs of places: register, confirm, cancel, move, offer, accept, check in.

Each holds the row of the meeting for as long as it lasts, so places are given one after the other, whoever presses at
the same moment. After each of them nobody waits who could have a place (`meetings.filling`). What somebody asks for
twice is done once; the second time she gets the same answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core.merging import counts as pointing_to
from meetings import emails, filling, places
from meetings.models import AgendaItem, Choice, Invitation, Meeting, Registration, RegistrationState
from members.models import Municipality, Person

CLOSED = "Die Anmeldung ist geschlossen."
CANCELLED = "Dieser Termin ist abgesagt."
BEGUN = "Der Termin hat schon begonnen."
OFFER_LAPSED = "Der angebotene Platz ist inzwischen vergeben: Die Frist von 24 Stunden ist vorbei."
OTHER_MODE = "Wählen Sie eine andere Art der Teilnahme: So findet der Termin nicht statt."
NOT_IN_LIST = "Sie haben abgesagt. Melden Sie sich zuerst wieder an."
FULL = "Dort ist kein Platz frei. Sie behalten Ihren Platz."


@dataclass(frozen=True)
class Details:
    """What somebody says with her registration. choices: of each round of parallel items, first and second wish."""

    access_needs: str = ""
    food: str = ""
    is_listed: bool = False
    topic_wish: str = ""
    choices: Mapping[int, tuple[AgendaItem, AgendaItem | None]] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("access_needs", "food", "is_listed", "topic_wish")}


@transaction.atomic
def register(
    meeting: Meeting,
    *,
    person: Person,
    mode: str,
    municipality: Municipality | None = None,
    details: Details | None = None,
    registered_by: Person | None = None,
    by_staff: bool = False,
    over_limit: bool = False,
) -> Registration:
    """Give a person a place or, if there is none, the next number of the waiting list; who is in it stays as she is.

    person: stored or new. by_staff: also when the deadline is over. over_limit: a place even if all are taken.
    ValidationError (German) if the meeting takes nobody any more or is not held in this mode.
    """
    meeting = filling.locked(meeting)
    _check_open(meeting, mode, by_staff=by_staff)
    if person.pk is None:
        person.full_clean()
        person.save()
    row = meeting.registrations.filter(person=person).first()
    if row is not None and row.is_active:
        return row
    row = row or Registration(meeting=meeting, person=person)
    row.mode, row.municipality, row.registered_by = mode, municipality, registered_by
    row.created_at, row.present_at = timezone.now(), None
    return _enter(row, details or Details(), over_limit=over_limit)


@transaction.atomic
def register_guest(meeting: Meeting, *, person: Person, mode: str, details: Details | None = None) -> Registration:
    """Take in a guest who must confirm her address first; she holds no place until then. A second time sends the mail
    again. ValidationError as `register`.

    person: stored or new; one of this name and address is not stored twice.
    """
    meeting = filling.locked(meeting)
    _check_open(meeting, mode)
    known = Person.objects.known_as(person)
    if known is None:
        person.full_clean()
        person.save()
        known = person
    row = meeting.registrations.filter(person=known).first()
    if row is None or row.is_cancelled or row.is_unconfirmed:
        row = row or Registration(meeting=meeting, person=known)
        row.mode, row.state, row.number, row.created_at = mode, RegistrationState.UNCONFIRMED, None, timezone.now()
        row.cancelled_at = row.present_at = row.offered_until = None
        _store(row, details or Details())
    # To who is registered already this mail says so, and the page says the same to everybody.
    emails.guest_confirmation(row)
    return row


@transaction.atomic
def confirm(registration: Registration) -> Registration:
    """Let a guest have her place or number, now that she has answered the mail; ValidationError if it is too late."""
    meeting = filling.locked(registration.meeting)
    row = filling.current(registration)
    if not row.is_unconfirmed:
        return row
    if row.confirm_until <= timezone.now():
        raise ValidationError(filling.LAPSED)
    _check_open(meeting, row.mode)
    row.meeting = meeting
    return _enter(row, None)


def _check_open(meeting: Meeting, mode: str, *, by_staff: bool = False) -> None:
    if meeting.is_cancelled:
        raise ValidationError(CANCELLED)
    if meeting.has_begun and not by_staff:
        raise ValidationError(BEGUN)
    if not (meeting.takes_more or by_staff):
        raise ValidationError(CLOSED)
    if mode not in meeting.modes:
        raise ValidationError(OTHER_MODE)


def _enter(row: Registration, details: Details | None, *, over_limit: bool = False) -> Registration:
    """Put a row at the end of its list, with a place if one is free for her after all who wait."""
    # Many press at the same moment and each holds the lock: as few questions as possible.
    meeting, is_new = row.meeting, row.pk is None
    line = next(line for line in filling.fill(meeting) if line.mode == row.mode)
    row.number = line.last + 1
    has_place = over_limit or line.has_room_for(row)
    row.state = RegistrationState.REGISTERED if has_place else RegistrationState.WAITING
    row.cancelled_at = row.offered_until = None
    if details is None:
        row.save()
    else:
        _store(row, details)
    if has_place and not (is_new and details and not details.choices):
        filling.give_items(row)
    if not meeting.has_begun:  # whom the office adds afterwards from the paper of that day knows it
        (emails.registered if has_place else emails.waiting)(row)
    return row


def _store(row: Registration, details: Details) -> None:
    is_new = row.pk is None
    for name, value in details.fields.items():
        setattr(row, name, value)
    row.clean_fields(exclude=["meeting", "person", "municipality", "registered_by"])
    row.save()
    if not is_new:
        row.choices.all().delete()
    wishes = sorted(details.choices.items())
    Choice.objects.bulk_create(
        Choice(registration=row, choice_round=number, first=first, second=second) for number, (first, second) in wishes
    )


@transaction.atomic
def cancel(registration: Registration) -> bool:
    """Take a person off the list and let the next in order have her place; answer whether she was on it.

    ValidationError if the meeting has begun.
    """
    meeting = filling.locked(registration.meeting)
    row = filling.current(registration)
    if row.is_cancelled:
        return False
    if meeting.has_begun:
        raise ValidationError(f"{BEGUN} Wenden Sie sich bitte an die Geschäftsstelle.")
    told = row.is_active
    filling.strike(row)
    if told:
        emails.unregistered(row)
    filling.fill(meeting)
    return True


@transaction.atomic
def accept(registration: Registration) -> Registration:
    """Make an offered place hers; ValidationError if the offer has lapsed."""
    filling.locked(registration.meeting)
    row = filling.current(registration)
    if row.has_place:
        return row
    if row.meeting.is_cancelled:
        raise ValidationError(CANCELLED)
    if not row.is_offered or row.offer_is_over:
        raise ValidationError(OFFER_LAPSED)
    row.state, row.offered_until = RegistrationState.REGISTERED, None
    row.save()
    filling.give_items(row)
    emails.registered(row)
    return row


@transaction.atomic
def move(registration: Registration, *, mode: str, by_staff: bool = False) -> Registration:
    """Let a person take part in the other way; she gets the end of that list and never loses a place for it.

    Either way she is told by mail. ValidationError if she has a place and there is none, or if the meeting has begun.
    """
    meeting = filling.locked(registration.meeting)
    lines = {line.mode: line for line in filling.fill(meeting)}
    row = filling.current(registration)
    if row.mode == mode:
        return row
    _check_may_change(row, by_staff=by_staff)
    if mode not in meeting.modes:
        raise ValidationError(OTHER_MODE)
    line = lines[mode]
    row.mode, row.number = mode, line.last + 1
    if row.is_waiting:
        return _waits_elsewhere(row)
    if line.is_full and not by_staff:
        raise ValidationError(FULL)
    was_offered = row.is_offered
    row.state, row.offered_until = RegistrationState.REGISTERED, None
    row.save()
    if was_offered:
        filling.give_items(row)
    emails.registered(row)
    filling.fill(meeting)
    return row


def _waits_elsewhere(row: Registration) -> Registration:
    row.save()
    filling.fill(row.meeting)
    row = filling.current(row)
    if row.is_waiting:
        emails.waiting(row)
    return row


def _check_may_change(row: Registration, *, by_staff: bool = False) -> None:
    if row.meeting.is_cancelled:
        raise ValidationError(CANCELLED)
    if row.meeting.has_begun and not by_staff:
        raise ValidationError(BEGUN)
    if not row.is_active:
        raise ValidationError(NOT_IN_LIST)


@transaction.atomic
def give_place(registration: Registration) -> Registration:
    """Staff give somebody who waits a place, out of turn and even beyond the number of places."""
    filling.locked(registration.meeting)
    row = filling.current(registration)
    if not (row.is_waiting or row.is_offered):
        return row
    row.state, row.offered_until = RegistrationState.REGISTERED, None
    row.save()
    filling.give_items(row)
    emails.moved_up(row)
    return row


@transaction.atomic
def change_details(registration: Registration, details: Details) -> Registration:
    """Store what somebody says differently now, with her wishes among parallel items (`filling.choose`).

    ValidationError if she is not in the list any more, or if the meeting has begun.
    """
    filling.locked(registration.meeting)
    row = filling.current(registration)
    _check_may_change(row)
    for name, value in details.fields.items():
        setattr(row, name, value)
    row.clean_fields(exclude=["meeting", "person", "municipality", "registered_by"])
    row.save()
    filling.choose(row, details.choices)
    return row


@transaction.atomic
def change(registration: Registration, *, mode: str, details: Details) -> Registration:
    """Store what somebody says differently now and how she takes part: both, or with a ValidationError nothing."""
    return move(change_details(registration, details), mode=mode)


@transaction.atomic
def check_in(registration: Registration, *, is_present: bool = True) -> bool:
    """Note that somebody is there, or take it back; answer whether anything changed.

    Whom staff let in without a place takes part, so she has one from then on.
    """
    filling.locked(registration.meeting)
    row = filling.current(registration)
    if row.was_present == is_present:
        return False
    row.present_at = timezone.now() if is_present else None
    if is_present and not row.has_place:
        row.number = row.number or places.next_number(row.meeting, row.mode)
        row.state, row.offered_until, row.cancelled_at = RegistrationState.REGISTERED, None, None
    row.save()
    return True


@transaction.atomic
def decline(invitation: Invitation) -> bool:
    """Note that an invited person does not come; a registration of hers is cancelled. Answer whether that is new."""
    row = Registration.objects.filter(meeting=invitation.meeting_id, person=invitation.person_id).first()
    if row is not None:
        cancel(row)
    return bool(Invitation.objects.filter(pk=invitation.pk, declined_at=None).update(declined_at=timezone.now()))


def ask_again(invitation: Invitation) -> None:
    """Take back that somebody declined: she is invited as before. A place she had given up stays given up."""
    Invitation.objects.filter(pk=invitation.pk).update(declined_at=None)


# --- moving up ----------------------------------------------------------------------------------------------------


@transaction.atomic
def fill(meeting: Meeting) -> None:
    """Give free places to those who wait: after a change of the numbers, or when a day has come."""
    filling.fill(filling.locked(meeting))


def keep_moving() -> None:
    """What the clock does: let lapsed offers pass on, forget who never confirmed, and move up whose day has come."""
    for row in Registration.objects.lapsed_offers().select_related("meeting"):
        lapse(row)
    forget_unconfirmed()
    for meeting in Meeting.objects.taking_place().coming().filter(registrations__state="waiting").distinct():
        fill(meeting)


@transaction.atomic
def lapse(registration: Registration) -> bool:
    """Let an offer that nobody accepted in time pass on, and tell who had it; answer whether it did.

    Once the meeting has begun nobody is told: there is nothing left to do about it.
    """
    meeting = filling.locked(registration.meeting)
    row = filling.current(registration)
    if not row.is_offered or not row.offer_is_over:
        return False
    filling.strike(row, let_pass=True)
    if not meeting.has_begun:
        emails.offer_lapsed(row)
    filling.fill(meeting)
    return True


def forget_unconfirmed() -> int:
    """Delete what guests did not confirm within 48 hours, and the guest if she is nothing else; return how many."""
    rows = list(Registration.objects.never_confirmed().select_related("person", "meeting"))
    return sum(_forget(row) for row in rows)


@transaction.atomic
def _forget(registration: Registration) -> bool:
    filling.locked(registration.meeting)
    row = Registration.objects.never_confirmed().filter(pk=registration.pk).first()
    if row is None:
        return False
    person = row.person
    row.choices.all().delete()
    Registration.history.filter(id=row.pk).delete()
    Registration.objects.filter(pk=row.pk)._raw_delete(using="default")
    if person.user_id is None and not pointing_to(person):
        Person.history.filter(id=person.pk).delete()
        Person.objects.filter(pk=person.pk)._raw_delete(using="default")
    return True
