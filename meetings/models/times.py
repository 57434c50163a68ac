"""Dates and times of meetings as people read them."""

import datetime

from core.dates import long_date

WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")


def span_text(
    day: datetime.date,
    begin: datetime.time | None,
    last_day: datetime.date | None = None,
    end: datetime.time | None = None,
) -> str:
    """Return "Fr, 12. März 2027, 10–16 Uhr", of several days "Fr, 12. März 2027, 10 Uhr bis Sa, 13. März 2027"."""
    if last_day and last_day != day:
        return f"{_moment_text(day, begin)} bis {_moment_text(last_day, end)}"
    return f"{_day(day)}, {times_text(begin, end)}" if begin else _day(day)


def times_text(begin: datetime.time, end: datetime.time | None = None) -> str:
    """Return "10–16 Uhr", "10:30–12 Uhr", or "10 Uhr" without an end."""
    return f"{_clock(begin)}–{_clock(end)} Uhr" if end else f"{_clock(begin)} Uhr"


def _moment_text(day: datetime.date, time: datetime.time | None) -> str:
    return f"{_day(day)}, {times_text(time)}" if time else _day(day)


def _day(day: datetime.date) -> str:
    return f"{WEEKDAYS[day.weekday()]}, {long_date(day)}"


def _clock(time: datetime.time) -> str:
    return f"{time.hour}:{time.minute:02}" if time.minute else str(time.hour)
