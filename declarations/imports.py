"""The office's list of signatories: who signed when for which body, as far as it is known; handed down, not checked.

What is stored is never rewritten. A row that says more than a signature handed down before replaces it: the old one is
withdrawn with that reason.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from core.dates import PartialDate, today
from core.folding import fold
from declarations import signing
from declarations.models import Declaration, Method, Signature
from declarations.signing import Signatory
from members.imports import cells
from members.imports.columns import AGS, BODY, KIND, NOTE, SOURCE, Field
from members.imports.lines import Change, Line
from members.models import Municipality
from users.models import User

SIGNED = Field(
    "signed",
    "Unterzeichnet am",
    "Unterzeichnet am | Unterzeichnung | Unterzeichnungsdatum | Datum der Unterzeichnung | Datum Unterzeichnung | "
    "unterzeichnet | Datum | Jahr | Beitritt | Beitrittsdatum | Beigetreten | Mitglied seit",
)
SIGNATORY = Field(
    "signatory",
    "Unterzeichnet von",
    "Unterzeichnet von | Unterzeichner | Unterzeichnerin | Unterzeichner/in | Unterzeichnende | Name | durch",
)
OFFICE = Field("office", "Amt", "Amt | Amtsbezeichnung | Funktion | Dienstbezeichnung | Amtstitel")
VERSION = Field("version", "Fassung", "Fassung | Erklärung | Version | Gemeinsame Erklärung | Titel der Erklärung")
FIELDS = (BODY, KIND, AGS, SIGNED, SIGNATORY, OFFICE, VERSION, SOURCE, NOTE)
REQUIRED = (("body", "ags"),)
_CHECKED = ("signatory_name", "signatory_office", "source", "note")
_FROM_THE_LIST = "aus der Liste der Geschäftsstelle"
_REPLACED = "durch die Liste der Geschäftsstelle genauer belegt"


class Signatures:
    """Reads the rows of one list."""

    def __init__(self, by: User | None):
        self._versions = list(Declaration.objects.all())
        self._known: dict[int, list[Signature]] = defaultdict(list)
        for signature in Signature.objects.valid().select_related("declaration"):
            self._known[signature.municipality_id].append(signature)
        self._seen: dict[tuple[int, int | None], int] = {}  # body and version → number of the row

    def read(self, line: Line, body: Municipality, row: Mapping[str, str]) -> None:
        """Fill the line with what the row means for this body."""
        line.subject = body.name
        begin = line.read(SIGNED, cells.read_date, row)
        version = line.read(VERSION, self._version, row)
        if begin and begin.day > today():
            line.faults.append("Unterzeichnet am: Prüfen Sie das Datum, es liegt in der Zukunft.")
        number = self._seen.setdefault((body.pk, version.pk if version else None), line.number)
        if number != line.number:
            line.faults.append(f"Löschen Sie diese Zeile oder Zeile {number}: Beide meinen dieselbe Unterzeichnung.")
        told = _told(body, begin, version, row)
        line.check(told, _CHECKED)
        if not line.faults:
            self._fill(line, told)

    def _version(self, text: str) -> Declaration | None:
        """The version that a cell names by its year or its title."""
        if not text:
            return None
        for version in self._versions:
            if text == str(version.started_on.year) or fold(text) in (fold(version.title), fold(str(version))):
                return version
        years = ", ".join(str(version.started_on.year) for version in self._versions) or "noch keines"
        raise ValidationError(f"Schreiben Sie das Jahr, in dem die Fassung begann ({years}), oder ihren Titel.")

    def _fill(self, line: Line, told: Signature) -> None:
        old = next((known for known in self._known[told.municipality_id] if _same(known, told)), None)
        if old is None:
            line.is_new = True
            line.notes.append(told.day_text)
            line.deed = partial(_hand_down, told, None)
            return
        line.changes = _more(old, told) if old.method == Method.HANDED_DOWN else []
        if line.changes:
            line.deed = partial(_hand_down, told, old)
        else:
            line.notes.append(f"Schon eingetragen ({old.day_text}): bleibt, wie sie ist.")


def _told(
    body: Municipality, begin: PartialDate | None, version: Declaration | None, row: Mapping[str, str]
) -> Signature:
    """What the row says, as a signature that is not stored. A source that is no address goes into the note."""
    source, note = row.get("source", ""), row.get("note", "")
    if source and "://" not in source:
        source, note = "", "; ".join(filter(None, [source, note]))
    told = Signature(municipality=body, declaration=version, method=Method.HANDED_DOWN, source=source, note=note)
    told.signatory_name, told.signatory_office = row.get("signatory", ""), row.get("office", "")
    if begin:
        told.signed_on, told.precision = begin.day, begin.precision
    return told


def _same(known: Signature, told: Signature) -> bool:
    """Whether both may mean one act: no year and no version contradicts."""
    same_year = known.year is None or told.year is None or known.year == told.year
    versions = {known.declaration_id, told.declaration_id} - {None}
    return same_year and len(versions) < 2


def _more(old: Signature, told: Signature) -> list[Change]:
    """What the row says and the stored signature does not, or says less exactly."""
    changes = []
    if told.day and (old.day is None or _is_more_exact(told.day, old.day)):
        changes.append(Change(SIGNED.label, old.day_text, told.day_text))
    if told.declaration and old.declaration is None:
        changes.append(Change(VERSION.label, "nicht belegt", str(told.declaration)))
    if told.signatory_name and not old.signatory_name:
        changes.append(Change(SIGNATORY.label, "nicht belegt", told.signatory))
    return changes


def _is_more_exact(told: PartialDate | None, known: PartialDate) -> bool:
    return told is not None and len(told.iso) > len(known.iso)


@transaction.atomic
def _hand_down(told: Signature, old: Signature | None) -> None:
    """Store it; what an old one said besides is kept."""
    begin = told.day
    if old:
        signing.withdraw(old, reason=_REPLACED)
        told.source, told.note = told.source or old.source, told.note or old.note
        begin = old.day if old.day and not _is_more_exact(told.day, old.day) else told.day
    signing.hand_down(
        told.municipality,
        begin=begin,
        declaration=told.declaration or (old.declaration if old else None),
        signatory=_signatory(told) or (_signatory(old) if old else None),
        source=told.source,
        note=told.note or ("" if told.source else _FROM_THE_LIST),
    )


def _signatory(row: Signature) -> Signatory | None:
    known = row.signatory_name or row.signatory_office
    return Signatory(row.signatory_name, row.signatory_office, row.in_deputy) if known else None
