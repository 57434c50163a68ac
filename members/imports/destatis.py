"""The official directory of Destatis (GV-ISys): population, its date, area and postcode of all bodies of NRW.

The quarterly file "AuszugGV4Q" has a row per municipality for all of Germany. Kreise and Bezirksregierungen have no
figures there: theirs are the sums of their towns.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError

from core.tables import Row, Table
from core.workbooks import is_container, read_workbook
from members.imports.lines import Line
from members.models import Municipality
from members.models.municipalities import KREIS_KINDS
from users.models import User

HEADINGS = ("AGS", "ARS", "Name", "Einwohner", "Einwohner am", "Fläche km²", "PLZ")
_NRW, _MUNICIPALITY = "05", "60"  # Land, Satzart
# Columns of the file, counted from 0.
_LAND, _AREA, _POPULATION, _NAME, _POSTCODE = 2, 8, 9, 7, 13
_LOOKED_AT = 12
_DATE = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_NOT_THE_FILE = (
    "Wählen Sie den „Auszug aus dem Gemeindeverzeichnis“ des Statistischen Bundesamts, Quartalsausgabe als "
    "Excel-Datei: In dieser Datei stehen die erwarteten Spalten nicht."
)


def read_directory(data: bytes) -> Table:
    """Return the municipalities of NRW out of the official file as a plain table under `HEADINGS`.

    Raises ValidationError (German) if it is another file.
    """
    if not is_container(data):
        raise ValidationError(_NOT_THE_FILE)
    for name, rows in read_workbook(data):
        top = dict(rows[:_LOOKED_AT])
        date = _population_date(list(top.values()))
        found = [Row(number, values) for number, cells in rows if (values := _values(cells, date))]
        if date and found:
            return Table(HEADINGS, tuple(found), name)
    raise ValidationError(_NOT_THE_FILE)


def _population_date(top: Sequence[Sequence[str]]) -> str:
    """The day that the population counts for; it stands under its heading, in a row of its own."""
    heads = [cells for cells in top if len(cells) > _POPULATION and cells[_POPULATION].startswith("Bevölkerung")]
    dates = [match for cells in top if len(cells) > _POPULATION and (match := _DATE.search(cells[_POPULATION]))]
    if not heads or not dates:
        return ""
    day, month, year = dates[0].groups()
    return f"{year}-{int(month):02}-{int(day):02}"


def _values(cells: Sequence[str], date: str) -> tuple[str, ...] | None:
    if len(cells) <= _POSTCODE or cells[0] != _MUNICIPALITY or cells[_LAND] != _NRW:
        return None
    land, bezirk, kreis, verband, gemeinde = cells[_LAND:_NAME]
    name = cells[_NAME].partition(",")[0].strip()  # "Düsseldorf, Stadt"
    ags, ars = land + bezirk + kreis + gemeinde, land + bezirk + kreis + verband + gemeinde
    return ags, ars, name, cells[_POPULATION], date, cells[_AREA], cells[_POSTCODE]


class Figures:
    """Plans what the figures change. Lines of towns bear their number in the file, sums of the larger bodies none."""

    def __init__(self, table_rows: Sequence[tuple[int, Sequence[str]]]):
        self._rows = table_rows
        self._bodies = Municipality.objects.in_bulk(field_name="ags")

    def lines(self) -> list[Line]:
        """All lines: towns, sums, and bodies that only one side knows."""
        figures: dict[str, dict[str, Any]] = {}
        lines = [self._town(number, cells, figures) for number, cells in self._rows]
        for body in self._bodies.values():
            if body.is_town and body.ags not in figures and body.successor_id is None:
                lines.append(_note(body.name, "Fehlt im Verzeichnis. Tragen Sie bei der Kommune die Nachfolge ein."))
            elif not body.is_town:
                lines.append(self._sum(body, figures))
        return lines

    def _town(self, number: int, cells: Sequence[str], figures: dict[str, dict[str, Any]]) -> Line:
        ags, ars, name, population, date, area, postcode = cells
        body = self._bodies.get(ags)
        if body is None:
            return _note(name, f"Steht mit dem Schlüssel {ags} im Verzeichnis, aber nicht im Portal.", number)
        line = Line(number, name)
        try:
            figures[ags] = {
                "population": int(population),
                "population_on": datetime.date.fromisoformat(date),
                "area_km2": Decimal(area).quantize(Decimal("0.01")),
            }
        except (ValueError, InvalidOperation):
            line.faults.append("Prüfen Sie Einwohnerzahl, Stichtag und Fläche: Hier stehen keine Zahlen.")
            return line
        return self._changed(line, body, {"name": name, "ars": ars, "postcode": postcode} | figures[ags])

    def _sum(self, body: Municipality, figures: Mapping[str, Mapping[str, Any]]) -> Line:
        parts = [
            figures[town.ags]
            for town in self._bodies.values()
            if town.is_town and town.ags in figures and _belongs(town, body)
        ]
        line = Line(0, body.name, notes=[f"Summe von {len(parts)} Städten und Gemeinden"])
        if not parts:
            line.is_left_out = True
            return line
        values = {
            "population": sum(part["population"] for part in parts),
            "population_on": parts[0]["population_on"],
            "area_km2": sum((part["area_km2"] for part in parts), Decimal(0)),
        }
        return self._changed(line, body, values)

    def _changed(self, line: Line, body: Municipality, values: Mapping[str, Any]) -> Line:
        line.set(body, values)
        line.check(body, values)
        if line.changes:
            line.deed = body.save
        return line


def _belongs(town: Municipality, body: Municipality) -> bool:
    if body.kind in KREIS_KINDS:
        return town.kreis_id == body.pk
    return town.regierungsbezirk == body.regierungsbezirk


def _note(name: str, text: str, number: int = 0) -> Line:
    return Line(number, name, is_left_out=True, notes=[text])


def plan_directory(rows: Sequence[tuple[int, Sequence[str]]], by: User | None) -> list[Line]:
    """Return what reading these rows (see `read_directory`) will change."""
    return Figures(rows).lines()
