"""The public directory in memory: all bodies with their status, and a search by name that forgives.

Names are fixed by law and few, so they are searched in Python over a cached list: the same answers on every database.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from core import revision
from core.dates import today
from core.folding import fold
from members.models import Kind, Municipality
from members.models.bodies import KREIS_KINDS

# Words that say what a body is, not what it is called; 19 Kreise bear the name of a town.
_KREIS_WORDS = frozenset({"kreis", "landkreis", "staedteregion", "stadteregion"})
_BEZIRK_WORDS = frozenset({"bezirksregierung", "regierungsbezirk"})
_TOWN_WORDS = frozenset({"stadt", "gemeinde", "kommune"})
_KIND_WORDS = _KREIS_WORDS | _BEZIRK_WORDS | _TOWN_WORDS
_TOO_FAR = 3
_SPELLED_OUT = {"st": "sankt", "westf": "westfalen", "rhld": "rheinland"}


@dataclass(frozen=True)
class Body:
    """What directory, map and search show of a municipality; never anything personal."""

    ags: str
    slug: str
    name: str
    kind: str
    place: str
    kreis: str
    bezirk: str
    is_member: bool
    period: str
    joined: int | None
    topics: frozenset[str]

    def lies_in(self, other: "Body") -> bool:
        """Whether this body belongs to the area of that Kreis or Bezirksregierung."""
        if self.ags == other.ags:
            return False
        if other.kind == Kind.BEZIRKSREGIERUNG:
            return self.kind != Kind.BEZIRKSREGIERUNG and self.bezirk == other.bezirk
        return other.kind in KREIS_KINDS and self.kind not in KREIS_KINDS and self.kreis == other.slug

    @property
    def answer(self) -> str:
        """The answer to "Ist meine Kommune dabei?"."""
        return f"Ja, {self.name} ist dabei." if self.is_member else f"{self.name} ist noch nicht dabei."

    @property
    def membership(self) -> str:
        """How long it has been in: "Mitglied seit Dezember 2012", "Mitglied, Beitrittsjahr nicht belegt"."""
        return f"Mitglied {self.period}" if self.joined else f"Mitglied, {self.period}"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Folded spellings of the name: official, and without the word for its kind."""
        spellings = [_spelled_out(spelling) for spelling in fold(self.name)]
        return tuple(dict.fromkeys([*spellings, *(_without_kind(spelling) for spelling in spellings)]))


@dataclass(frozen=True)
class Hit:
    """A body found; rank 0 is the name itself, 1 its beginning, 2 its words, 3 a part, 4 a slip of the fingers."""

    body: Body
    rank: int


def bodies() -> tuple[Body, ...]:
    """Return all bodies in German order, as of the newest public change and of today."""
    return _bodies(revision.current(), today())


@lru_cache(maxsize=2)
def _bodies(number: int, day: datetime.date) -> tuple[Body, ...]:
    return tuple(_body(row, day) for row in Municipality.objects.with_memberships())


def _body(row: Municipality, day: datetime.date) -> Body:
    running = next((period for period in row.periods if period.is_running(day)), None)
    shown = running or next((period for period in reversed(row.periods) if period.is_over(day)), None)
    profile = getattr(row, "profile", None)
    return Body(
        ags=row.ags,
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        place=row.place,
        kreis=row.slug if row.kind in KREIS_KINDS else row.kreis.slug if row.kreis else "",
        bezirk=row.regierungsbezirk,
        is_member=running is not None,
        period=shown.period_text() if shown else "",
        joined=running.started_year if running else None,
        topics=frozenset(topic.slug for topic in profile.topics.all()) if profile else frozenset(),
    )


def find(query: str, among: Iterable[Body]) -> list[Hit]:
    """Return the bodies that the query may mean, best first; slips of the fingers only if nothing else fits."""
    spellings = tuple(dict.fromkeys(_spelled_out(spelling) for spelling in fold(query)))
    if not any(spellings):
        return []
    among = list(among)
    hits = [Hit(body, rank) for body in among if (rank := _rank(body, spellings)) is not None]
    if not any(hit.rank < 3 for hit in hits):
        hits += [Hit(body, 4) for body in _nearest(spellings, among) if not any(hit.body is body for hit in hits)]
    # The town before the Kreis of the same name; else German order, in which the bodies already stand.
    return sorted(hits, key=lambda hit: (hit.rank, len(hit.body.name) if hit.rank == 0 else 0))


def _spelled_out(spelling: str) -> str:
    return " ".join(_SPELLED_OUT.get(word, word) for word in spelling.split())


def _without_kind(spelling: str) -> str:
    words = [word for word in spelling.split() if word not in _KIND_WORDS]
    return " ".join(words) or spelling


def _rank(body: Body, spellings: tuple[str, ...]) -> int | None:
    """Compare the query as typed, and without its word for a kind; naming another kind costs a rank."""
    ranks = [_name_rank(body, spelling) for spelling in spellings]
    for spelling in spellings:
        bare = _without_kind(spelling)
        if bare != spelling and (rank := _name_rank(body, bare)) is not None:
            ranks.append(rank if _names_kind(spelling, body) else rank + 1)
    return min((rank for rank in ranks if rank is not None), default=None)


def _names_kind(spelling: str, body: Body) -> bool:
    words = set(spelling.split())
    if body.kind in KREIS_KINDS:
        return bool(words & _KREIS_WORDS)
    if body.kind == Kind.BEZIRKSREGIERUNG:
        return bool(words & _BEZIRK_WORDS)
    return bool(words & _TOWN_WORDS)


def _name_rank(body: Body, spelling: str) -> int | None:
    joined, words = spelling.replace(" ", ""), spelling.split()
    best = None
    for name in body.names:
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


def _nearest(spellings: tuple[str, ...], among: list[Body]) -> list[Body]:
    """The bodies with the fewest letters wrong, missing, doubled or swapped."""
    slips = {body: slip for body in among if (slip := min(_slip(body, spelling) for spelling in spellings)) < _TOO_FAR}
    fewest = min(slips.values(), default=0)
    return [body for body, slip in slips.items() if slip == fewest]


def _slip(body: Body, spelling: str) -> int:
    """Letters that differ from the name or its beginning: one is forgiven from 4 letters on, two from 8."""
    bare = _without_kind(spelling)
    allowed = 2 if len(bare) >= 8 else 1 if len(bare) >= 4 else 0
    words = len(bare.split())
    distances = [
        DamerauLevenshtein.distance(bare, text, score_cutoff=allowed)
        for name in body.names
        for text in (name, " ".join(name.split()[:words]))
    ]
    return min((distance for distance in distances if 0 < distance <= allowed), default=_TOO_FAR)
