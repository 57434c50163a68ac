"""Who has signed the Gemeinsame Erklärung: by year, as a picture, and how far the newest version has come."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from core import revision
from core.dates import today
from declarations.models import Declaration, Signature
from members.models import Municipality

# Units of the picture, as in members.growth: small, so that letters can be read on a phone of 360 pixels.
_LEFT, _TOP, _RIGHT, _BOTTOM = 44, 26, 472, 262
_FIRST_YEAR = 2012
_MOST_LABELS = 6
_STEPS = (2, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Year:
    """The signatures of a year, by day and then by name; without a year those of which nobody knows it."""

    year: int | None
    signatures: tuple[Signature, ...]


@dataclass(frozen=True)
class Bar:
    """A year's column. x, y, width, height: units of the picture; middle: where its year stands below."""

    year: int
    number: int
    x: float
    y: float
    width: float
    height: float
    labelled: bool

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Chart:
    """Bars, one for each year since the first signing, and the labelled levels as pairs of y and number."""

    bars: tuple[Bar, ...]
    levels: tuple[tuple[float, int], ...]


@dataclass(frozen=True)
class Renewal:
    """How many of today's members have signed the version in force."""

    declaration: Declaration
    signed: int
    members: int


@dataclass(frozen=True)
class Told:
    """What the page of a body tells of a signature. source: address of the page that proves it, may be empty."""

    sentence: str
    source: str


@revision.kept
def told(_day: datetime.date) -> Mapping[int, tuple[Told, ...]]:
    """Return by body, under its primary key, the signatures of which more is known than that they were given."""
    found: dict[int, tuple[Told, ...]] = {}
    for row in Signature.objects.checked().telling():
        found[row.municipality_id] = (*found.get(row.municipality_id, ()), Told(row.sentence, row.source))
    return found


def signatures() -> list[Signature]:
    """Return all that count, the newest first (one query)."""
    return list(Signature.objects.checked().for_list())


def by_year(rows: Iterable[Signature]) -> list[Year]:
    """Return the signatures grouped by year, the newest year first and the unknown one last."""
    ordered = sorted(rows, key=lambda row: (-(row.year or 0), row.signed_on or today(), row.municipality.sort_key))
    return [Year(year, tuple(group)) for year, group in groupby(ordered, key=lambda row: row.year)]


def chart(rows: Iterable[Signature]) -> Chart:
    """Draw how many signed in each year from 2012 until this one; those without a year have no place in it."""
    counts = Counter(row.year for row in rows if row.year)
    years = range(min([_FIRST_YEAR, *counts]), today().year + 1)
    most = max(counts.values(), default=0)
    step = next((step for step in _STEPS if step * 5 >= most), _STEPS[-1])
    top = max(step, -(-most // step) * step)
    room = (_RIGHT - _LEFT) / len(years)
    scale = (_BOTTOM - _TOP) / top
    every = -(-len(years) // _MOST_LABELS)
    bars = tuple(
        Bar(
            year,
            counts[year],
            x=round(_LEFT + room * (number + 0.15), 1),
            y=round(_BOTTOM - counts[year] * scale, 1),
            width=round(room * 0.7, 1),
            height=round(counts[year] * scale, 1),
            labelled=number % every == 0,
        )
        for number, year in enumerate(years)
    )
    levels = tuple((round(_BOTTOM - level * scale, 1), level) for level in range(0, top + 1, step))
    return Chart(bars, levels)


def renewal(declaration: Declaration | None, rows: Iterable[Signature]) -> Renewal | None:
    """Return how far a version is that followed another one; None for the first one, or if none is in force."""
    if declaration is None or not Declaration.objects.filter(started_on__lt=declaration.started_on).exists():
        return None
    members = set(Municipality.objects.members().values_list("pk", flat=True))
    signed = {row.municipality_id for row in rows if row.declaration_id == declaration.pk}
    return Renewal(declaration, len(signed & members), len(members))
