"""What the register of personal data tells: the office its Verzeichnis, a person all that is held about herself."""

import dataclasses
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from core import erasing
from core.exports import Column, Table
from core.history import ActingHistory
from core.personal import Activity, Fields, Record, Subject, all_records
from core.privacy import HISTORY, HISTORY_FIELDS
from core.retention import all_retentions
from members.models import ContactPerson, Person
from members.privacy import subject_of
from netzwerk.models import TidyRun, Viewing
from users.models import User

# Who sees these fields is "nobody": secrets and what only machines read. Their values are not shown to anybody.
_UNSEEN = "niemand"
# So many rows of a kind, and so much of a text, stand on the page; the file has all.
SHOWN, SHOWN_TEXT = 3, 200
VIEWINGS_SHOWN = 20
NIGHTS_SHOWN = datetime.timedelta(days=30)


# --- Verzeichnis von Verarbeitungstätigkeiten (Art. 30 DSGVO) ---------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One line of the Verzeichnis: fields of one kind of record that share period and visibility."""

    activity: Activity
    record: str
    fields: str
    period: str
    visible_to: str


def entries() -> list[Entry]:
    """Return the whole Verzeichnis, by activity; the history of all tables is one line."""
    found = [
        Entry(record.activity, record.name, _labels(record, fields), fields.period.ends, fields.visible_to)
        for record in all_records()
        for fields in record.fields
        if record.activity
    ]
    history = HISTORY_FIELDS
    return [*found, Entry(HISTORY, "jede Änderung", history.label, history.period.ends, history.visible_to)]


def by_activity() -> list[tuple[Activity, list[list[str]]]]:
    """Return each activity with the rows of its table."""
    grouped: dict[Activity, list[list[str]]] = {}
    for entry in entries():
        grouped.setdefault(entry.activity, []).append([entry.record, entry.fields, entry.period, entry.visible_to])
    return sorted(grouped.items(), key=lambda item: item[0].name)


def register_table() -> Table:
    """Return the Verzeichnis as a table for a file."""
    columns = [
        Column("Verarbeitungstätigkeit", lambda entry: entry.activity.name),
        Column("Zweck", lambda entry: entry.activity.purpose),
        Column("Betroffene", lambda entry: entry.activity.whose),
        Column("Rechtsgrundlage", lambda entry: entry.activity.basis),
        Column("Empfänger", lambda entry: entry.activity.recipients),
        Column("Datensatz", lambda entry: entry.record),
        Column("Angaben", lambda entry: entry.fields),
        Column("Löschung", lambda entry: entry.period),
        Column("Sichtbar für", lambda entry: entry.visible_to),
    ]
    return Table("Verzeichnis von Verarbeitungstätigkeiten", columns, entries())


def _labels(record: Record, fields: Fields) -> str:
    return fields.label or ", ".join(_label(record.model, name) for name in fields.names.split())


def _label(model: type[models.Model], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "verbose_name", name))


def nights() -> list[list[str]]:
    """Return for each period that the nightly task keeps: what, how long, its last night, rows then and in 30 days."""
    latest: dict[str, TidyRun] = {}
    total: dict[str, int] = {}
    for run in TidyRun.objects.filter(started_at__gte=timezone.now() - NIGHTS_SHOWN).order_by("started_at"):
        latest[run.key] = run
        total[run.key] = total.get(run.key, 0) + run.rows
    kept = [retention for retention in all_retentions() if retention.forget]
    return [[kind.what, kind.ends, *_night(latest.get(kind.key)), str(total.get(kind.key, 0))] for kind in kept]


def _night(run: TidyRun | None) -> tuple[str, str]:
    if run is None:
        return "noch nie", "–"
    when = date_format(timezone.localtime(run.started_at), "SHORT_DATETIME_FORMAT")
    return when, f"misslungen ({run.error})" if run.error else str(run.rows)


def viewings() -> list[list[str]]:
    """Return who of the staff looked through whose eyes lately, as rows of a table."""
    latest = Viewing.objects.select_related("person", "viewer")[:VIEWINGS_SHOWN]
    return [[_text(one, "started_at"), str(one.viewer or "ehemaliges Konto"), str(one.person)] for one in latest]


# --- what is held about one person (Art. 15 and 20 DSGVO) -----------------------------------------------------------


@dataclass(frozen=True)
class Holding:
    """The rows of one kind about a person. rows: pairs of label and text, as they are read."""

    name: str
    activity: Activity
    period: str
    rows: list[list[tuple[str, str]]]

    @property
    def shown(self) -> list[list[tuple[str, str]]]:
        """The newest rows; of a long text its beginning."""
        return [[(label, Truncator(text).chars(SHOWN_TEXT)) for label, text in row] for row in self.rows[-SHOWN:]]

    @property
    def more(self) -> int:
        return max(len(self.rows) - SHOWN, 0)


