"""The rule of places: who has one, who waits, who is next. Questions only; the verbs are in `meetings.actions`.

On site and online have places and a waiting list of their own. Whoever takes a place holds it, an offered one too. Next
is the lowest number that may have one: with places per municipality, further persons of it wait until the day that
staff set. Nothing here takes a lock: whoever acts on an answer holds the row of the meeting.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.utils import timezone

from core.dates import today
from meetings.models import AgendaItem, Choice, Meeting, Mode, Registration, RegistrationState
from meetings.models.registrations import HOLDING, OFFER_LASTS


def free(meeting: Meeting, mode: str) -> int | None:
    """Return how many places are left, never less than none; None without limit."""
    seats = meeting.seats(mode)
    if seats is None:
        return None
    return max(0, seats - meeting.registrations.holding().filter(mode=mode).count())


def next_in_line(meeting: Meeting, mode: str) -> Registration | None:
    """Return who gets the next free place; None if nobody waits who may have one."""
    waiting = meeting.registrations.waiting().filter(mode=mode).select_related("person", "municipality")
    return waiting.exclude(municipality__in=full_bodies(meeting)).first()


def full_bodies(meeting: Meeting) -> list[int]:
    """Return the municipalities that have all their places, as long as further persons of them wait; by key."""
    if meeting.seats_per_body is None or _more_allowed(meeting):
        return []
    held = meeting.registrations.holding().exclude(municipality=None).order_by().values("municipality")
    return [row["municipality"] for row in held.annotate(count=Count("pk")).filter(count__gte=meeting.seats_per_body)]


def _more_allowed(meeting: Meeting) -> bool:
    return meeting.more_per_body_from is not None and meeting.more_per_body_from <= today()


def only_offered(meeting: Meeting) -> bool:
    """Whether it is too late to give anybody a place unasked."""
    return timezone.now() >= meeting.offers_from


def offer_ends(meeting: Meeting) -> datetime.datetime:
    """Return until when a place offered now is held: 24 hours, at most until the meeting begins."""
    return min(timezone.now() + OFFER_LASTS, meeting.begins_at)


def item_for(choice: Choice) -> AgendaItem | None:
    """Return what a choice gets of the parallel items: the first wish, else the second, else none."""
    wishes = [item for item in (choice.first, choice.second) if item is not None]
    return next((item for item in wishes if _has_room(item, choice)), None)


def full_items(meeting: Meeting) -> set[int]:
    """Return the items of the programme that take nobody any more, by key and in one query."""
    holding = Q(given_to__registration__state__in=HOLDING)
    limited = meeting.agenda.exclude(seats=None).annotate(taken=Count("given_to", filter=holding)).order_by()
    return set(limited.filter(taken__gte=F("seats")).values_list("pk", flat=True))


def _has_room(item: AgendaItem, choice: Choice) -> bool:
    given = Choice.objects.filter(given=item, registration__state__in=HOLDING).exclude(pk=choice.pk)
    return item.seats is None or given.count() < item.seats


@dataclass(frozen=True)
class Line:
    """How one mode of a meeting stands. seats: None without limit; last: the last number given in its list."""

    mode: str
    label: str
    seats: int | None
    registered: int
    offered: int
    waiting: int
    unconfirmed: int
    last: int

    @property
    def held(self) -> int:
        return self.registered + self.offered

    @property
    def free(self) -> int | None:
        return None if self.seats is None else max(0, self.seats - self.held)

    @property
    def is_full(self) -> bool:
        """Whether somebody who registers now would wait. Who waits beside a free place is only a further person."""
        return self.free == 0

    def has_room_for(self, row: Registration) -> bool:
        """Whether somebody at the end of the list may have a place: one is free, and her municipality has not all."""
        return not self.is_full and row.municipality_id not in full_bodies(row.meeting)


def lines(meeting: Meeting) -> list[Line]:
    """Return how each mode of the meeting stands, by one query."""
    counts = meeting.registrations.counts()
    used = {*meeting.modes, *(mode for mode, _ in counts)}
    return [_line(meeting, mode, counts) for mode in Mode if mode in used]


def are_full(lines: Iterable[Line]) -> bool:
    """Return whether whoever registers now would wait, in whichever mode."""
    return all(line.is_full for line in lines)


def next_number(meeting: Meeting, mode: str) -> int:
    """Return the number that comes next in the list of a mode: max + 1, and never one that was given before."""
    return 1 + max((line.last for line in lines(meeting) if line.mode == mode), default=0)


def _line(meeting: Meeting, mode: Mode, counts: dict[tuple[str, str], tuple[int, int]]) -> Line:
    states = {state: counts.get((mode, state), (0, 0)) for state in RegistrationState}
    count = {state: number for state, (number, _) in states.items()}
    return Line(
        mode=mode,
        label=mode.label,
        seats=meeting.seats(mode),
        registered=count[RegistrationState.REGISTERED],
        offered=count[RegistrationState.OFFERED],
        waiting=count[RegistrationState.WAITING],
        unconfirmed=count[RegistrationState.UNCONFIRMED],
        last=max(last for _, last in states.values()),
    )
