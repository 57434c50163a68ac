"""Who an audience is today: names by body without doubles, and who is left out and why. A fixed number of queries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.dates import today
from core.models import Bounce
from declarations.models import Signature
from mailings.models import Group, Mailing, OptOut, Signing
from meetings import planning
from meetings.models import Invitation, Meeting, Registration
from members.models import ContactPerson, HeadOfAdministration, Municipality, Person

NO_ADDRESS = "keine E-Mail-Adresse"
STOPPED = "E-Mails an diese Adresse kommen nicht an"
UNSUBSCRIBED = "hat diese Informationen abbestellt"
BY_HAND = "von Hand ausgenommen"
KNOWN = "schon eingeladen oder angemeldet"
SAME_ADDRESS = "liest dasselbe Postfach wie {name}"


@dataclass
class Reader:
    """One person of an audience with the bodies for which she is in it; a guest has none."""

    person: Person
    bodies: list[Municipality] = field(default_factory=list)

    @property
    def body(self) -> Municipality | None:
        return self.bodies[0] if self.bodies else None

    @property
    def body_name(self) -> str:
        return ", ".join(body.name for body in self.bodies) or self.person.organisation

    @property
    def order(self) -> tuple[bool, str, str]:
        """By body as lists sort it; guests come last."""
        return self.body is None, self.body.sort_key if self.body else "", self.person.sort_key


@dataclass(frozen=True)
class LeftOut:
    """Somebody whom the facts mean and who gets nothing. reason: German."""

    reader: Reader
    reason: str

    @property
    def by_hand(self) -> bool:
        return self.reason == BY_HAND


@dataclass(frozen=True)
class Selection:
    """Whom a mailing reaches now, by body, and who is left out."""

    readers: list[Reader]
    left_out: list[LeftOut]

    @property
    def count(self) -> int:
        return len(self.readers)

    @property
    def number(self) -> str:
        return str(self.count)

    @property
    def bodies(self) -> int:
        return len({body.pk for reader in self.readers for body in reader.bodies})

    @property
    def in_words(self) -> str:
        """ "127 Personen aus 101 Kommunen"; "Niemand" for nobody."""
        if not self.count:
            return "Niemand"
        persons = "Eine Person" if self.count == 1 else f"{self.count} Personen"
        bodies = {0: "", 1: " aus einer Kommune"}.get(self.bodies, f" aus {self.bodies} Kommunen")
        return persons + bodies


def select(mailing: Mailing) -> Selection:
    """Return whom the mailing reaches at this moment; an empty audience is nobody."""
    found = _found(mailing)
    reasons = _reasons(mailing, list(found.values()))
    readers: list[Reader] = []
    left_out: list[LeftOut] = []
    mailboxes: dict[str, str] = {}
    for reader in sorted(found.values(), key=lambda reader: reader.order):
        person = reader.person
        reason = reasons.get(person.pk) or ("" if person.email else NO_ADDRESS)
        # Information goes once to an address; a link that answers in a person's name goes to her.
        if not reason and not mailing.invites_to_id and person.email in mailboxes:
            reason = SAME_ADDRESS.format(name=mailboxes[person.email])
        if reason:
            left_out.append(LeftOut(reader, reason))
        else:
            mailboxes[person.email] = person.name
            readers.append(reader)
    return Selection(readers, left_out)


def colleagues_of(person: Person, mailing: Mailing) -> list[ContactPerson]:
    """Return who else answers today for the bodies for which a reader of the mailing did when it went out.

    Each person once, and only whom an e-mail can reach.
    """
    then = timezone.localdate(mailing.sent_at) if mailing.sent_at else today()
    contacts = ContactPerson.objects.on(then).filter(person=person).values("municipality")
    heads = HeadOfAdministration.objects.on(then).filter(person=person).values("municipality")
    others = ContactPerson.objects.of_members().filter(Q(municipality__in=contacts) | Q(municipality__in=heads))
    found = others.exclude(person=person).exclude(person__email="").select_related("person", "municipality")
    once = {function.person_id: function for function in found.order_by("person__sort_key", "-pk")}
    stopped = Bounce.objects.all_stopped()
    return [function for function in once.values() if function.person.email not in stopped]


def _found(mailing: Mailing) -> dict[int, Reader]:
    """All whom the facts mean, each once, erased persons excepted."""
    found: dict[int, Reader] = {}
    for person, body in _pairs(mailing):
        reader = found.setdefault(person.pk, Reader(person))
        if body is not None and body not in reader.bodies:
            reader.bodies.append(body)
    return {key: reader for key, reader in found.items() if not reader.person.is_erased}


def _pairs(mailing: Mailing) -> Iterator[tuple[Person, Municipality | None]]:
    bodies = _bodies(mailing)
    if roles := {Group.CONTACTS, Group.DEPUTIES}.intersection(mailing.groups):
        functions = ContactPerson.objects.of_members().filter(municipality__in=bodies)
        if len(roles) == 1:
            functions = functions.filter(is_deputy=Group.DEPUTIES in roles)
        yield from _with_bodies(functions.select_related("person", "municipality"))
    if Group.HEADS in mailing.groups:
        heads = HeadOfAdministration.objects.on().filter(municipality__in=Municipality.objects.members())
        yield from _with_bodies(heads.filter(municipality__in=bodies).select_related("person", "municipality"))
    if mailing.meeting_id:
        yield from _of_meeting(mailing, bodies)
    if mailing.pk:
        yield from _added(mailing)


def _with_bodies(rows: Iterable) -> Iterator[tuple[Person, Municipality | None]]:
    return ((row.person, row.municipality) for row in rows)


def _bodies(mailing: Mailing) -> QuerySet[Municipality]:
    """The bodies that the facts leave, as a question for the database."""
    wanted = Q()
    if mailing.kinds:
        wanted &= Q(kind__in=mailing.kinds)
    if mailing.bezirke:
        wanted &= Q(regierungsbezirk__in=mailing.bezirke)
    if mailing.kreis_id:
        wanted &= Q(kreis=mailing.kreis_id) | Q(pk=mailing.kreis_id)
    if mailing.topic_id:
        wanted &= Q(profile__topics=mailing.topic_id)
    if mailing.signing:
        versions = {"declaration": mailing.declaration_id} if mailing.declaration_id else {}
        signed = Exists(Signature.objects.checked().filter(municipality=OuterRef("pk"), **versions))
        wanted &= Q(signed) if mailing.signing == Signing.SIGNED else ~Q(signed)
    return Municipality.objects.filter(wanted)


def _of_meeting(mailing: Mailing, bodies: QuerySet[Municipality]) -> Iterator[tuple[Person, Municipality | None]]:
    meeting = cast(Meeting, mailing.meeting)
    narrowed = Q(municipality__in=bodies) if mailing.narrows else Q()
    wanted = Q(pk__in=[])
    if Group.REGISTERED in mailing.groups:
        wanted |= Q(state="registered")
    if Group.PRESENT in mailing.groups:
        wanted |= Q(present_at__isnull=False)
    if wanted != Q(pk__in=[]):
        rows = Registration.objects.filter(wanted, narrowed, meeting=meeting)
        yield from _with_bodies(rows.select_related("person", "municipality"))
    if Group.SILENT in mailing.groups:
        silent = Invitation.objects.sent().unanswered().filter(narrowed, meeting=meeting)
        yield from _with_bodies(silent.select_related("person", "municipality"))


def _added(mailing: Mailing) -> Iterator[tuple[Person, Municipality | None]]:
    """Single people, each with the members for which she answers."""
    persons = {person.pk: person for person in mailing.added.all()}
    if not persons:
        return
    functions = ContactPerson.objects.of_members().filter(person__in=persons).select_related("municipality")
    for function in functions:
        yield persons[function.person_id], function.municipality
    for person in persons.values():
        yield person, None


def _reasons(mailing: Mailing, readers: list[Reader]) -> dict[int, str]:
    """Why somebody is left out, by the number of the person; the stronger reason wins."""
    stopped = Bounce.objects.all_stopped()
    reasons = {reader.person.pk: STOPPED for reader in readers if reader.person.email in stopped}
    if mailing.rubric:
        unwanted = OptOut.objects.filter(rubric=mailing.rubric, person__in=[reader.person.pk for reader in readers])
        reasons |= dict.fromkeys(unwanted.values_list("person", flat=True), UNSUBSCRIBED)
    if mailing.invites_to:
        reasons |= dict.fromkeys(planning.known_to(mailing.invites_to), KNOWN)
    if mailing.pk:
        reasons |= dict.fromkeys(cast("Iterable[int]", mailing.left_out.values_list("pk", flat=True)), BY_HAND)
    return reasons
