"""Loads the register of bodies and the publicly proven members from the data files of this app."""

import csv
import datetime
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from core import revision
from core.dates import PartialDate, parse_partial_date
from core.text import clean_text
from members import actions
from members.models import Kind, Membership, Municipality

DATA = Path(__file__).parent.parent / "data"
REGISTER = DATA / "kommunen.csv"
PROVEN_MEMBERS = DATA / "members.csv"

_KIND_OF_MEMBER = {
    "Stadt": (Kind.CITY_STATUS, Kind.LARGE_TOWN, Kind.MEDIUM_TOWN, Kind.TOWN),
    "Gemeinde": (Kind.COMMUNE,),
    "Kreis": (Kind.KREIS, Kind.STAEDTEREGION),
    "Bezirksregierung": (Kind.BEZIRKSREGIERUNG,),
}


@dataclass
class Report:
    """What a load did, for the person who started it."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{key: clean_text(value or "").strip() for key, value in row.items()} for row in csv.DictReader(file)]


@transaction.atomic
def load_register(path: Path = REGISTER) -> Report:
    """Create or update all bodies by their key (AGS); a renamed municipality keeps its slug and so its address.

    Empty cells never erase what is known: population and postcodes come from the official directory later.
    """
    report = Report()
    known = Municipality.objects.in_bulk(field_name="ags")
    # Kreise come first in the key's order of levels, so that towns find theirs.
    for row in sorted(_rows(path), key=lambda row: bool(row["kreis_ags"])):
        values = _values(row) | {"kreis": known.get(row["kreis_ags"])}
        known[row["ags"]] = _save(known.get(row["ags"]) or Municipality(ags=row["ags"]), values, report)
    revision.raise_number()
    return report


def _values(row: dict[str, str]) -> dict[str, object]:
    values: dict[str, object] = {
        "ars": row["ars"],
        "name": row["name"],
        "kind": Kind(row["kind"]),
        "regierungsbezirk": row["regierungsbezirk"],
        "latitude": float(row["lat"]),
        "longitude": float(row["lon"]),
    }
    if row["population"]:
        values["population"] = int(row["population"])
        values["population_on"] = datetime.date.fromisoformat(row["population_date"])
    return values


def _save(municipality: Municipality, values: dict[str, object], report: Report) -> Municipality:
    if municipality.pk and all(getattr(municipality, name) == value for name, value in values.items()):
        report.unchanged += 1
        return municipality
    (report.changed if municipality.pk else report.created).append(str(values["name"]))
    for name, value in values.items():
        setattr(municipality, name, value)
    municipality.full_clean(exclude=["slug", "sort_key"])
    municipality.save()
    return municipality


@transaction.atomic
def load_proven_members(path: Path = PROVEN_MEMBERS) -> Report:
    """Enter the memberships that public sources prove, with source; bodies that have a membership stay as they are.

    Where no source gives a date the start stays unknown: it is never guessed from the order of joining.
    """
    report = Report()
    for row in _rows(path):
        municipality = Municipality.objects.get(name=row["name"], kind__in=_KIND_OF_MEMBER[row["kind"]])
        if Membership.history.filter(municipality=municipality).exists():
            report.unchanged += 1
            continue
        begin = parse_partial_date(row["joined"]) if row["joined"] else None
        actions.start_membership(municipality, begin=begin, source=row["source_url"], note=_note(begin))
        report.created.append(municipality.name)
    return report


def _note(begin: PartialDate | None) -> str:
    return "Beitritt öffentlich belegt" if begin else "Mitgliedschaft öffentlich belegt, Beitrittsdatum nicht"
