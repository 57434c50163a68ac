"""Open data: who signed the Gemeinsame Erklärung and when. Offices, but no names of persons."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from core.dates import today
from core.exports import Column, Table, write_csv
from declarations.models import Signature
from members.exports import ATTRIBUTION, LICENCE

TITLE = "Unterzeichnungen der Gemeinsamen Erklärung"


@dataclass(frozen=True)
class Field:
    """One fact about a signature: its name and what it means, in German."""

    name: str
    meaning: str
    value: Callable[[Signature], Any]


FIELDS = (
    Field("ags", "Amtlicher Gemeindeschlüssel, acht Ziffern mit führender Null", lambda row: row.municipality.ags),
    Field("name", "Name der Kommune heute, wie ihn das amtliche Verzeichnis führt", lambda row: row.municipality.name),
    Field("name_damals", "Name, unter dem sie unterzeichnet hat", lambda row: row.body_name),
    Field("art", "Art der Gebietskörperschaft", lambda row: row.municipality.get_kind_display()),
    Field("regierungsbezirk", "Regierungsbezirk", lambda row: row.municipality.regierungsbezirk),
    Field(
        "unterzeichnet",
        "Tag der Unterzeichnung, so genau wie belegt: 2017-12-06, 2012-12 oder 2020; leer: nicht belegt",
        lambda row: row.day.iso if row.day else "",
    ),
    Field("jahr", "Jahr der Unterzeichnung; leer: nicht belegt", lambda row: row.year or ""),
    Field(
        "fassung",
        "Titel der unterzeichneten Fassung; leer: nicht belegt",
        lambda row: row.declaration.title if row.declaration else "",
    ),
    Field(
        "fassung_ab",
        "Tag, ab dem diese Fassung gilt",
        lambda row: row.declaration.started_on.isoformat() if row.declaration else "",
    ),
    Field("amt", "Amt der Person, die unterzeichnet hat; leer: nicht belegt", lambda row: row.signatory_office),
    Field(
        "weg",
        "auf Papier, elektronisch, in einer Unterzeichnungsrunde oder überliefert",
        lambda row: row.get_method_display(),
    ),
    Field("quelle", "Adresse der Seite, die eine überlieferte Unterzeichnung belegt", lambda row: row.source),
    Field("stand", "Tag der Abfrage", lambda _: today().isoformat()),
    Field("namensnennung", "Quelle, die bei einer Verwendung zu nennen ist", lambda _: ATTRIBUTION),
    Field("lizenz", "Nutzungsbedingungen", lambda _: LICENCE),
)


def signatures_csv(rows: Iterable[Signature]) -> bytes:
    """Return a table that a German Excel opens, the newest signature first."""
    file = BytesIO()
    write_csv(Table(TITLE, [Column(field.name, field.value) for field in FIELDS], rows), file)
    return file.getvalue()
