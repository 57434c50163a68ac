"""The public directory in memory: all bodies with their status."""

import datetime
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst

from core import revision
from core.dates import PartialDate
from members.models import Kind, Municipality
from members.models.municipalities import KREIS_KINDS, TOWN_KINDS, UNKNOWN_START

# The kinds as people ask for them; the law's finer ones stand in each row.
KIND_GROUPS = {
    "kreisfrei": ("kreisfreie Städte", (Kind.CITY_STATUS,)),
    "stadt": ("kreisangehörige Städte", (Kind.LARGE_TOWN, Kind.MEDIUM_TOWN, Kind.TOWN)),
    "gemeinde": ("Gemeinden", (Kind.COMMUNE,)),
    "kreis": ("Kreise", KREIS_KINDS),
    "bezirksregierung": ("Bezirksregierungen", (Kind.BEZIRKSREGIERUNG,)),
}
UNKNOWN_YEAR = "unbekannt"


class Standing(Enum):
    """How a body stands to the network today, as far as it is public."""

    MEMBER = auto()
    FORMER = auto()
    NONE = auto()


@dataclass(frozen=True)
class DirectoryEntry:
    """What directory, map and search show of a municipality; never anything personal."""

    ags: str
    slug: str
    name: str
    kind: str
    place: str
    kreis: str  # slug of the Kreis it is or lies in
    bezirk: str
    standing: Standing
    period: str  # of the running membership, else of the last one
    begin: PartialDate | None  # of the running membership, as exact as it is proven
    topics: tuple[tuple[str, str], ...]  # slug and name
    source: str = ""  # address of the page that proves the membership
    source_host: str = ""
    website: str = ""
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None
    population_on: datetime.date | None = None

    @property
    def is_member(self) -> bool:
        return self.standing == Standing.MEMBER

    @cached_property
    def url(self) -> str:
        return reverse("municipality", args=[self.slug])

    @property
    def address(self) -> str:
        """The full address of the body's page."""
        return f"{settings.SITE_URL}{self.url}"

    @property
    def joined(self) -> int | None:
        """The year in which the running membership began, if it is proven."""
        return self.begin.day.year if self.begin else None

    @property
    def called(self) -> str:
        """The name as a sentence needs it: "der Oberbergische Kreis", "die Bezirksregierung Köln", "Rheine"."""
        if self.kind == Kind.KREIS:
            return f"der {self.name.replace('scher Kreis', 'sche Kreis')}"
        if self.kind in (Kind.STAEDTEREGION, Kind.BEZIRKSREGIERUNG):
            return f"die {self.name}"
        return self.name

    @property
    def answer(self) -> str:
        """The answer to "Ist meine Kommune dabei?"."""
        if self.is_member:
            return f"Ja, {self.called} ist dabei."
        stands = (
            "war früher dabei und ist es heute nicht" if self.standing == Standing.FORMER else "ist noch nicht dabei"
        )
        return f"{capfirst(self.called)} {stands}."

    @property
    def membership(self) -> str:
        """The membership in words, today's or the last one; empty if there was none."""
        if self.standing == Standing.NONE:
            return ""
        if self.period.startswith(("seit ", "bis ")):
            return f"Mitglied {self.period}"
        return f"Mitglied, {self.period}" if self.period == UNKNOWN_START else f"Mitglied von {self.period}"

    def lies_in(self, other: "DirectoryEntry") -> bool:
        """Whether this body belongs to the area of that Kreis or Bezirksregierung."""
        if self.ags == other.ags:
            return False
        if other.kind == Kind.BEZIRKSREGIERUNG:
            return self.kind != Kind.BEZIRKSREGIERUNG and self.bezirk == other.bezirk
        return other.kind in KREIS_KINDS and self.kind not in KREIS_KINDS and self.kreis == other.slug


class Directory(tuple[DirectoryEntry, ...]):
    """All bodies in German order."""

    @cached_property
    def by_ags(self) -> dict[str, DirectoryEntry]:
        return {entry.ags: entry for entry in self}

    @cached_property
    def regions(self) -> list[DirectoryEntry]:
        """Those that others lie in: Kreise and Bezirksregierungen."""
        return [entry for entry in self if entry.kind not in TOWN_KINDS]


@revision.kept
def entries(day: datetime.date) -> Directory:
    """Return all bodies in German order, as of the newest public change and of today."""
    return Directory(_entry(row, day) for row in Municipality.objects.for_list())


def _entry(row: Municipality, day: datetime.date) -> DirectoryEntry:
    running = next((period for period in row.periods if period.holds(day)), None)
    last = next((period for period in reversed(row.periods) if period.is_over(day)), None)
    shown = running or last
    profile = getattr(row, "profile", None)
    return DirectoryEntry(
        ags=row.ags,
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        place=row.place,
        kreis=row.slug if row.kind in KREIS_KINDS else row.kreis.slug if row.kreis else "",
        bezirk=row.regierungsbezirk,
        standing=Standing.MEMBER if running else Standing.FORMER if last else Standing.NONE,
        period=shown.period_text() if shown else "",
        begin=running.begin if running else None,
        topics=tuple((topic.slug, topic.name) for topic in profile.topics.all()) if profile else (),
        source=running.source if running else "",
        source_host=running.source_host if running else "",
        website=row.website,
        latitude=row.latitude,
        longitude=row.longitude,
        population=row.population,
        population_on=row.population_on,
    )
