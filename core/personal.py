"""Which fields hold personal data, and why: the register behind data protection as running code.

Each app declares its models in its `privacy.py` and registers them when Django starts. From the register come the
Verzeichnis von Verarbeitungstätigkeiten (Art. 30 DSGVO), what a person is told about herself (Art. 15) and what is
emptied when she is erased (Art. 17). `gaps()` names every field that nobody declared; a test keeps it empty.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from core.retention import Retention

# Can hold nothing that names a person. Dates and numbers may be declared personal all the same.
_HARMLESS = (
    models.AutoField,
    models.BooleanField,
    models.DateField,
    models.DecimalField,
    models.DurationField,
    models.FloatField,
    models.IntegerField,
)
# Libraries' tables about the portal itself.
_FOREIGN = {"auth", "contenttypes"}
_UNDECLARED = (
    "declare it in the privacy.py of its app (a library's in users/ or netzwerk/): whose data it is (fields=…), "
    "who did something (actors=…), or that it is no personal data (impersonal=…)."
)


@dataclass(frozen=True)
class Activity:
    """A processing activity ("Verarbeitungstätigkeit") with what Art. 30 Abs. 1 DSGVO asks for, in German."""

    name: str
    purpose: str
    whose: str
    basis: str
    recipients: str


@dataclass(frozen=True)
class Subject:
    """Whose data is asked for: her keys as queue and history name her ("person:17"), and how texts may name her.

    addresses, names, phones: all of today and of her history, as whole as texts write them ("Rosa Beispiel", "Frau
    Beispiel"). An address or name that others bear, too, is not hers alone and stays out. surnames: what to look for.
    """

    keys: frozenset[str]
    addresses: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()

    @property
    def clues(self) -> frozenset[str]:
        """What every mention of her contains; a text without any of it does not name her."""
        return self.surnames | self.addresses | self.phones

    def ids(self, kind: str) -> list[int]:
        """Return the numbers behind her keys of one kind: 17 for "person:17"."""
        return [int(key.partition(":")[2]) for key in self.keys if key.startswith(f"{kind}:")]

    def has_address(self, field: str) -> Q:
        """Rows whose field is one of her addresses, in whatever case."""
        wanted = Q(pk__in=[])
        for address in self.addresses:
            wanted |= Q(**{f"{field}__iexact": address})
        return wanted


@dataclass(frozen=True)
class Fields:
    """Personal fields of one model that share period and visibility.

    names: separated by blanks. visible_to: German. label: German, where the fields' own names are none for readers.
    stays: German reason why erasing leaves them, "" if it empties them. mentions: others write these texts and may
    name anybody in them.
    """

    names: str
    period: Retention
    visible_to: str
    label: str = ""
    stays: str = ""
    mentions: bool = False


@dataclass(frozen=True)
class Record:
    """A model with its personal fields and those that are none.

    of(subject): her rows; it must use fields that the history has, too ("id", not "pk"). None: the rows belong to
    nobody in particular, but texts in them may name her. actors: relations that only say which account did it; they
    end with the account. impersonal: texts that hold no personal data. title: German, where the model has none.
    whole: its rows are deleted together with their account; until then erasing empties nothing in them.
    """

    model: type[models.Model]
    activity: Activity | None = None
    of: Callable[[Subject], Q] | None = None
    fields: tuple[Fields, ...] = ()
    actors: str = ""
    impersonal: str = ""
    title: str = ""
    whole: bool = False

    def names(self, *, mentions: bool | None = None, stays: bool | None = None) -> list[str]:
        """Return the names of its personal fields, of all or of those of one sort."""
        return [
            name
            for fields in self.fields
            if mentions in (None, fields.mentions) and stays in (None, bool(fields.stays))
            for name in fields.names.split()
        ]

    @property
    def name(self) -> str:
        return self.title or str(self.model._meta.verbose_name)

    @property
    def history(self) -> type[models.Model] | None:
        """The model of its history rows, if it keeps any."""
        manager = getattr(self.model, "history", None)
        return manager.model if manager is not None else None

    def rows(self, subject: Subject) -> models.QuerySet[Any]:
        """Return her rows, the oldest first; none if the rows belong to nobody."""
        wanted = self.of(subject) if self.of else Q(pk__in=[])
        return self.model._base_manager.filter(wanted).order_by("pk")

    def versions(self, subject: Subject) -> models.QuerySet[Any] | None:
        """Return the history of her rows, also of those deleted since; None if the model keeps none."""
        if self.history is None:
            return None
        wanted = self.of(subject) if self.of else Q(pk__in=[])
        return self.history._base_manager.filter(wanted).order_by("pk")


_records: dict[type[models.Model], Record] = {}


def register(*records: Record) -> None:
    """Make models known; a second record of the same model is a programming error."""
    for record in records:
        if _records.get(record.model, record) is not record:
            raise ValueError(f"{record.model.__name__} is registered twice")
        _records[record.model] = record


def all_records() -> list[Record]:
    """Return all records, those of the highest app first."""
    return list(_records.values())


def gaps() -> list[str]:
    """Return a sentence for each field of the database that could name a person and that no app declared.

    History rows have the fields of their model and are declared with it.
    """
    return [
        sentence
        for model in apps.get_models()
        if model._meta.app_label not in _FOREIGN and not hasattr(model, "instance_type")
        for sentence in _gaps_of(model)
    ]


def _gaps_of(model: type[models.Model]) -> list[str]:
    record = _records.get(model, Record(model))
    declared = {*record.names(), *record.actors.split(), *record.impersonal.split()}
    fields = {field.name: field for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    missing = [name for name, field in fields.items() if name not in declared and not _is_harmless(field)]
    return [
        *(f"{model.__name__}.{name}: {_UNDECLARED}" for name in missing),
        *(f"{model.__name__}.{name}: declared, but the model has no such field." for name in declared - fields.keys()),
    ]


def _is_harmless(field: Any) -> bool:
    if field.is_relation:
        target = _records.get(field.related_model)
        return field.related_model._meta.app_label in _FOREIGN or not (target and target.of)
    return isinstance(field, _HARMLESS) and not field.choices
