"""Open data: today's members as CSV, JSON and GeoJSON. Nothing personal; one table of fields for all three."""

import datetime
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from django.conf import settings
from django.urls import reverse

from core.dates import today
from core.exports import Column, Table, write_csv
from members import maps
from members.directory import DirectoryEntry
from members.population import SOURCE

TITLE = "Mitglieder des Kommunen-Netzwerks: engagiert in NRW"
# Our own facts under the licence of the German administrations that asks for no more than the name of the source.
LICENCE = "Datenlizenz Deutschland – Namensnennung – Version 2.0"
LICENCE_URL = "https://www.govdata.de/dl-de/by-2-0"
ATTRIBUTION = "Kommunen-Netzwerk: engagiert in NRW"
# Key, centre and boundary come from this source (members/data/), whose terms ask for exactly these words (GeoNutzV).
MAP_ATTRIBUTION = "© GeoBasis-DE / BKG 2017 (Daten verändert)"
MAP_TERMS_URL = "https://www.gesetze-im-internet.de/geonutzv/"

Names = dict[str, DirectoryEntry]  # by slug


@dataclass(frozen=True)
class Field:
    """One fact about a member: its name in all formats, what it means, and where it comes from."""

    name: str
    meaning: str
    value: Callable[[DirectoryEntry, Names], Any]


FIELDS = (
    Field("ags", "Amtlicher Gemeindeschlüssel, acht Ziffern mit führender Null", lambda entry, _: entry.ags),
    Field("name", "Name, wie ihn das amtliche Verzeichnis führt", lambda entry, _: entry.name),
    Field("art", "Art der Gebietskörperschaft, zum Beispiel „kreisfreie Stadt“", lambda entry, _: entry.kind),
    Field(
        "kreis",
        "Kreis, in dem die Kommune liegt; leer bei kreisfreien Städten und Bezirksregierungen",
        lambda entry, names: names[entry.kreis].name if entry.kreis else "",
    ),
    Field("regierungsbezirk", "Regierungsbezirk", lambda entry, _: entry.bezirk),
    Field(
        "mitglied_seit",
        "Beginn der Mitgliedschaft, so genau wie belegt: 2017-12-06, 2012-12 oder 2014; leer: öffentlich nicht belegt",
        lambda entry, _: entry.begin.iso if entry.begin else "",
    ),
    Field(
        "themen", "Themen, die die Kommune in ihrem Profil nennt", lambda entry, _: [name for _, name in entry.topics]
    ),
    Field("website", "Website der Kommune", lambda entry, _: entry.website),
    Field("seite", "Seite der Kommune in diesem Portal", lambda entry, _: entry.address),
    Field("breite", "geografische Breite der Mitte in Grad (WGS 84)", lambda entry, _: entry.latitude),
    Field("laenge", "geografische Länge der Mitte in Grad (WGS 84)", lambda entry, _: entry.longitude),
    Field("einwohner", "Zahl der Einwohnerinnen und Einwohner, sobald sie vorliegt", lambda entry, _: entry.population),
    Field("einwohner_am", f"Stichtag dieser Zahl. {SOURCE}", lambda entry, _: _iso(entry.population_on)),
)
# About the data as a whole: in each row of the CSV, once in JSON and GeoJSON.
ABOUT = (
    Field("stand", "Tag, an dem diese Mitglieder dabei sind", lambda _entry, _: today().isoformat()),
    Field("namensnennung", "Quelle, die bei einer Verwendung zu nennen ist", lambda _entry, _: ATTRIBUTION),
    Field("lizenz", "Nutzungsbedingungen", lambda _entry, _: LICENCE),
)


def _iso(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


def members_csv(members: Iterable[DirectoryEntry], everyone: Iterable[DirectoryEntry]) -> bytes:
    """Return a table that a German Excel opens: semicolons, decimal commas, topics in one cell."""
    names = _by_slug(everyone)
    columns = [Column(field.name, partial(_in_a_cell, field, names)) for field in (*FIELDS, *ABOUT)]
    file = BytesIO()
    write_csv(Table(TITLE, columns, members), file)
    return file.getvalue()


def members_json(members: Iterable[DirectoryEntry], everyone: Iterable[DirectoryEntry]) -> bytes:
    """Return the members with their facts; what is not known is null or an empty text."""
    names = _by_slug(everyone)
    rows = [_facts(entry, names) for entry in members]
    return _as_json(_about() | {"anzahl": len(rows), "kommunen": rows})


def members_geojson(members: Iterable[DirectoryEntry], everyone: Iterable[DirectoryEntry]) -> bytes:
    """Return the members with their areas (RFC 7946); what is said about the whole stands beside "features"."""
    names = _by_slug(everyone)
    features = [
        {
            "type": "Feature",
            "id": entry.ags,
            "geometry": maps.geometry_of(entry),
            "properties": _facts(entry, names),
        }
        for entry in members
    ]
    terms = {"grenzen": MAP_ATTRIBUTION, "grenzen_bedingungen": MAP_TERMS_URL}
    return _as_json({"type": "FeatureCollection"} | _about() | terms | {"features": features})


def _by_slug(everyone: Iterable[DirectoryEntry]) -> Names:
    return {entry.slug: entry for entry in everyone}


def _facts(entry: DirectoryEntry, names: Names) -> dict[str, Any]:
    return {field.name: field.value(entry, names) for field in FIELDS}


def _in_a_cell(field: Field, names: Names, entry: DirectoryEntry) -> Any:
    value = field.value(entry, names)
    return ", ".join(value) if isinstance(value, list) else value


def _about() -> dict[str, str]:
    return {
        "titel": TITLE,
        "stand": today().isoformat(),
        "namensnennung": ATTRIBUTION,
        "lizenz": LICENCE,
        "lizenz_url": LICENCE_URL,
        "erlaeuterung": f"{settings.SITE_URL}{reverse('open_data')}",
    }


def _as_json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