def subject_for(user: User, person: Person | None) -> Subject:
    """Return whose data an account may see: those of the person who acts in the session, and the account's own."""
    if person is None:
        return Subject(frozenset({user.key}), frozenset({user.email}))
    subject = subject_of(person)
    return dataclasses.replace(subject, keys=subject.keys | {user.key})


def holdings(subject: Subject) -> list[Holding]:
    """Return all that the register knows about her; kinds of which there is nothing are left out."""
    found = ((record, _rows(record, record.rows(subject))) for record in all_records())
    return [
        Holding(record.name, record.activity, "; ".join(dict.fromkeys(f.period.ends for f in record.fields)), rows)
        for record, rows in found
        if rows and record.activity
    ]


def _rows(record: Record, rows: models.QuerySet[Any]) -> list[list[tuple[str, str]]]:
    names = [name for fields in record.fields if fields.visible_to != _UNSEEN for name in fields.names.split()]
    related = [name for name in names if record.model._meta.get_field(name).many_to_one]
    rows = rows.select_related(*related) if related and rows.model is record.model else rows
    return [list(_read(row, names)) for row in rows]


def _read(row: models.Model, names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield label and text of the fields that hold something."""
    for name in names:
        if name in {field.name for field in row._meta.concrete_fields} and (text := _text(row, name)):
            yield _label(type(row), name), text


def _text(row: models.Model, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    if isinstance(row, ActingHistory) and row._meta.get_field(name).is_relation:
        return f"Nr. {number}" if (number := getattr(row, f"{name}_id")) else ""
    value = display() if display else getattr(row, name)
    match value:
        case None | "" | {}:
            return ""
        case bool():
            return "ja" if value else "nein"
        case datetime.datetime():
            return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
        case datetime.date():
            return date_format(value, "SHORT_DATE_FORMAT")
    return str(value)


def as_json(subject: Subject) -> dict[str, Any]:
    """Return everything about her for a file that machines read: rows, their earlier versions, her own changes."""
    return {
        "stand": timezone.localtime().isoformat(timespec="seconds"),
        "angaben": [
            {
                "art": record.name,
                "zweck": record.activity.purpose,
                "rechtsgrundlage": record.activity.basis,
                "angaben": [dict(row) for row in _rows(record, record.rows(subject))],
                "fruehere_fassungen": list(_versions(record, subject)),
            }
            for record in all_records()
            if record.of and record.activity and record.rows(subject).exists()
        ],
        "eigene_aenderungen": list(_own_changes(subject)),
    }


def _versions(record: Record, subject: Subject) -> Iterator[dict[str, str]]:
    """Earlier states with their time; who else acted is that person's own data and stays out."""
    versions = record.versions(subject)
    if versions is not None:
        for version, row in zip(versions, _rows(record, versions), strict=True):
            yield {"geändert": timezone.localtime(version.history_date).isoformat(timespec="seconds"), **dict(row)}


def _own_changes(subject: Subject) -> Iterator[dict[str, str]]:
    for model in apps.get_models():
        if issubclass(model, ActingHistory):
            what = str(model.instance_type._meta.verbose_name)  # type: ignore[attr-defined]
            rows = model._base_manager.filter(actor_key__in=subject.keys).order_by("pk")
            for moment in rows.values_list("history_date", flat=True):
                yield {"art": what, "zeit": timezone.localtime(moment).isoformat(timespec="seconds")}


def what_stays(subject: Subject) -> list[str]:
    """Return what erasing would leave of her, in words: "Ansprechperson, Vorzimmer: als Zahl ohne Namen"."""
    reasons: dict[str, list[str]] = {}
    for record in all_records():
        if record.rows(subject).exists():
            for reason in dict.fromkeys(fields.stays for fields in record.fields if fields.stays):
                reasons.setdefault(reason, []).append(record.name)
    return [f"{', '.join(names)}: {reason}" for reason, names in reasons.items()]


def releases(person: Person) -> list[list[str]]:
    """Return what she released and withdrew, the newest first: day, function, field, for whom, chosen by whom."""
    names = ("name_visibility", "email_visibility", "phone_visibility")
    before: dict[tuple[int, str], str] = {}
    log = []
    for version in ContactPerson.history.filter(person=person.pk).select_related("municipality").order_by("pk"):
        chosen_by = "Sie" if version.actor_key == person.key else "Geschäftsstelle"
        for name in names:
            if before.get((version.id, name)) != getattr(version, name):
                before[version.id, name] = getattr(version, name)
                day = date_format(timezone.localtime(version.history_date), "SHORT_DATE_FORMAT")
                field = _label(ContactPerson, name).removesuffix(" sichtbar")
                log.append([day, str(version.municipality), field, _text(version, name), chosen_by])
    return log[::-1]


def findings(person: Person) -> list[list[str]]:
    """Return what erasing would touch, as rows of a table."""
    found = erasing.find(subject_of(person))
    return [[one.name, *(str(n or "–") for n in (one.rows, one.versions, one.mentions, one.unsure))] for one in found]
