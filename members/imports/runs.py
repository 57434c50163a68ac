"""An import from the file to its result. Between the steps everything lies in an `ImportRun`; nothing else changes
until `carry_out`, which does all rows or none."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.tables import Table, read_table
from core.text import one_line
from members.actions import save_contacts
from members.imports import cells, contacts, heads, memberships
from members.imports.bodies import Bodies, LeftOutError, Question, UnclearError
from members.imports.cells import is_nothing
from members.imports.columns import AGS, Field, is_known, suggest, unclear
from members.imports.destatis import plan_directory, read_directory
from members.imports.lines import Line, State, counts
from members.models import ContactPerson, ImportKind, ImportRun, Municipality, Person
from users.models import User

# Rows below the list in which somebody counted or signed.
_CLOSING_WORDS = ("summe", "gesamt", "insgesamt", "anzahl", "stand", "quelle", "erstellt", "total")


class Reader(Protocol):
    """What reads the rows of one kind of list; made anew for each plan, so that it knows what is stored now."""

    def read(self, line: Line, body: Municipality, row: Mapping[str, str]) -> None: ...


@dataclass(frozen=True)
class Kind:
    """What one kind of list holds. required: of each group of fields at least one must have a column."""

    fields: tuple[Field, ...]
    required: tuple[tuple[str, ...], ...]
    reader: Callable[[User | None], Reader]


KINDS = {
    ImportKind.CONTACTS: Kind(contacts.FIELDS, contacts.REQUIRED, contacts.Contacts),
    ImportKind.HEADS: Kind(heads.FIELDS, heads.REQUIRED, heads.Heads),
    ImportKind.MEMBERSHIPS: Kind(memberships.FIELDS, memberships.REQUIRED, memberships.Memberships),
}


def add_kind(word: ImportKind, kind: Kind) -> None:
    """Let a room above read in lists of its own; called once, when Django starts."""
    KINDS[word] = kind


@dataclass
class Plan:
    """What an import would do. Questions stand for rows whose body is not clear; while there are any, none is done.

    source: what it was read from; new rows do not list their values.
    """

    lines: list[Line] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    rows_of_questions: dict[str, list[int]] = field(default_factory=dict)
    source: Sequence[object] = ()

    @property
    def counts(self) -> dict[str, int]:
        """The numbers by state, in words of the address."""
        return {str(state): number for state, number in counts(self.lines).items()}

    @property
    def fingerprint(self) -> str:
        """What was read and what comes of it as a short text: it comes back with the press of the button."""
        lines = [(line.number, line.state, line.changes, line.faults, line.notes) for line in self.lines]
        return hashlib.sha256(repr((self.source, lines)).encode()).hexdigest()

    @property
    def to_mend(self) -> str:
        """How many rows stand in the way."""
        number = self.counts[State.FAULT]
        return "1 Zeile ist zu berichtigen." if number == 1 else f"{number} Zeilen sind zu berichtigen."

    @property
    def button(self) -> str:
        """What the press of the button will do, in numbers."""
        new, changed = self.counts[State.NEW], self.counts[State.CHANGED]
        parts = [f"{number} {word}" for number, word in ((new, "neue"), (changed, "geänderte")) if number]
        return f"{' und '.join(parts)} einlesen" if parts else "Abschließen: Es ändert sich nichts"

    @property
    def can_be_done(self) -> bool:
        return not self.questions and not any(line.faults for line in self.lines)


def read_file(kind: str, data: bytes) -> Table:
    """Read an uploaded file as this kind of list; ValidationError (German) if it cannot be."""
    if kind == ImportKind.DIRECTORY:
        return read_directory(data)
    fields = KINDS[ImportKind(kind)].fields
    return read_table(data, known=lambda text: is_known(text, fields))


@transaction.atomic
def open_run(kind: str, *, file_name: str, table: Table, by: User | None) -> ImportRun:
    """Keep a file that was read; what its headings say is settled at once, what they leave open is asked."""
    run = ImportRun(kind=kind, created_by=by)
    _keep_table(run, file_name, table)
    run.save()
    return run


@transaction.atomic
def replace_file(run: ImportRun, *, file_name: str, table: Table) -> None:
    """Take a mended file in place of the old one. Answers stay; the columns, too, if the headings are the same."""
    _lock_open(run)
    columns = run.columns if tuple(run.headings) == table.headings else None
    _keep_table(run, file_name, table)
    run.columns = run.columns or columns
    run.save()


def _keep_table(run: ImportRun, file_name: str, table: Table) -> None:
    run.file_name = one_line(file_name, 200)
    run.sheet, run.other_sheets = table.sheet[:100], list(table.other_sheets)
    run.headings = list(table.headings)
    run.rows = [[row.number, list(row.cells)] for row in table.rows]
    run.columns = {} if run.kind == ImportKind.DIRECTORY else _settled(run)


def _settled(run: ImportRun) -> dict[str, int] | None:
    """The columns, if the headings leave nothing to ask."""
    columns = suggested_columns(run)
    is_clear = not missing(run.kind, columns) and not unclear(run.headings, columns)
    return columns if is_clear else None


def suggested_columns(run: ImportRun) -> dict[str, int]:
    """The column of each field as its heading suggests; fields that several columns may hold are left out."""
    return suggest(run.headings, KINDS[ImportKind(run.kind)].fields)


def missing(kind: str, columns: Mapping[str, int]) -> list[tuple[Field, ...]]:
    """Return the groups of fields of which the list must hold one and holds none."""
    wanted = KINDS[ImportKind(kind)]
    by_name = {field.name: field for field in wanted.fields}
    return [tuple(by_name[name] for name in group) for group in wanted.required if not set(group) & set(columns)]


@transaction.atomic
def settle_columns(run: ImportRun, columns: Mapping[str, int]) -> None:
    """Keep what a person has said about the columns."""
    _lock_open(run)
    run.columns = dict(columns)
    run.save(update_fields=["columns"])


@transaction.atomic
def answer(run: ImportRun, answers: Mapping[str, str]) -> None:
    """Keep which body each spelling means: its AGS, or "" for rows to leave out."""
    _lock_open(run)
    run.answers = run.answers | dict(answers)
    run.save(update_fields=["answers"])


@transaction.atomic
def discard(run: ImportRun) -> None:
    """Throw the list away."""
    _lock_open(run)
    run.delete()


def _lock(run: ImportRun) -> None:
    """Bring the run up to date, for a colleague may be at it, too, and keep it so until the transaction ends."""
    try:
        run.refresh_from_db(from_queryset=ImportRun.objects.select_for_update())
    except ImportRun.DoesNotExist as error:
        raise ValidationError("Beginnen Sie neu: Diese Liste ist schon verworfen.") from error


def _lock_open(run: ImportRun) -> None:
    _lock(run)
    if run.imported_at:
        raise ValidationError("Beginnen Sie neu: Diese Liste ist schon eingelesen.")


def plan_for(run: ImportRun, by: User | None = None) -> Plan:
    """Return what reading the list in would do now. Changes nothing, however often it is asked."""
    if run.kind == ImportKind.DIRECTORY:
        return Plan(plan_directory(run.rows, by), source=_source(run))
    return _Planning(run, by).plan


def _source(run: ImportRun) -> list[object]:
    return [run.rows, sorted((run.columns or {}).items()), sorted(run.answers.items())]


class _Planning:
    """Goes through the rows once."""

    def __init__(self, run: ImportRun, by: User | None):
        kind = KINDS[ImportKind(run.kind)]
        self._run = run
        self._labels = {field.name: field.label for field in kind.fields}
        self._reader = kind.reader(by)
        self._bodies = Bodies(run.answers)
        self.plan = Plan(source=_source(run))
        for number, texts in run.rows:
            if (line := self._line(number, texts)) is not None:
                self.plan.lines.append(line)

    def _line(self, number: int, texts: Sequence[str]) -> Line | None:
        columns = self._run.columns or {}
        values = {name: texts[at] for name, at in columns.items() if at < len(texts) and not is_nothing(texts[at])}
        line = Line(number, _subject(texts, values))
        if _is_closing(texts):
            line.is_left_out = True
            line.notes.append("Steht unter der Liste: Summe, Stand oder Anmerkung.")
            return line
        line.faults += self._faults(texts, values)
        body = self._body(line, values)
        if body is not None and not line.faults:
            self._reader.read(line, body, values)
        return None if body is None and not line.faults and not line.is_left_out else line

    def _faults(self, texts: Sequence[str], values: Mapping[str, str]) -> Iterator[str]:
        if any(texts[len(self._run.headings) :]):
            yield (
                "Prüfen Sie die Trennzeichen: Die Zeile hat mehr Spalten als die Überschrift. Text mit Komma oder "
                "Semikolon gehört in Anführungszeichen."
            )
        for name, text in values.items():
            if text.startswith("#") and text.rstrip("!?").isupper():
                yield f"{self._labels[name]}: Berichtigen oder leeren Sie die Zelle, dort steht der Fehler {text}."

    def _body(self, line: Line, values: Mapping[str, str]) -> Municipality | None:
        """The body of the row; None with a fault, left out, or with a question that the row waits for."""
        ags = line.read(AGS, cells.read_ags, values, "")
        if line.faults:
            return None
        try:
            return self._bodies.of(values.get("body", ""), values.get("kind", ""), ags)
        except UnclearError as error:
            spelling = error.question.spelling
            self.plan.questions.setdefault(spelling, error.question)
            self.plan.rows_of_questions.setdefault(spelling, []).append(line.number)
        except LeftOutError:
            line.is_left_out = True
            line.notes.append("Auf Ihren Wunsch nicht eingelesen.")
        except ValidationError as error:
            line.faults += error.messages
        return None


def _subject(texts: Sequence[str], values: Mapping[str, str]) -> str:
    """What a person recognises the row by as long as it is not read: name and body, else its first cells."""
    name = values.get("full_name") or " ".join(values[part] for part in ("first_name", "last_name") if part in values)
    named = ", ".join(filter(None, [name, values.get("body", "")]))
    return named or " ".join(list(filter(None, texts))[:3])


def _is_closing(texts: Sequence[str]) -> bool:
    """Whether the row is no entry but what stands below a list."""
    filled = [text for text in texts if text]
    word = filled[0].split()[0].rstrip(":").casefold()
    return len(filled) <= 3 and word in _CLOSING_WORDS


@transaction.atomic
def carry_out(run: ImportRun, *, expected: str, by: User | None) -> dict[str, int]:
    """Read the list in, all rows or none, and return the numbers by state. The rows are emptied afterwards.

    expected: the fingerprint of the plan that the person has seen; if another would come out now, nothing is done.
    Called again, it changes nothing. Raises ValidationError (German).
    """
    _lock(run)
    if run.imported_at:
        return dict(run.counts)
    _hold_people()
    plan = plan_for(run, by)
    if plan.questions:
        raise ValidationError("Beantworten Sie zuerst, welche Kommunen gemeint sind.")
    if not plan.can_be_done:
        raise ValidationError("Berichtigen Sie zuerst die Zeilen, die unten stehen.")
    if plan.fingerprint != expected:
        raise ValidationError(
            "Prüfen Sie die Liste noch einmal: Inzwischen hat jemand etwas geändert, und es kommt etwas anderes heraus."
        )
    _do_all(plan.lines)
    persons = dict.fromkeys(line.person.pk for line in plan.lines if line.person)
    run.counts, run.person_ids = plan.counts, list(persons)
    run.rows, run.headings, run.answers = [], [], {}
    run.imported_at = timezone.now()
    run.save()
    return plan.counts


def _hold_people() -> None:
    """Let nobody change persons or who answers between what the plan says and what is stored."""
    for rows in (ContactPerson.objects.order_by("pk"), Person.objects.order_by("pk")):
        list(rows.select_for_update().values_list("pk"))


def _do_all(lines: Sequence[Line]) -> None:
    """Do what the lines say: contacts together, which takes seconds for thousands, all else row by row."""
    contacts = [line.contact for line in lines if line.contact]
    try:
        with transaction.atomic():
            save_contacts(contacts)
    except IntegrityError:
        # What only the database has seen: row by row, so that the sentence names the row.
        rest = lines
    else:
        rest = [line for line in lines if not line.contact]
    for line in rest:
        _do(line)


def _do(line: Line) -> None:
    if line.deed is None:
        return
    try:
        line.deed()
    except ValidationError as error:
        messages = " ".join(error.messages)
        raise ValidationError(f"Prüfen Sie Zeile {line.number} ({line.subject}): {messages}") from error


@transaction.atomic
def read_in_at_once(kind: str, *, file_name: str, data: bytes) -> dict[str, int]:
    """Read a file in without asking, for commands; return the numbers by the states' German names.

    Raises ValidationError (German) naming the first fault.
    """
    run = open_run(kind, file_name=file_name, table=read_file(kind, data), by=None)
    plan = plan_for(run)
    for line in plan.lines:
        if line.faults:
            raise ValidationError(f"Zeile {line.number} ({line.subject}): {' '.join(line.faults)}")
    found = carry_out(run, expected=plan.fingerprint, by=None)
    return {State(state).label: number for state, number in found.items() if number}


def count_without_access(run: ImportRun) -> int:
    """Return how many persons of the list, once read in, have no access, whether or not they may be invited."""
    return Person.objects.filter(pk__in=run.person_ids, user=None).count()


def invitable(run: ImportRun) -> list[Person]:
    """Persons of the list, once read in, who have an address and no access yet and stand for a member."""
    persons = Person.objects.with_access(or_later=True).filter(pk__in=run.person_ids, user=None)
    return list(persons.exclude(email="").order_by("sort_key"))
