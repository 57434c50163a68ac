"""History of every change: who, when, old and new values (django-simple-history), and the acting person's name as text.

Several persons may share one account, and a person may be erased; so a history row keeps the account and, beside
it, the key and name of whoever acted. Set the actor with `acting_as`; the web does so in a middleware of `members`.

A form that changes a record carries the record's version (`version_of`); before it saves, `changed_since` tells what
others saved in the meantime. `core.backoffice.RecordAdmin` does so for every record of the back office.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst
from simple_history.models import HistoricalRecords
from simple_history.template_utils import ObjDiffDisplay
from simple_history.utils import get_m2m_reverse_field_name

from core.values import in_words

# Of a longer text only the parts that differ are shown.
_SHOWN_LENGTH = 300


@dataclass(frozen=True)
class Actor:
    """Who acts: an opaque key ("person:17", "system") and the name as it shall be read later."""

    key: str = ""
    name: str = ""


_actor: ContextVar[Actor] = ContextVar("actor", default=Actor())  # noqa: B039 - an Actor is frozen


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Name the actor of all changes made inside the block."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def actor_key() -> str:
    return _actor.get().key


def actor_name() -> str:
    return _actor.get().name


class ActingHistory(models.Model):
    """Base of all history rows; the defaults read the actor at the moment of the change."""

    actor_key = models.CharField(max_length=40, blank=True, default=actor_key)
    actor_name = models.CharField(max_length=200, blank=True, default=actor_name)

    class Meta:
        abstract = True


def keep_history(**options: Any) -> HistoricalRecords:
    """Declare on a model that its changes are kept: `history = keep_history()`."""
    return HistoricalRecords(bases=[ActingHistory], **options)


# --- what happened since somebody looked --------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One field that is different now. label, old and new: German, as plain text, "" for nothing."""

    field: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class News:
    """What was saved since a version: by whom (one name after the other), when at last, and what is different."""

    who: str
    when: datetime.datetime
    changes: tuple[Change, ...]


def version_of(model: type[models.Model], pk: Any) -> int:
    """Return the number of a record's newest version, 0 if it has none.

    Read it before the record itself: then the number is never newer than what the reader sees.
    """
    newest = _versions(model, pk).order_by("-history_id").values_list("history_id", flat=True).first()
    return newest or 0


def changed_since(row: models.Model, version: int, *, reader: models.Model | None = None) -> News | None:
    """Return what is different since that version of the row; None if nothing is, or if it never had that version.

    version: 0 for a row without history, as migrations make them; what it held is not known then, so the news name no
    changes. reader: the account that asks; what she saved herself, in another window, is said to be hers.
    To be sure that nobody saves between asking and saving, hold the row's lock.
    """
    later = list(_versions(type(row), row.pk).filter(history_id__gt=version).order_by("history_id"))
    seen = version_at(row, version)
    if not later or (seen is None and version):
        return None
    delta = later[-1].diff_against(seen, foreign_keys_are_objs=True).changes if seen else []
    changes = tuple(_change(row._meta.get_field(change.field), change.old, change.new) for change in delta)
    names = dict.fromkeys(_who(record, reader) for record in later)
    return News(" und ".join(names), later[-1].history_date, changes) if changes or not seen else None


def version_at(row: models.Model, version: int) -> Any:
    """Return that version of the row as a history record, None if the row never had it."""
    return _versions(type(row), row.pk).filter(history_id=version).first()


def many_at(record: Any) -> dict[str, list[Any]]:
    """Return the keys that the record's fields of many (topics of a profile) held at that version."""
    return {
        field.name: list(getattr(record, field.name).values_list(f"{get_m2m_reverse_field_name(field)}_id", flat=True))
        for field in record._history_m2m_fields
    }


def _versions(model: type[models.Model], pk: Any) -> models.QuerySet:
    return model.history.filter(**{model._meta.pk.attname: pk})  # type: ignore[attr-defined]


def _who(record: Any, reader: models.Model | None) -> str:
    if reader is not None and record.history_user_id == reader.pk and record.actor_key == actor_key():
        return "Sie selbst in einem anderen Fenster"
    return record.actor_name or str(record.history_user or "das Portal selbst")


def _change(field: Any, old: Any, new: Any) -> Change:
    shorten = ObjDiffDisplay(max_length=_SHOWN_LENGTH).common_shorten_repr
    return Change(field.name, capfirst(field.verbose_name), *shorten(_shown(field, old), _shown(field, new)))


def _shown(field: Any, value: Any) -> str:
    if field.many_to_many:
        return ", ".join(sorted(str(through[get_m2m_reverse_field_name(field)]) for through in value))
    return in_words(value, field)
