"""German dates: today in Berlin, dates that are known by day, month or year only, and how people type them."""

import datetime
import re
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils import timezone

MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1900, 2100


class Precision(TextChoices):
    """How exactly a date is known."""

    DAY = "day", "Tag"
    MONTH = "month", "Monat"
    YEAR = "year", "Jahr"
    UNKNOWN = "unknown", "unbekannt"


def today() -> datetime.date:
    """Return the date in Berlin (the time zone of the settings)."""
    return timezone.localdate()


def long_date(day: datetime.date) -> str:
    """Return "12. März 2027"."""
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


@dataclass(frozen=True)
class PartialDate:
    """A date known by day, month or year ("12. März 2017", "März 2017", "2017"); `day` is the first it can mean."""

    day: datetime.date
    precision: Precision

    def __str__(self) -> str:
        if self.precision == Precision.DAY:
            return long_date(self.day)
        if self.precision == Precision.MONTH:
            return f"{MONTHS[self.day.month - 1]} {self.day.year}"
        return str(self.day.year)

    @property
    def iso(self) -> str:
        """As other programs read it, no more exact than it is known (ISO 8601): "2017-03-12", "2017-03", "2017"."""
        length = {Precision.DAY: 10, Precision.MONTH: 7}.get(self.precision, 4)
        return self.day.isoformat()[:length]


_MONTH_NAMES = {name.casefold(): number for number, name in enumerate(MONTHS, 1)}
_MONTH_NAMES |= {name[:3]: number for name, number in _MONTH_NAMES.items()} | {"mrz": 3, "jänner": 1, "maerz": 3}
_NUMERIC = re.compile(r"(?:(?:(\d{1,2})\.)?\s*(\d{1,2})[./])?\s*(\d{2}|\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", re.ASCII)
_WORDS = re.compile(r"(?:(\d{1,2})\.?\s+)?([a-zä]+)\.?\s+(\d{4})")


def parse_partial_date(text: str) -> PartialDate:
    """Read a date as people type it: "6.12.2017", "12/2017", "Dezember 2017", "2017", "2017-12-06".

    Raises ValueError with a German sentence that says what to type. Two-digit years up to 50 mean 20xx, others 19xx.
    """
    text = " ".join(text.casefold().split())
    day = month = year = None
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
    elif match := _NUMERIC.fullmatch(text):
        day, month, year = match.groups()
        if month is None and len(year) == 2:
            year = None
    elif (match := _WORDS.fullmatch(text)) and match[2] in _MONTH_NAMES:
        day, month, year = match[1], str(_MONTH_NAMES[match[2]]), match[3]
    if year is None:
        raise ValueError("Schreiben Sie das Datum wie „6.12.2017“, „12/2017“, „Dezember 2017“ oder „2017“.")
    return _partial_date(int(year), int(month) if month else None, int(day) if day else None)


def _partial_date(year: int, month: int | None, day: int | None) -> PartialDate:
    if year < 100:  # "6.12.17" means this century, "1.1.97" the last one
        year += 2000 if year <= 50 else 1900
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"Schreiben Sie ein Jahr zwischen {FIRST_YEAR} und {LAST_YEAR}.")
    precision = Precision.YEAR if month is None else Precision.MONTH if day is None else Precision.DAY
    try:
        return PartialDate(datetime.date(year, 1 if month is None else month, 1 if day is None else day), precision)
    except ValueError as error:
        raise ValueError("Diesen Tag gibt es nicht. Prüfen Sie Tag und Monat.") from error
