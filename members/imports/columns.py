"""Which columns a list may have, and how people call them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.folding import sort_key

_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")


@dataclass(frozen=True)
class Field:
    """What the portal reads from a column. spelled: how lists call it, between bars; the template uses the first."""

    name: str
    label: str
    spelled: str

    @property
    def headings(self) -> list[str]:
        return [heading.strip() for heading in self.spelled.split("|")]


BODY = Field(
    "body",
    "Kommune",
    "Kommune | Name der Kommune | Stadt | Stadt/Gemeinde | Stadt/Gemeinde/Kreis | Gemeinde | Gebietskörperschaft | "
    "Mitgliedskommune | Mitglied | Ort | Verwaltung | Körperschaft | Kommune/Kreis | Kommunen | Behörde",
)
KIND = Field("kind", "Art der Kommune", "Art der Kommune | Art | Typ | Kategorie | Gebietsart | Kommunentyp | Status")
AGS = Field(
    "ags",
    "Gemeindeschlüssel (AGS)",
    "Gemeindeschlüssel | AGS | Amtlicher Gemeindeschlüssel | Gemeindekennziffer | GKZ | Kreisschlüssel | ARS | "
    "Regionalschlüssel | Gemeinde-Nr.",
)
FORM_OF_ADDRESS = Field("form_of_address", "Anrede", "Anrede")
TITLE = Field("title", "Titel", "Titel | akad. Titel | akademischer Titel | akad. Grad")
FIRST_NAME = Field("first_name", "Vorname", "Vorname | Vornamen | Rufname")
LAST_NAME = Field("last_name", "Nachname", "Nachname | Name | Familienname | Zuname | Nachnamen")
FULL_NAME = Field(
    "full_name",
    "Name im Ganzen",
    "Vorname Name | Ansprechperson | Ansprechpartner | Ansprechpartner/in | Ansprechpartnerin | Ansprechpersonen | "
    "Kontakt | Kontaktperson | Vor- und Nachname | Name Vorname | Nachname Vorname | Vorname und Name | "
    "Name und Vorname | vollständiger Name | Bürgermeister/in | Bürgermeister | Hauptverwaltungsbeamte | "
    "Hauptverwaltungsbeamter | HVB | Verwaltungsspitze | Oberbürgermeister/in | Landrat/Landrätin",
)
EMAIL = Field(
    "email",
    "E-Mail-Adresse",
    "E-Mail | Mail | E-Mail-Adresse | Mailadresse | E-Mail dienstlich | Kontakt E-Mail",
)
PHONE = Field("phone", "Telefon", "Telefon | Tel. | Telefonnummer | Rufnummer | Fon | Tel.-Nr. | Telefon dienstlich")
POSITION = Field(
    "position",
    "Stelle",
    "Stelle | Funktion | Fachbereich | Amt | Dienststelle | Organisationseinheit | Abteilung | Fachdienst | Position | "
    "Bereich | Sachgebiet | Stabsstelle | Aufgabe",
)
IS_DEPUTY = Field("is_deputy", "Vertretung (ja oder nein)", "Vertretung | Stellvertretung | Rolle | Stv.")
OFFICE_TITLE = Field(
    "office_title", "Amtsbezeichnung", "Amtsbezeichnung | Amt | Funktion | Dienstbezeichnung | Amtstitel"
)
IN_OFFICE_SINCE = Field(
    "started_on",
    "im Amt seit",
    "im Amt seit | seit | Amtsantritt | Beginn der Amtszeit | Amtszeit seit | Amtszeit ab | gewählt am | Beginn",
)
SALUTATION = Field("salutation", "Anredezeile", "Anredezeile | Briefanrede | Anrede im Brief")
ADDRESS_LINE = Field(
    "address_line", "erste Zeile der Anschrift", "erste Zeile der Anschrift | Anschriftzeile | Anschrift Zeile 1"
)
STREET = Field("street", "Straße oder Postfach", "Straße | Straße oder Postfach | Straße und Hausnummer | Postfach")
LETTER_TOWN = Field("letter_town", "PLZ und Ort", "PLZ und Ort | PLZ Ort | PLZ, Ort | PLZ/Ort | Postleitzahl und Ort")
CONTACT_SINCE = Field("started_on", "seit", "seit | Ansprechperson seit | zuständig seit | Beginn")
JOINED = Field(
    "joined",
    "Beitritt",
    "Beitritt | Beitrittsdatum | Mitglied seit | Beigetreten | Beitritt am | Datum des Beitritts | Beitrittsjahr | "
    "Jahr | Unterzeichnet am | Unterzeichnung | Datum Unterzeichnung | seit | Datum | Eintritt | dabei seit",
)
LEFT = Field(
    "ended",
    "letzter Tag",
    "letzter Tag | Austritt | Austrittsdatum | ausgetreten | ausgetreten am | Mitglied bis | bis | Ende",
)
LEFT_BECAUSE = Field("end_reason", "Grund des Endes", "Grund des Endes | Grund | Austrittsgrund")
SOURCE = Field("source", "Quelle", "Quelle | Beleg | Nachweis | Link")
NOTE = Field("note", "Anmerkung", "Anmerkung | Bemerkung | Bemerkungen | Notiz | Hinweis | Kommentar")

# Columns that our own report adds; whoever mends the file there may hand it in as it is.
REPORT_HEADINGS = ("Zeile", "Ergebnis", "Was zu tun ist")


def plain(heading: str) -> str:
    """The heading as it is compared: "E-Mail-Adresse (dienstlich)" and "email adresse" are the same."""
    return sort_key(_BRACKETS.sub(" ", heading)).replace(" ", "")


_OF_REPORT = frozenset(plain(heading) for heading in REPORT_HEADINGS)


def is_known(heading: str, fields: Iterable[Field]) -> bool:
    """Whether one of the fields is called so."""
    return any(plain(heading) == plain(name) for field in fields for name in field.headings)


def is_of_report(heading: str) -> bool:
    return plain(heading) in _OF_REPORT


def suggest(headings: Sequence[str], fields: Sequence[Field]) -> dict[str, int]:
    """Return the column of each field that exactly one column's heading names; the doubtful ones are left out."""
    found: dict[str, int] = {}
    for field in fields:
        names = {plain(name) for name in field.headings}
        columns = [index for index, heading in enumerate(headings) if heading and plain(heading) in names]
        columns = [index for index in columns if index not in found.values()]
        if len(columns) == 1:
            found[field.name] = columns[0]
    if "last_name" in found and not {"first_name", "full_name"} & set(found) and FULL_NAME in fields:
        # A single column "Name" holds the whole name.
        found["full_name"] = found.pop("last_name")
    return found


def unclear(headings: Sequence[str], columns: dict[str, int]) -> list[int]:
    """Return the columns with a heading that nothing is read from."""
    return [
        index
        for index, heading in enumerate(headings)
        if heading and index not in columns.values() and not is_of_report(heading)
    ]
