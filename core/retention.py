"""How long what is kept. Each app registers its periods when Django starts; the nightly task keeps them all.

From this one table come the nightly task (netzwerk.tasks), the handbook's list (docs/handbuch.md, tested) and the
Verzeichnis von Verarbeitungstätigkeiten in the back office.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.utils import timezone


class Unit(Enum):
    """Days of each unit. Months and years are averages: a period ends with a night, not with a minute."""

    DAYS = 1.0
    WEEKS = 7.0
    MONTHS = 365 / 12
    YEARS = 365.25


_WORDS = {
    Unit.DAYS: ("Tag", "Tage"),
    Unit.WEEKS: ("Woche", "Wochen"),
    Unit.MONTHS: ("Monat", "Monate"),
    Unit.YEARS: ("Jahr", "Jahre"),
}


@dataclass(frozen=True)
class Span:
    """A length of time as the law words it: `Span(12, Unit.MONTHS)` reads "12 Monate"."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        one, many = _WORDS[self.unit]
        return f"{self.number} {one if self.number == 1 else many}"

    @property
    def length(self) -> datetime.timedelta:
        return datetime.timedelta(days=round(self.number * self.unit.value))

    def ago(self) -> datetime.datetime:
        """Return the moment before which the period is over."""
        return timezone.now() - self.length


@dataclass(frozen=True)
class Retention:
    """One line of the table of periods.

    key: "<app>.<name>", stored with each nightly run. what, ends, stays: German, for the office – what is forgotten,
    when, and what remains ("" if nothing). forget(): does it and returns how many rows it touched; called every night.
    None where the period ends with a deed ("beim Versand"), not with a night.
    """

    key: str
    what: str
    ends: str
    stays: str = ""
    forget: Callable[[], int] | None = None


_retentions: dict[str, Retention] = {}


def register(*retentions: Retention) -> None:
    """Make periods known; a second one under the same key is a programming error."""
    for retention in retentions:
        if _retentions.get(retention.key, retention) is not retention:
            raise ValueError(f"period {retention.key} is registered twice")
        _retentions[retention.key] = retention


def all_retentions() -> list[Retention]:
    return sorted(_retentions.values(), key=lambda retention: retention.key)
