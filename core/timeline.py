"""The history of several records as one list: who changed what, when, from which value to which.

The number of queries depends on the number of models alone, not on that of the changes.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils.text import capfirst

from core.values import in_words

ITSELF = "itself"
_DEEDS = {"+": "angelegt", "~": "geändert", "-": "gelöscht"}


@dataclass(frozen=True)
class Source:
    """History rows of one model: `Profile.history.filter(municipality=body)`.

    about: name of the foreign key that tells several records of the model apart ("person"); ITSELF for records that
    bear a name; "" if there is but one.
    fields: names of those whose changes are told, () for all.
    first: whether the first version of a record tells what it held, as a change of nothing into that.
    """

    rows: QuerySet[Any]
    about: str = ""
    fields: tuple[str, ...] = ()
    first: bool = False

    def tells(self, field: Any) -> bool:
        return field.editable and (not self.fields or field.name in self.fields)


@dataclass(frozen=True)
class Change:
    """One field: label, old and new value in German, "" for none; of a foreign key the rows, too, if there."""

    label: str
    old: str
    new: str
    old_row: models.Model | None = None
    new_row: models.Model | None = None


@dataclass(frozen=True)
class Version:
    """One deed. record: "Ansprechperson Rosa Beispiel"; deed: "angelegt", "geändert", "gelöscht"; url: that version.

    number: of the version in the record's history.
    """

    when: datetime.datetime
    who: str
    record: str
    deed: str
    changes: list[Change]
    url: str
    number: int


def timeline(sources: Iterable[Source], *, page: str | None, per_page: int = 20) -> Page[Version]:
    """Return a page of all versions, the newest first.

    page: number as it came with the address; anything that is no page shows the nearest one.
    """
    numbered = list(enumerate(sources))
    parts = [
        source.rows.order_by()
        .annotate(timeline_source=Value(number, IntegerField()))
        .values_list("history_date", "history_id", "timeline_source")
        for number, source in numbered
    ]
    keys = parts[0].union(*parts[1:], all=True).order_by("-history_date", "-history_id")
    found = Paginator(keys, per_page).get_page(page)
    wanted: dict[int, list[int]] = defaultdict(list)
    for _, history_id, number in found.object_list:
        wanted[number].append(history_id)
    rows = {(number, row.pk): row for number, source in numbered for row in _rows(source, wanted[number])}
    chosen = [(rows[number, history_id], dict(numbered)[number]) for _, history_id, number in found.object_list]
    related = _related(chosen)
    found.object_list = [_version(row, source, related) for row, source in chosen]
    return found


def _rows(source: Source, history_ids: list[int]) -> list[Any]:
    """The rows, each with its predecessor as `before`; before a first version an empty record, or None."""
    if not history_ids:
        return []
    model: Any = source.rows.model
    versions = model._default_manager
    earlier = versions.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    previous = Subquery(earlier.values("history_id")[:1])
    rows = list(versions.filter(pk__in=history_ids).select_related("history_user").annotate(timeline_previous=previous))
    befores = versions.in_bulk([row.timeline_previous for row in rows if row.timeline_previous])
    for row in rows:
        row.before = befores.get(row.timeline_previous) or (model.instance_type() if source.first else None)
    for field in model._history_m2m_fields:
        _fill_sets(field, getattr(model, field.name).model, [*rows, *befores.values()])
    return rows


def _fill_sets(field: Any, table: Any, rows: list[Any]) -> None:
    """Give each row, as an attribute named `words_of_<field>`, what its field of several values held: "Ehrenamtskarte,
    Integration". table: where django-simple-history keeps them."""
    other = field.m2m_reverse_field_name()
    held = defaultdict(list)
    for link in table._default_manager.filter(history__in=[row.pk for row in rows]).select_related(other):
        held[link.history_id].append(str(getattr(link, other)))
    for row in rows:
        setattr(row, f"words_of_{field.name}", ", ".join(sorted(held[row.pk])))


class _Rows(dict[tuple[type[models.Model], Any], models.Model]):
    """The rows that foreign keys point to."""

    def named(self, model: type[models.Model], key: Any) -> str:
        """The row's name, "" for none; of one that is gone only that there was one."""
        return str(self.get((model, key), "" if key is None else "(gelöscht)"))


def _related(chosen: list[tuple[Any, Source]]) -> _Rows:
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for row, source in chosen:
        for field in row.tracked_fields:
            if field.many_to_one and (field.name == source.about or _differs(row, field)):
                wanted[field.related_model] |= {getattr(row, field.attname), getattr(row.before, field.attname, None)}
    return _Rows(
        ((model, key), value)
        for model, keys in wanted.items()
        for key, value in model._default_manager.in_bulk(keys - {None}).items()
    )


def _differs(row: Any, field: models.Field) -> bool:
    return row.before is not None and getattr(row, field.attname) != getattr(row.before, field.attname)


def _version(row: Any, source: Source, related: _Rows) -> Version:
    model = row.instance_type
    record = capfirst(model._meta.verbose_name)
    if source.about == ITSELF:
        record += f" {row.instance}"
    elif source.about:
        other = model._meta.get_field(source.about)
        record += f" {related.named(other.related_model, getattr(row, other.attname))}"
    return Version(
        row.history_date,
        row.actor_name or str(row.history_user or "das Portal selbst"),
        record.strip(),
        _DEEDS[row.history_type],
        [*_changes(row, source, related), *_changes_of_sets(row, source)],
        _url(row),
        row.pk,
    )


def _changes(row: Any, source: Source, related: _Rows) -> list[Change]:
    told = [field for field in row.tracked_fields if source.tells(field) and _differs(row, field)]
    return [_change(row, field, related) for field in told]


def _change(row: Any, field: Any, related: _Rows) -> Change:
    old, new = (_worded(field, version, related) for version in (row.before, row))
    rows = (related.get((field.related_model, getattr(version, field.attname))) for version in (row.before, row))
    return Change(capfirst(field.verbose_name), old, new, *rows)


def _worded(field: Any, row: Any, related: _Rows) -> str:
    value = getattr(row, field.attname)
    if field.many_to_one:
        return related.named(field.related_model, value)
    return in_words(value, field)


def _changes_of_sets(row: Any, source: Source) -> list[Change]:
    """Changes of fields with several values, such as topics."""
    fields = [field for field in row._history_m2m_fields if row.before and source.tells(field)]
    held = [
        (field, *(getattr(version, f"words_of_{field.name}", "") for version in (row.before, row))) for field in fields
    ]
    return [Change(capfirst(field.verbose_name), old, new) for field, old, new in held if old != new]


def _url(row: Any) -> str:
    """The back office's page of this version; "" for records that have none."""
    model = row.instance_type
    if not admin.site.is_registered(model):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_simple_history", args=[row.id, row.pk])
