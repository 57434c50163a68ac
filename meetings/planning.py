"""Verbs of meetings: saving, announcing, calling off, copying last time's, inviting, telling those concerned."""

import datetime
import re
import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.actions import queue_batch
from core.dates import MONTHS
from core.models import Batch
from meetings import actions, emails, filling, summit_inviting
from meetings.models import AgendaItem, Choice, Invitation, Meeting, MeetingState
from members.models import ContactPerson, Municipality, Person
from users.models import User

# What an entry in a calendar shows of a meeting: a change of it makes a new version of the entry.
_IN_CALENDAR = ("title", "day", "begin_time", "last_day", "end_time", "venue", "place", "street", "town", "online_link")
# A date or a year in running text, which copying does not change.
_DATES = re.compile(rf"\d{{1,2}}\.\s?(?:\d{{1,2}}\.|{'|'.join(MONTHS)})(?:\s?\d{{2,4}})?|\b20\d\d\b")
_SATURDAY = 5
CLOSED = "Kündigen Sie den Termin zuerst an, oder verlängern Sie den Anmeldeschluss."


@transaction.atomic
def save(meeting: Meeting) -> None:
    """Store a meeting as a form has changed it. What its calendar entry shows raises the entry's version; more places
    are given to those who wait, fewer throw nobody out."""
    before = Meeting.objects.select_for_update(of=("self",)).filter(pk=meeting.pk).first()
    if before is not None:
        meeting.fill_in()
        if any(getattr(before, name) != getattr(meeting, name) for name in _IN_CALENDAR):
            meeting.sequence = before.sequence + 1
        if before.day != meeting.day:
            meeting.reminded_week_at = meeting.reminded_day_at = None
    meeting.save()
    actions.fill(meeting)


@transaction.atomic
def announce(meeting: Meeting) -> None:
    """Make a draft visible to those for whom it is; ValidationError if it is called off."""
    meeting = filling.locked(meeting)
    if meeting.is_announced:
        return
    if meeting.is_cancelled:
        raise ValidationError(actions.CANCELLED)
    meeting.state, meeting.announced_at = MeetingState.ANNOUNCED, timezone.now()
    meeting.save()


@transaction.atomic
def call_off(meeting: Meeting, *, reason: str, by: User | None) -> Batch | None:
    """Call a meeting off and tell all who have a place or wait, of a summit also who is invited.

    None if that is nobody. A second time does nothing.
    """
    meeting = filling.locked(meeting)
    if meeting.is_cancelled:
        return None
    meeting.state, meeting.cancelled_at, meeting.cancel_reason = MeetingState.CANCELLED, timezone.now(), reason
    meeting.sequence += 1
    meeting.told_sequence = meeting.sequence
    meeting.save()
    return _tell(meeting, emails.CALLED_OFF, "Abgesagt", by)


@transaction.atomic
def tell_change(meeting: Meeting, *, by: User | None) -> Batch | None:
    """Tell all who have a place or wait what time and place are now; None if that is nobody or they know already."""
    meeting = filling.locked(meeting)
    if meeting.told_sequence == meeting.sequence or not meeting.is_announced:
        return None
    meeting.told_sequence = meeting.sequence
    meeting.save()
    return _tell(meeting, emails.CHANGED, "Geändert", by)


def _tell(meeting: Meeting, kind: str, what: str, by: User | None) -> Batch | None:
    """Tell all who have a place or wait. To a summit heads are invited: they and their outer offices read it in a mail
    of their own, also without an answer, deputies as everybody with a place."""
    rows, told = meeting.registrations.concerned(), None
    if meeting.is_summit:
        tell = summit_inviting.tell_called_off if kind == emails.CALLED_OFF else summit_inviting.tell_change
        told = tell(meeting, by=by)
        rows = rows.exclude(person__in=meeting.invitations.sent().values("person"))
    recipients = emails.recipients(rows.select_related("person"))
    title = f"{what}{' (Vertretungen)' if told else ''}: {meeting}"
    others = queue_batch(kind, recipients, title=title, by=by) if recipients else None
    return told or others


@transaction.atomic
def thank(meeting: Meeting, *, by: User | None) -> Batch:
    """Thank those who were there; ValidationError if nobody is checked in or the meeting is not over."""
    meeting = filling.locked(meeting)
    if not meeting.is_over:
        raise ValidationError("Danken Sie nach dem Termin: Er ist noch nicht vorbei.")
    if meeting.is_thanked:
        raise ValidationError("Der Dank ist schon hinausgegangen.")
    rows = meeting.registrations.registered().exclude(present_at=None).select_related("person")
    meeting.thanks = queue_batch(emails.THANKS, emails.recipients(rows), title=f"Dank: {meeting}", by=by)
    meeting.save()
    return meeting.thanks


@transaction.atomic
def invite(meeting: Meeting, contacts: QuerySet[ContactPerson], *, by: User | None) -> Batch:
    """Invite these contact persons by one batch of personal links; who is invited or registered already is left out.

    ValidationError (German) if nobody is left, or if the meeting takes nobody.
    """
    meeting = filling.locked(meeting)
    guests = [(contact.person, contact.municipality) for contact in invitable(meeting, contacts)]
    return invite_persons(meeting, guests, title=f"Einladung: {meeting}", by=by)


