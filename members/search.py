"""The directory searched by name, in a way that forgives, and what the portal's searches find of members.

Names are fixed by law and few, so they are searched in Python over a cached list: the same answers on every database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from rapidfuzz.distance import DamerauLevenshtein

from core.folding import fold
from core.search import Result, holds
from members import access
from members.directory import KIND_GROUPS, UNKNOWN_YEAR, DirectoryEntry, entries
from members.models import Kind, Person
from members.models.municipalities import KREIS_KINDS
from users.models import User

# Words that say what an entry is, not what it is called; 19 Kreise bear the name of a town.
_KREIS_WORDS = frozenset({"kreis", "landkreis", "staedteregion", "stadteregion"})
_BEZIRK_WORDS = frozenset({"bezirksregierung", "regierungsbezirk"})
_TOWN_WORDS = frozenset({"stadt", "gemeinde", "kommune"})
_KIND_WORDS = _KREIS_WORDS | _BEZIRK_WORDS | _TOWN_WORDS
_TOO_FAR = 3
# So many persons are offered where what somebody types fits several.
_OFFERED = 8
_SPELLED_OUT = {"st": "sankt", "westf": "westfalen", "rhld": "rheinland"}


@lru_cache(maxsize=1024)
def spellings_of(name: str) -> tuple[str, ...]:
    """Folded spellings of a name: official, and without the word for its kind."""
    spellings = [_spelled_out(spelling) for spelling in fold(name)]
    return tuple(dict.fromkeys([*spellings, *(_without_kind(spelling) for spelling in spellings)]))


@dataclass(frozen=True)
class Hit:
    """An entry found; rank 0 is the name itself, 1 its beginning, 2 its words, 3 a part, 4 a slip of the fingers."""

    entry: DirectoryEntry
    rank: int


@dataclass(frozen=True)
class Selection:
    """What the directory shows: answers to the question itself, then members, then bodies that are not in yet."""

    answers: list[DirectoryEntry]
    members: list[DirectoryEntry]
    others: list[DirectoryEntry]

    @property
    def all(self) -> list[DirectoryEntry]:
        return [*self.members, *self.others]


def select(everyone: Iterable[DirectoryEntry], chosen: dict[str, str]) -> Selection:
    """Return what fits the directory's filters, given by the names and values of its query string."""
    filtered = [entry for entry in everyone if _fits(entry, chosen)]
    if "q" not in chosen:
        return Selection([], [entry for entry in filtered if entry.is_member], [])
    hits = find(chosen["q"], filtered)
    members = [hit.entry for hit in hits if hit.entry.is_member]
    others = [hit.entry for hit in hits if not hit.entry.is_member]
    return Selection(_answers(hits), members, others)


def _fits(entry: DirectoryEntry, chosen: dict[str, str]) -> bool:
    year = chosen.get("jahr")
    return (
        ("art" not in chosen or entry.kind in KIND_GROUPS[chosen["art"]][1])
        and ("bezirk" not in chosen or entry.bezirk == chosen["bezirk"])
        and ("kreis" not in chosen or entry.kreis == chosen["kreis"])
        and ("thema" not in chosen or chosen["thema"] in dict(entry.topics))
        and (year is None or (entry.is_member and str(entry.joined or UNKNOWN_YEAR) == year))
    )


def _answers(hits: list[Hit]) -> list[DirectoryEntry]:
    """The bodies that are clearly meant: the name itself, or the only find."""
    exact = [hit.entry for hit in hits if hit.rank == 0]
    return exact or ([hits[0].entry] if len(hits) == 1 else [])


