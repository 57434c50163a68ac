"""The list of members: when each body joined, as exactly as it is known, and when it left."""

import datetime
from collections import defaultdict
from collections.abc import Mapping

from core.dates import PartialDate, Precision
from members import actions
from members.imports import cells
from members.imports.columns import AGS, BODY, JOINED, KIND, LEFT, LEFT_BECAUSE, NOTE, SOURCE
from members.imports.lines import Change, Line
from members.models import Membership, Municipality
from users.models import User

FIELDS = (BODY, KIND, AGS, JOINED, LEFT, LEFT_BECAUSE, SOURCE, NOTE)
REQUIRED = (("body", "ags"),)
_PLAIN = ("end_reason", "source", "note")


class Memberships:
    """Reads the rows of one list."""

    def __init__(self, by: User | None):
        self._periods: dict[int, list[Membership]] = defaultdict(list)
        for period in Membership.objects.in_order():
            self._periods[period.municipality_id].append(period)
        self._seen: dict[int, int] = {}  # id() of the membership → number of its row

    def read(self, line: Line, body: Municipality, row: Mapping[str, str]) -> None:
        """Fill the line with what the row means for this body."""
        line.subject = body.name
        begin = line.read(JOINED, cells.read_date, row)
        end = line.read(LEFT, cells.read_day, row)
        if line.faults:
            return
        if begin and end and end < begin.day:
            line.faults.append("Prüfen Sie Beitritt und letzten Tag: Der letzte Tag liegt vor dem Beitritt.")
            return
        membership = self._meant(line, body, begin, end)
        if membership is None:
            return
        number = self._seen.setdefault(id(membership), line.number)
        if number != line.number:
            line.faults.append(f"Löschen Sie diese Zeile oder Zeile {number}: Beide meinen dieselbe Mitgliedschaft.")
            return
        self._fill(line, membership, begin, {"ended_on": end, **{name: row.get(name, "") for name in _PLAIN}})

    def _meant(
        self, line: Line, body: Municipality, begin: PartialDate | None, end: datetime.date | None
    ) -> Membership | None:
        """The period that the row speaks of, a new one included; None with a fault if that cannot be said."""
        asked = Membership(municipality=body, started_on=begin.day if begin else None, ended_on=end)
        touched = [period for period in self._periods[body.pk] if _share_a_day(asked, period)]
        if len(touched) > 1:
            line.faults.append("Nennen Sie den Beitritt genauer: Es gibt hier mehrere Mitgliedschaften.")
            return None
        if not touched:
            line.is_new = True
            self._periods[body.pk].append(asked)
            return asked
        if touched[0].ended_on and not end and not begin:
            line.faults.append(
                f"Nennen Sie den Beginn der neuen Mitgliedschaft: Die frühere endete am {touched[0].ended_on:%d.%m.%Y}."
            )
            return None
        return touched[0]

    def _fill(
        self, line: Line, membership: Membership, begin: PartialDate | None, values: Mapping[str, object]
    ) -> None:
        old = membership.begin if membership.pk else None
        if begin and not (old and _says_no_more(begin, old)):
            membership.started_on, membership.precision = begin.day, begin.precision
            line.changes.append(Change(JOINED.label, str(old or "nicht belegt"), str(begin)))
        line.set(membership, values)
        if membership.ended_on and not membership.end_reason:
            line.faults.append("Nennen Sie den Grund des Endes in einer eigenen Spalte, zum Beispiel „Austritt“.")
        line.check(membership, _PLAIN)
        if line.is_new:
            line.notes.append(membership.period_text())
            line.changes = []
        if line.is_new or line.changes:
            line.deed = lambda: actions.save_membership(membership)


def _share_a_day(one: Membership, other: Membership) -> bool:
    return not (
        (one.ended_on and other.started_on and one.ended_on < other.started_on)
        or (other.ended_on and one.started_on and other.ended_on < one.started_on)
    )


def _says_no_more(new: PartialDate, old: PartialDate) -> bool:
    """Whether the new date is the old one, or a coarser word for it: "2012" where "Dezember 2012" is known."""
    if new.precision == Precision.YEAR:
        return old.day.year == new.day.year
    if new.precision == Precision.MONTH and old.precision != Precision.YEAR:
        return (old.day.year, old.day.month) == (new.day.year, new.day.month)
    return new == old
