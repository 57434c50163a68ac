"""How the network grew: figures stated in public, each with its source, and memberships held here, as step lines."""

import csv
import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from urllib.parse import urlsplit

from core import revision
from core.dates import today
from members.models import Membership

_STATED = Path(__file__).parent / "data" / "growth.csv"

# Units of the picture: small, so that its letters can still be read on a phone of 360 pixels.
WIDTH, HEIGHT = 480, 300
_LEFT, _TOP, _RIGHT, _BOTTOM = 44, 26, 472, 262
_FIRST_YEAR = 2012
_MOST_LABELS = 6
_STEPS = (10, 25, 50, 100, 200)

Step = tuple[datetime.date, int]


@dataclass(frozen=True)
class Stated:
    """A member figure as somebody stated it; without a month it cannot be drawn, only listed."""

    month: datetime.date | None
    members: int
    at_least: bool  # "über 30"
    when: str
    words: str
    source: str

    @property
    def source_host(self) -> str:
        return urlsplit(self.source).netloc.removeprefix("www.")


@dataclass(frozen=True)
class Curve:
    """A step line with what it says at its end."""

    path: str
    end: tuple[float, float]
    label: str


@dataclass(frozen=True)
class Chart:
    """What the template draws: two lines, and the labels of both axes with their places."""

    stated: Curve | None
    held: Curve | None
    years: list[tuple[float, int]]
    levels: list[tuple[float, int]]


@lru_cache(maxsize=1)
def stated() -> tuple[Stated, ...]:
    """Return all figures stated in public, in the order of the file (by time, as far as it is known)."""
    with _STATED.open(encoding="utf-8", newline="") as file:
        return tuple(_read(row) for row in csv.DictReader(file))


def _read(row: dict[str, str]) -> Stated:
    month = datetime.date.fromisoformat(f"{row['month']}-01") if row["month"] else None
    return Stated(month, int(row["members"]), bool(row["more"]), row["when"], row["stated"], row["source_url"])


@revision.kept
def held(day: datetime.date) -> tuple[Step, ...]:
    """Return the days on which the number of memberships changed, with the new number, until today.

    Memberships whose start nobody knows are left out: they have no place in time (see `Membership`).
    """
    changes: Counter[datetime.date] = Counter()
    for first, last in Membership.objects.exclude(started_on=None).values_list("started_on", "ended_on"):
        changes[first] += 1
        if last:
            changes[last + datetime.timedelta(days=1)] -= 1
    days = sorted(change for change in changes if change <= day)
    return tuple(zip(days, accumulate(changes[change] for change in days), strict=True))


def held_by_year(steps: Iterable[Step]) -> list[tuple[int, int]]:
    """Return for each year from the first change to today's how many were held at its end (today, in this year)."""
    at_end = {day.year: number for day, number in steps}
    rows, number = [], 0
    for year in range(min(at_end, default=today().year + 1), today().year + 1):
        number = at_end.get(year, number)
        rows.append((year, number))
    return rows


def chart(steps: Sequence[Step]) -> Chart:
    """Draw the stated figures and the memberships held here (see `held`) from 2012 until today."""
    day = today()
    known = [one for one in stated() if one.month and one.month <= day]
    spoken = [(one.month, one.members) for one in known if one.month]
    most = max((number for _, number in [*spoken, *steps]), default=0)
    level = next((step for step in _STEPS if step * 5 >= most), _STEPS[-1])
    top = max(level, -(-most // level) * level)
    return Chart(
        stated=_curve(spoken, day, top, f"über {known[-1].members}" if known and known[-1].at_least else ""),
        held=_curve(steps, day, top),
        years=[(_x(datetime.date(year, 1, 1), day), year) for year in _labelled_years(day)],
        levels=[(_y(number, top), number) for number in range(0, top + 1, level)],
    )


def _labelled_years(day: datetime.date) -> range:
    count = day.year - _FIRST_YEAR + 1
    return range(_FIRST_YEAR, day.year + 1, -(-count // _MOST_LABELS))


def _x(moment: datetime.date, day: datetime.date) -> float:
    """day: today; its year ends at the right."""
    start, end = datetime.date(_FIRST_YEAR, 1, 1), datetime.date(day.year + 1, 1, 1)
    return round(_LEFT + (_RIGHT - _LEFT) * max(0, (moment - start).days) / (end - start).days, 1)


def _y(number: int, top: int) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * number / top, 1)


def _curve(steps: Sequence[Step], day: datetime.date, top: int, label: str = "") -> Curve | None:
    if not steps:
        return None
    moves = [f"H{_x(moment, day):g}V{_y(number, top):g}" for moment, number in steps]
    end = (_x(day, day), _y(steps[-1][1], top))
    path = f"M{_x(steps[0][0], day):g} {_y(0, top):g}{''.join(moves)}H{end[0]:g}"
    return Curve(path, end, label or str(steps[-1][1]))
