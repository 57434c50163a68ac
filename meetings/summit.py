"""Questions about a summit: whom to invite, where the gaps are, how the answers stand, and in which order."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch, Q

from core.models import Bounce
from meetings.models import Answer, Invitation, Meeting, Registration, Reply, Way
from members.models import (
    CandidacyStage,
    ContactPerson,
    HeadOfAdministration,
    Municipality,
    OuterOffice,
    Person,
)
from members.models.municipalities import MunicipalityQuerySet

# Of the board's groups, in the order in which the office reads them.
OPEN = ""
GROUPS = (
    (Answer.COMES, "Zugesagt"),
    (Answer.DEPUTY, "Vertretung"),
    (Answer.DECLINES, "Abgesagt"),
    (OPEN, "Offen"),
)


@dataclass(frozen=True)
class Guest:
    """A body that belongs in the list: who leads it on the day, who keeps the door, whom to call."""

    municipality: Municipality
    head: HeadOfAdministration | None
    doors: list[Person]
    contacts: list[ContactPerson]
    invitation: Invitation | None = None
    # Whether her own address gets no mail any more, for too much came back.
    is_stopped: bool = False

    @property
    def by_letter(self) -> bool:
        """Whether the invitation goes on paper: she wants it so, or no mail reaches her."""
        if self.head is None:
            return False
        return self.head.wants_letters or not self.head.person.email or self.is_stopped

    @property
    def person_gaps(self) -> list[str]:
        """What is missing about her for a mail or a letter, in sentences for the office."""
        back = ["E-Mails an sie kommen zurück – prüfen Sie die Adresse der Person."] if self.is_stopped else []
        return [*self.head.person_gaps, *back] if self.head else []

    @property
    def body_gaps(self) -> list[str]:
        """What is missing about the body: its address, if the invitation goes on paper."""
        return self.head.body_gaps if self.head and self.by_letter else []


@dataclass(frozen=True)
class Guests:
    """All bodies of the list. to_invite: with a head whom no invitation has reached; headless: nobody to invite."""

    everyone: list[Guest] = field(default_factory=list)

    @cached_property
    def to_invite(self) -> list[Guest]:
        return [guest for guest in self.everyone if guest.head and not guest.invitation]

    @cached_property
    def headless(self) -> list[Guest]:
        return [guest for guest in self.everyone if guest.head is None]

    @property
    def letters(self) -> int:
        return sum(guest.by_letter for guest in self.to_invite)


def guests(meeting: Meeting) -> Guests:
    """Return the heads of members and of bodies that apply, in protocol order, then those without one.

    Who leads a body on the day of the meeting counts. A fixed number of queries.
    """
    heads = HeadOfAdministration.objects.on(meeting.day).filter(municipality__in=_bodies().values("pk"))
    by_body = {head.municipality_id: head for head in heads.select_related("person").in_protocol_order()}
    sent = {(row.person_id, row.municipality_id): row for row in meeting.invitations.sent()}
    stopped = Bounce.objects.all_stopped()
    bodies = _bodies().prefetch_related(*_people())
    rows = {row.pk: _guest(row, by_body.get(row.pk), sent, stopped) for row in bodies}
    led = [rows.pop(body) for body in by_body]
    return Guests([*led, *rows.values()])


def _bodies() -> MunicipalityQuerySet:
    applying = Municipality.objects.candidates(CandidacyStage.APPLYING).values("pk")
    members = Municipality.objects.members().values("pk")
    return Municipality.objects.filter(Q(pk__in=members) | Q(pk__in=applying), successor=None)


def _people() -> tuple[Prefetch, Prefetch]:
    """Who keeps the door, and who answers for the body today."""
    doors = OuterOffice.objects.on().select_related("person")
    contacts = ContactPerson.objects.on().select_related("person")
    return (
        Prefetch("outer_offices", doors, to_attr="doors_today"),
        Prefetch("contacts", contacts, to_attr="contacts_today"),
    )


def _guest(
    body: Municipality,
    head: HeadOfAdministration | None,
    sent: dict[tuple[int, int | None], Invitation],
    stopped: frozenset[str],
) -> Guest:
    doors, contacts = ([*getattr(body, name)] for name in ("doors_today", "contacts_today"))
    if head is not None:
        head.municipality = body
    invitation = sent.get((head.person_id, body.pk)) if head else None
    persons = [row.person for row in doors if head is None or row.person_id != head.person_id]
    return Guest(body, head, persons, contacts, invitation, head is not None and head.person.email in stopped)


# --- how the answers stand ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """An invitation on the board. head: None if she does not lead the body any more, and then she cannot answer."""

    invitation: Invitation
    guest: Guest | None

    @property
    def head(self) -> HeadOfAdministration | None:
        return self.guest.head if self.guest else None

    @property
    def reply(self) -> Reply | None:
        return getattr(self.invitation, "reply", None)

    @property
    def ways(self) -> tuple[tuple[str, str], ...]:
        """How staff hear of an answer, for the buttons beside it."""
        return ((Way.PHONE, "Telefon"), (Way.LETTER, "Brief"))


@dataclass(frozen=True)
class Board:
    """All invitations to a summit, by answer; left: of persons who do not lead the body any more."""

    rows: list[Row]
    left: list[Row]
    guests: Guests

    @cached_property
    def groups(self) -> list[tuple[str, str, list[Row]]]:
        """Each answer as a word for anchors, with its label and its rows in protocol order."""
        return [
            (answer or "offen", label, [row for row in self.rows if row.invitation.answer == answer])
            for answer, label in GROUPS
        ]

    @property
    def silent(self) -> list[Row]:
        return [row for row in self.rows if not row.invitation.answer]


def board(meeting: Meeting) -> Board:
    """Return how a summit stands, in protocol order; a fixed number of queries."""
    everyone = guests(meeting)
    sent = {row.pk: row for row in meeting.invitations.sent().for_summit()}
    rows = [Row(sent.pop(guest.invitation.pk), guest) for guest in everyone.everyone if guest.invitation]
    rest = [Row(row, None) for row in sent.values()]
    # Whose body has left the network meanwhile is still invited; only who lost the office is not.
    rows += [row for row in rest if row.invitation.in_office]  # type: ignore[attr-defined]
    return Board(rows, [row for row in rest if not row.invitation.in_office], everyone)  # type: ignore[attr-defined]


def letters(meeting: Meeting) -> list[tuple[Invitation, HeadOfAdministration]]:
    """Return the invitations that go on paper, each with the head as she is now, in protocol order."""
    rows = [row for row in board(meeting).rows if row.invitation.by_letter and row.head]
    return [(row.invitation, row.head) for row in rows if row.head]


# --- protocol -----------------------------------------------------------------------------------------------------


def in_protocol_order(meeting: Meeting, rows: Iterable[Registration]) -> list[Registration]:
    """Return places in the order in which a summit names them, with `office` set: a deputy stands where her head
    would, who comes for no body stands last, by name."""
    heads = HeadOfAdministration.objects.on(meeting.day).in_protocol_order()
    places: dict[int, int] = {}
    titles: dict[tuple[int, int], str] = {}
    for place, (body, person, title) in enumerate(heads.values_list("municipality", "person", "office_title")):
        places[body], titles[person, body] = place, title
    last = len(places)
    sorted_rows = sorted(rows, key=lambda row: (places.get(row.municipality_id or 0, last), row.person.sort_key))
    for row in sorted_rows:
        reply = getattr(row, "reply", None)
        deputy = reply.deputy_office if reply and reply.deputy_id == row.person_id else ""
        row.office = titles.get((row.person_id, row.municipality_id or 0), deputy)
    return sorted_rows
