"""Emptying what names a person (Art. 17 DSGVO): her rows, their history, and mentions in the texts of others.

All of it follows the register (`core.personal`): a field that is declared is emptied. Rows stay, so that every count
stays true. Nothing here writes history, which would keep what is to be forgotten.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.html import escape

from core.history import ActingHistory
from core.personal import Record, Subject, all_records

ERASED = "gelöschte Person"


@dataclass(frozen=True)
class Finding:
    """What there is about a person in one table.

    rows: her own. versions: in their history. mentions: rows of others that name her. unsure: rows in which her surname
    stands alone, which may be a word, a town or somebody else; these are left to people.
    """

    name: str
    rows: int
    versions: int
    mentions: int
    unsure: int

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.versions or self.mentions or self.unsure)


def find(subject: Subject) -> list[Finding]:
    """Count what `empty` would touch, and change nothing; tables without a hit are left out."""
    found = [_found(record, subject) for record in all_records() if record.fields]
    return [finding for finding in found if not finding.is_empty]


def _found(record: Record, subject: Subject) -> Finding:
    versions = record.versions(subject)
    mentions = unsure = 0
    for row, values in _read(record, subject):
        mentions += bool(_changed(row, values))
        unsure += bool(_any_of(subject.surnames).search(" ".join(map(str, values.values()))))
    return Finding(
        record.name,
        record.rows(subject).count(),
        0 if versions is None else versions.count(),
        mentions,
        unsure,
    )


def empty(subject: Subject) -> None:
    """Empty her rows and their history, replace her name in the texts of others and as the actor of changes.

    Rows that go as a whole (an account) are to be deleted before. Call it in a transaction.
    """
    for record in all_records():
        blank = {name: _blank(record.model, name) for name in record.names(stays=False)}
        if blank and record.of and not record.whole:
            record.rows(subject).update(**blank)
            if (versions := record.versions(subject)) is not None:
                versions.update(**_known_to(versions.model, blank))
        for row, values in list(_read(record, subject)):
            if changed := _changed(row, values):
                type(row)._base_manager.filter(pk=row.pk).update(**changed)
    for history in _histories():
        history._base_manager.filter(actor_key__in=subject.keys).update(actor_name=ERASED)


def _histories() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if issubclass(model, ActingHistory))


def _blank(model: type[models.Model], name: str) -> Any:
    field: Any = model._meta.get_field(name)
    if isinstance(field, models.TextField) and not (field.blank or field.null):
        # A constraint may refuse an empty text, as that of a note does.
        return ERASED
    return None if field.null else {} if isinstance(field, models.JSONField) else ""


def _known_to(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the history does not keep (`excluded_fields`)."""
    names = {field.name for field in model._meta.concrete_fields}
    return {name: value for name, value in values.items() if name in names}


# --- mentions in the texts of others --------------------------------------------------------------------------------


def _read(record: Record, subject: Subject) -> Iterator[tuple[models.Model, dict[str, Any]]]:
    """Yield the rows of others, history included, that may name her, with their texts as they read without her."""
    names = record.names(mentions=True)
    if not names or not subject.clues:
        return
    pattern = _any_of({*subject.names, *subject.addresses, *subject.phones})
    own = {record.model: record.rows(subject), record.history: record.versions(subject)}
    for model, hers in own.items():
        if model is not None and hers is not None:
            for row in model._base_manager.filter(_with_clue(names, subject)).exclude(pk__in=hers.values("pk")):
                yield row, {name: _without(getattr(row, name), pattern) for name in names}


def _any_of(spellings: Collection[str]) -> re.Pattern[str]:
    """Whole words only: "Rosa Probe" stays in "Rosa Probehl". A name may be broken over two lines."""
    ways = {way for spelling in spellings for way in _ways(spelling)}
    longest_first = sorted(ways, key=len, reverse=True)
    words = "|".join(r"\s+".join(map(re.escape, spelling.split())) for spelling in longest_first)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)" if words else r"(?!)", re.IGNORECASE)


def _ways(spelling: str) -> set[str]:
    """How the same letters are written in text, HTML and JSON."""
    return {spelling, escape(spelling), json.dumps(spelling)[1:-1]}


def _with_clue(names: list[str], subject: Subject) -> Q:
    """Rows worth reading: the database finds a clue, the pattern decides."""
    wanted = Q(pk__in=[])
    for clue in subject.clues:
        for way in _ways(clue):
            for name in names:
                wanted |= Q(**{f"{name}__icontains": way})
    return wanted


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    """Replace her name in a text or in all texts of a JSON value; what holds nothing else becomes empty."""
    if isinstance(value, str):
        return "" if pattern.fullmatch(value.strip()) else pattern.sub(ERASED, value)
    if isinstance(value, dict):
        return {_without(key, pattern): _without(part, pattern) for key, part in value.items()}
    if isinstance(value, list):
        return [_without(part, pattern) for part in value]
    return value


def _changed(row: models.Model, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that differ from the row's, cut to what fits: the replacement may be longer than the name."""
    changed = {name: value for name, value in values.items() if value != getattr(row, name)}
    return {name: _cut(value, row._meta.get_field(name)) for name, value in changed.items()}


def _cut(value: Any, field: Any) -> Any:
    length = getattr(field, "max_length", None)
    return value[:length] if length and isinstance(value, str) else value