@transaction.atomic
def invite_persons(
    meeting: Meeting,
    guests: Iterable[tuple[Person, Municipality | None]],
    *,
    title: str,
    by: User | None,
    kind: str = emails.INVITATION,
    data: dict[str, Any] | None = None,
) -> Batch:
    """Invite these persons, each for her body, by one batch of personal links; whoever is known already is left out.

    kind, data: another mail that bears the links (it finds the invitation in its row, see `emails.invitation_of`).
    ValidationError (German) if nobody is left, or if the meeting takes nobody.
    """
    meeting = filling.locked(meeting)
    if not meeting.takes_more:
        raise ValidationError(CLOSED)
    known = known_to(meeting)
    chosen = {person.pk: (person, body) for person, body in guests if person.email and person.pk not in known}
    if not chosen:
        raise ValidationError("Wählen Sie andere aus: Alle sind schon eingeladen oder angemeldet.")
    meeting.invitations.never_sent().delete()
    rows = [Invitation(meeting=meeting, person=person, municipality=body) for person, body in chosen.values()]
    for row in rows:
        row.save()
    recipients = [emails.invitation_recipient(row, data or {}) for row in rows]
    batch = queue_batch(kind, recipients, title=title, by=by)
    Invitation.objects.filter(pk__in=[row.pk for row in rows]).update(batch=batch)
    return batch


def known_to(meeting: Meeting) -> set[int]:
    """Return the numbers of the persons who are invited or in the list already. Whoever a batch would have invited, had
    it not been taken back, counts as not invited."""
    invited = meeting.invitations.exclude(pk__in=meeting.invitations.never_sent().values("pk"))
    known = set(invited.values_list("person", flat=True))
    return known | set(meeting.registrations.concerned().values_list("person", flat=True))


def invitable(meeting: Meeting, contacts: QuerySet[ContactPerson]) -> list[ContactPerson]:
    """Return of these contact persons whom an invitation can reach and has not reached yet, each person once."""
    reachable = (
        contacts.exclude(person__in=known_to(meeting))
        .exclude(person__email="")
        .select_related("person", "municipality")
    )
    return list({contact.person_id: contact for contact in reversed(list(reachable))}.values())[::-1]


@transaction.atomic
def save_item(item: AgendaItem, *, speakers: Collection[Person], bodies: Collection[Municipality]) -> None:
    """Store an item as a form has changed it, with who of the portal speaks and which municipalities contribute."""
    item.save()
    item.speakers.set(speakers)
    item.bodies.set(bodies)


@transaction.atomic
def remove_item(item: AgendaItem) -> None:
    """Take an item out of the programme; ValidationError if somebody in the list has chosen it."""
    filling.locked(item.meeting)
    count = Choice.objects.filter(Q(first=item) | Q(second=item) | Q(given=item)).count()
    if count:
        who = "eine Person hat" if count == 1 else f"{count} Personen haben"
        raise ValidationError(f"Ändern Sie den Punkt, statt ihn zu entfernen: {who} ihn gewählt.")
    item.delete()


# --- as last time -------------------------------------------------------------------------------------------------


@transaction.atomic
def copy(meeting: Meeting, *, day: datetime.date) -> Meeting:
    """Make a draft like this meeting on another day, with its programme; nobody is invited or registered.

    All other dates keep their distance; one that falls on a weekend, where the model's did not, becomes the Friday
    before. The online link is not taken over: it belongs to last time.
    """
    distance = day - meeting.day
    new = Meeting.objects.get(pk=meeting.pk)
    new.pk, new.uid, new.slug, new.online_link = None, uuid.uuid4(), "", ""
    new._state.adding = True
    new.state, new.copied_from, new.thanks = MeetingState.DRAFT, meeting, None
    new.announced_at = new.cancelled_at = new.reminded_week_at = new.reminded_day_at = None
    new.cancel_reason, new.sequence, new.told_sequence = "", 0, 0
    new.day, new.last_day = day, meeting.last_day + distance
    for name in ("register_until", "more_per_body_from"):
        setattr(new, name, _moved(getattr(meeting, name), distance))
    new.save()
    new.topics.set(meeting.topics.all())
    for item in meeting.agenda.prefetch_related("speakers", "bodies"):
        speakers, bodies = list(item.speakers.all()), list(item.bodies.all())
        item.pk, item.meeting = None, new
        item._state.adding = True
        item.save()
        item.speakers.set(speakers)
        item.bodies.set(bodies)
    return new


def _moved(day: datetime.date | None, distance: datetime.timedelta) -> datetime.date | None:
    if day is None:
        return None
    moved = day + distance
    if moved.weekday() < _SATURDAY or day.weekday() >= _SATURDAY:
        return moved
    return moved - datetime.timedelta(days=moved.weekday() - _SATURDAY + 1)


def to_check(meeting: Meeting) -> list[str]:
    """Return what a draft made after last time's should be looked at for: German sentences."""
    if meeting.copied_from is None or meeting.state != MeetingState.DRAFT:
        return []
    found = [
        f"{Meeting._meta.get_field(name).verbose_name}: Dort steht „{date}“."  # type: ignore[union-attr]
        for name in ("title", "summary", "description", "access_note")
        for date in dict.fromkeys(_DATES.findall(getattr(meeting, name)))
    ]
    for item in meeting.agenda.prefetch_related("speakers"):
        found += [
            f"Programm, „{item.title}“: Dort steht „{date}“." for date in dict.fromkeys(_DATES.findall(item.text))
        ]
        if names := ", ".join(filter(None, [*(person.name for person in item.speakers.all()), item.speaker_text])):
            found.append(f"Programm, „{item.title}“: Wirken diese Personen wieder mit? {names}")
    if meeting.venue != "online":
        found.append(f"Ort: Ist „{meeting.address or meeting.where}“ an dem Tag frei?")
    if meeting.venue != "on_site":
        found.append("Tragen Sie den neuen Link zur Teilnahme online ein.")
    if meeting.host:
        found.append(f"Gastgebend: Lädt {meeting.host.name} wieder ein?")
    if meeting.register_until:
        found.append(f"Anmeldeschluss: {meeting.register_until:%d.%m.%Y}")
    return found
