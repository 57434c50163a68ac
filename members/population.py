"""Inhabitants in words: of one body, and the share of all that live in member towns. Figures come from Destatis."""

from collections.abc import Iterable
from dataclasses import dataclass

from members.directory import DirectoryEntry
from members.models.municipalities import TOWN_KINDS

SOURCE = "Quelle: Statistisches Bundesamt (Destatis), GV-ISys"


@dataclass(frozen=True)
class Share:
    """A share with its words, for the start page."""

    value: str
    label: str
    note: str
    source: str = ""


def inhabitants(entry: DirectoryEntry) -> str:
    """Return how many people live there, on which day, and who says so; empty before the directory is loaded."""
    if entry.population is None or entry.population_on is None:
        return ""
    number = f"{entry.population:,}".replace(",", ".")
    return f"{number} Einwohnerinnen und Einwohner am {entry.population_on:%d.%m.%Y}. {SOURCE}"


def share_of_members(everyone: Iterable[DirectoryEntry]) -> Share:
    """Return the share of the people who live in member towns; of the towns, until all their figures are loaded.

    Kreise and Bezirksregierungen do not count: they would count the people of their towns twice.
    """
    towns = [entry for entry in everyone if entry.kind in TOWN_KINDS]
    members = [entry for entry in towns if entry.is_member]
    days = {entry.population_on for entry in towns}
    day = days.pop() if len(days) == 1 else None
    people = sum(entry.population or 0 for entry in towns)
    if day is None or not people:
        return Share(
            _percent(len(members), len(towns)),
            "der Städte und Gemeinden",
            f"{len(members)} von {len(towns)} sind dabei",
        )
    return Share(
        _percent(sum(entry.population or 0 for entry in members), people),
        "der Menschen in NRW",
        f"leben in einer von {len(members)} Städten und Gemeinden, die dabei sind",
        f"Menschen in NRW: Stand {day:%d.%m.%Y}. {SOURCE}.",
    )


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole) if whole else 0} %"