def find(query: str, among: Iterable[DirectoryEntry]) -> list[Hit]:
    """Return the bodies that the query may mean, best first; slips of the fingers only if nothing else fits."""
    spellings = tuple(dict.fromkeys(_spelled_out(spelling) for spelling in fold(query)))
    if not any(spellings):
        return []
    among = list(among)
    hits = [Hit(entry, rank) for entry in among if (rank := _rank(entry, spellings)) is not None]
    if not any(hit.rank < 3 for hit in hits):
        hits += [Hit(entry, 4) for entry in _nearest(spellings, among) if not any(hit.entry is entry for hit in hits)]
    # The town before the Kreis of the same name; else German order, in which the bodies already stand.
    return sorted(hits, key=lambda hit: (hit.rank, len(hit.entry.name) if hit.rank == 0 else 0))


def body_meant(typed: str) -> str | None:
    """Return the key of the one body that somebody means who types its name; None if it may be several or none."""
    hits = [hit.entry for hit in find(typed, entries())]
    exact = [entry for entry in hits if fold(entry.name) == fold(typed)]
    clear = exact if len(exact) == 1 else hits
    return clear[0].ags if len(clear) == 1 else None


def persons_meant(typed: str) -> list[Person]:
    """Return whom somebody may mean who types "Ada Muster", "Dr. Ada Muster", her address, or name and address.

    A surname alone means all who bear it.
    """
    words = typed.replace(",", " ").split()
    addresses = [word.lower() for word in words if "@" in word]
    name = fold(" ".join(word for word in words if "@" not in word))
    rows = Person.objects.exclude(last_name="")
    among = rows.filter(email__in=addresses) if addresses else rows
    if not any(name):
        return list(among) if addresses else []
    wanted, found = {*name}, [*among]
    exact = [row for row in found if wanted & {*row.name_key, *fold(row.name)}]
    return exact or [row for row in found if wanted & {*fold(row.last_name)}]


def told_apart(persons: list[Person]) -> str:
    """Return the first of several persons who may be meant, each with what tells her from the others."""
    return ", ".join(f"{row.name} ({row.email or 'ohne Adresse'})" for row in persons[:_OFFERED])


def _spelled_out(spelling: str) -> str:
    return " ".join(_SPELLED_OUT.get(word, word) for word in spelling.split())


def _without_kind(spelling: str) -> str:
    words = [word for word in spelling.split() if word not in _KIND_WORDS]
    return " ".join(words) or spelling


def _rank(entry: DirectoryEntry, spellings: tuple[str, ...]) -> int | None:
    """Compare the query as typed, and without its word for a kind; naming another kind costs a rank."""
    ranks = [_name_rank(entry, spelling) for spelling in spellings]
    for spelling in spellings:
        bare = _without_kind(spelling)
        if bare != spelling and (rank := _name_rank(entry, bare)) is not None:
            ranks.append(rank if _names_kind(spelling, entry) else rank + 1)
    return min((rank for rank in ranks if rank is not None), default=None)


def _names_kind(spelling: str, entry: DirectoryEntry) -> bool:
    words = set(spelling.split())
    if entry.kind in KREIS_KINDS:
        return bool(words & _KREIS_WORDS)
    if entry.kind == Kind.BEZIRKSREGIERUNG:
        return bool(words & _BEZIRK_WORDS)
    return bool(words & _TOWN_WORDS)


def _name_rank(entry: DirectoryEntry, spelling: str) -> int | None:
    joined, words = spelling.replace(" ", ""), spelling.split()
    best = None
    for name in spellings_of(entry.name):
        rank = _match(name, joined, words)
        if rank is not None and (best is None or rank < best):
            best = rank
    return best


def _match(name: str, joined: str, words: list[str]) -> int | None:
    """How well the words fit one name; spaces and hyphens do not count ("Mönchen-Gladbach")."""
    whole, spelling = name.replace(" ", ""), " ".join(words)
    if whole == joined:
        return 0
    if name.startswith(spelling) or (len(words) > 1 and whole.startswith(joined)):
        return 1
    own = name.split()
    if all(any(part.startswith(word) for part in own) for word in words):
        return 2
    return 3 if len(spelling) >= 3 and spelling in name else None


