"""What an import will do with each row: the lines of the report, before anything is done."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, TextChoices

from core.values import in_words
from members.imports.columns import Field
from members.models import ContactPerson


class State(TextChoices):
    """What becomes of a row. The value is its word in the address."""

    FAULT = "berichtigen", "zu berichtigen"
    NEW = "neu", "neu"
    CHANGED = "geaendert", "geändert"
    UNCHANGED = "unveraendert", "unverändert"
    LEFT_OUT = "uebergangen", "übergangen"


@dataclass(frozen=True)
class Change:
    """One value that will be another."""

    label: str
    old: str
    new: str


@dataclass
class Line:
    """A row of the file. `deed` does what the line says; rows without one change nothing."""

    number: int
    subject: str = ""
    is_new: bool = False
    is_left_out: bool = False
    changes: list[Change] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    deed: Callable[[], Any] | None = None
    # What the deed would store: many of these are stored at once, and the deed only says what is wrong with one.
    contact: ContactPerson | None = None
    # Whoever may be invited afterwards; has a number once the deed is done.
    person: Model | None = None

    @property
    def state(self) -> State:
        if self.faults:
            return State.FAULT
        if self.is_left_out:
            return State.LEFT_OUT
        if self.is_new:
            return State.NEW
        return State.CHANGED if self.changes else State.UNCHANGED

    def read(self, field: Field, parse: Callable[[str], Any], row: Mapping[str, str], empty: Any = None) -> Any:
        """Parse the cell of this field; a refusal becomes a fault of the row under the column's label."""
        try:
            return parse(row.get(field.name, ""))
        except ValidationError as error:
            self.faults += [f"{field.label}: {message}" for message in error.messages]
            return empty

    def set(self, row: Model, values: Mapping[str, Any]) -> None:
        """Give a row of the database new values and note those that differ; empty ones never erase what is known."""
        for name, value in values.items():
            old = getattr(row, name)
            if value in (None, "") or value == old:
                continue
            label = str(row._meta.get_field(name).verbose_name)
            setattr(row, name, value)
            self.changes.append(Change(label, in_words(old), in_words(value)))

    def check(self, row: Model, fields: Iterable[str]) -> None:
        """Let the fields of the model refuse their values (length, line breaks, choices)."""
        wanted = set(fields)
        try:
            row.clean_fields(exclude={field.name for field in row._meta.fields} - wanted)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                label = row._meta.get_field(name).verbose_name
                self.faults += [f"{label}: {message}" for message in messages]


def counts(lines: Iterable[Line]) -> dict[State, int]:
    """Return how many rows there are in each state."""
    found = dict.fromkeys(State, 0)
    for line in lines:
        found[line.state] += 1
    return found