def _nearest(spellings: tuple[str, ...], among: list[DirectoryEntry]) -> list[DirectoryEntry]:
    """The bodies with the fewest letters wrong, missing, doubled or swapped."""
    slips = {
        entry: slip for entry in among if (slip := min(_slip(entry, spelling) for spelling in spellings)) < _TOO_FAR
    }
    fewest = min(slips.values(), default=0)
    return [entry for entry, slip in slips.items() if slip == fewest]


def _slip(entry: DirectoryEntry, spelling: str) -> int:
    """Letters that differ from the name or its beginning: one is forgiven from 4 letters on, two from 8."""
    bare = _without_kind(spelling)
    allowed = 2 if len(bare) >= 8 else 1 if len(bare) >= 4 else 0
    words = len(bare.split())
    distances = [
        DamerauLevenshtein.distance(bare, text, score_cutoff=allowed)
        for name in spellings_of(entry.name)
        for text in (name, " ".join(name.split()[:words]))
    ]
    return min((distance for distance in distances if 0 < distance <= allowed), default=_TOO_FAR)


# --- what the portal's searches find here ---------------------------------------------------------------------------


def body_results(query: str) -> list[Result]:
    """Return the bodies that the query may mean, with their public pages."""
    return [
        Result("Kommunen", hit.entry.name, _line(hit.entry), reverse("municipality", args=[hit.entry.slug]))
        for hit in find(query, entries())
    ]


def body_records(user: User, query: str) -> list[Result]:
    """Return the same with their dossiers, for staff who may see them."""
    if not user.has_perm("members.view_municipality"):
        return []
    return [
        Result("Kommunen", hit.entry.name, _line(hit.entry), reverse("dossier", args=[hit.entry.slug]))
        for hit in find(query, entries())
    ]


def _line(entry: DirectoryEntry) -> str:
    return " – ".join(filter(None, [entry.place, entry.membership]))


def contact_results(user: User, query: str) -> list[Result]:
    """Return contact persons whose name, post, address or body fits, as far as this reader may see them."""
    return [
        Result(
            "Ansprechpersonen", who.name, ", ".join(filter(None, [body.name, who.position])), body.get_absolute_url()
        )
        for body, who in access.contacts_in_network(user)
        if holds(f"{who.name} {who.position} {who.email} {body.name}", query)
    ]


def network_contacts(user: User, chosen: dict[str, str]) -> list[tuple[DirectoryEntry, access.VisibleContact]]:
    """Return the contact persons of the network that fit the filters of their directory, by body in German order."""
    bodies = entries()
    everyone = [(bodies.by_ags[body.ags], who) for body, who in access.contacts_in_network(user)]
    rows = [(entry, who) for entry, who in everyone if _fits(entry, chosen)]
    query = chosen.get("q")
    if not query:
        return rows
    found = [row for row in rows if holds(f"{row[1].name} {row[1].position} {row[1].email} {row[0].name}", query)]
    # Slips of the fingers in the name of a body, if nothing else fits.
    named = {hit.entry.ags for hit in find(query, bodies)} if not found else set()
    return found or [row for row in rows if row[0].ags in named]


def person_records(user: User, query: str) -> list[Result]:
    """Return the persons whose name, address, number, organisation or body fits, for staff who may see them."""
    if not user.has_perm("members.view_person"):
        return []
    functions = ("contact_functions__municipality", "head_functions__municipality")
    found = []
    for person in Person.objects.exclude(last_name="").prefetch_related(*functions):
        held = [*person.contact_functions.all(), *person.head_functions.all()]
        bodies = list(dict.fromkeys(function.municipality.name for function in held))
        line = ", ".join(filter(None, [*bodies, person.organisation, person.email]))
        if holds(f"{person.name} {line} {person.phone}", query):
            url = reverse("admin:members_person_change", args=[person.pk])
            found.append(Result("Personen", person.name, line, url))
    return found
