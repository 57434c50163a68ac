"""The steps of an import as forms: file, columns, bodies that spellings mean, filter of the report."""

import hashlib

from django import forms

from core.tables import MAX_BYTES, column_letter
from members.imports import runs
from members.imports.bodies import LEAVE_OUT, Question, named_exactly
from members.imports.columns import is_of_report
from members.imports.lines import State
from members.models import ImportKind, ImportRun

# More questions on one page would be answered without reading; the next ones follow.
QUESTIONS_AT_ONCE = 30
_ANOTHER = "andere"
_NONE = "keine"
_EVERYTHING = "alle"
_SAMPLE = 40


class UploadForm(forms.Form):
    """One file. `table` is what was read from it."""

    file = forms.FileField(
        label="Datei mit der Liste",
        help_text=f"Excel (.xlsx) oder CSV, höchstens {MAX_BYTES // 1024**2} MB.",
        error_messages={
            "required": "Wählen Sie die Datei mit Ihrer Liste.",
            "empty": "Wählen Sie eine Datei, in der eine Liste steht. Diese ist leer.",
        },
        max_length=200,
    )

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        self._kind = kind
        self.table = None
        if kind == ImportKind.DIRECTORY:
            self.fields["file"].label = "Auszug aus dem Gemeindeverzeichnis"
            self.fields[
                "file"
            ].help_text = (
                "Die Quartalsausgabe des Statistischen Bundesamts als Excel-Datei. Das dauert bis zu einer Minute."
            )

    def clean_file(self):
        file = self.cleaned_data["file"]
        self.table = runs.read_file(self._kind, file.read(MAX_BYTES + 1))
        return file


class ColumnsForm(forms.Form):
    """For each thing the portal reads: in which column does it stand?"""

    def __init__(self, *args, run: ImportRun, **kwargs):
        super().__init__(*args, **kwargs)
        self._run = run
        columns = runs.suggested_columns(run) if run.columns is None else run.columns
        choices = [("", "steht nicht in der Liste"), *self._choices()]
        for field in runs.KINDS[ImportKind(run.kind)].fields:
            self.fields[field.name] = forms.TypedChoiceField(
                label=field.label,
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                initial=columns.get(field.name),
                error_messages={"invalid_choice": "Wählen Sie eine Spalte aus der Liste."},
            )

    def _choices(self):
        for at, heading in enumerate(self._run.headings):
            samples = (cells[at] for _, cells in self._run.rows if at < len(cells) and cells[at])
            sample = next(samples, "")
            if is_of_report(heading) or not (heading or sample):
                continue
            name = f"{column_letter(at)}: {heading or 'ohne Überschrift'}"
            yield at, f"{name} (zum Beispiel „{sample[:_SAMPLE]}“)" if sample else name

    def unassigned(self) -> list[str]:
        """Headings that no field takes as things stand, so that the eye knows what to look for."""
        taken = {self[name].value() for name in self.fields}
        return [
            heading
            for at, heading in enumerate(self._run.headings)
            if heading and not is_of_report(heading) and at not in taken and str(at) not in taken
        ]

    def clean(self):
        chosen = self.columns()
        for name, at in chosen.items():
            if list(chosen.values()).count(at) > 1:
                self.add_error(name, "Wählen Sie jede Spalte nur einmal.")
        for group in runs.missing(self._run.kind, chosen):
            labels = " oder ".join(f"„{field.label}“" for field in group)
            self.add_error(group[0].name, f"Wählen Sie die Spalte für {labels}.")
        return self.cleaned_data

    def columns(self) -> dict[str, int]:
        """What was chosen."""
        return {name: at for name, at in self.cleaned_data.items() if at is not None}


class BodiesForm(forms.Form):
    """For each spelling that is not clear: which body is it?"""

    def __init__(self, *args, questions: dict[str, Question], rows: dict[str, list[int]], **kwargs):
        super().__init__(*args, **kwargs)
        self._spellings = {}
        for question in list(questions.values())[:QUESTIONS_AT_ONCE]:
            # By the spelling, not by its place: a colleague may have answered others meanwhile.
            name = "k" + hashlib.sha256(question.spelling.encode()).hexdigest()[:12]
            self._spellings[name] = question.spelling
            self._ask(name, question, rows[question.spelling])

    def _ask(self, name, question, numbers):
        known = [(entry.ags, f"{entry.name} ({entry.place})") for entry in question.candidates]
        self.fields[name] = forms.ChoiceField(
            label=f"„{question.spelling}“",
            help_text=_in_rows(numbers),
            choices=[*known, (_ANOTHER, "eine andere Kommune, nämlich:"), (_NONE, _not_read(numbers))],
            widget=forms.RadioSelect,
            # Nothing chosen beforehand where somebody must decide: a single candidate may be the wrong one, too.
            initial=None if known else _ANOTHER,
            error_messages={"required": f"Wählen Sie, welche Kommune mit „{question.spelling}“ gemeint ist."},
        )
        self.fields[f"{name}_name"] = forms.CharField(
            label=f"Andere Kommune für „{question.spelling}“",
            help_text="Name, wenn nötig mit „Stadt“ oder „Kreis“, oder der Gemeindeschlüssel.",
            max_length=100,
            required=False,
        )

    def clean(self):
        for name in self._spellings:
            if self.cleaned_data.get(name) == _ANOTHER and not named_exactly(self.cleaned_data.get(f"{name}_name", "")):
                self.add_error(f"{name}_name", "Schreiben Sie den Namen so, dass nur eine Kommune in NRW so heißt.")
        return self.cleaned_data

    def questions(self):
        """The two fields of each question: the choice, and the name of another body."""
        return [(self[name], self[f"{name}_name"]) for name in self._spellings]

    def answers(self) -> dict[str, str]:
        """The AGS of each spelling, "" for rows to leave out."""
        return {spelling: self._answer(name) for name, spelling in self._spellings.items()}

    def _answer(self, name: str) -> str:
        chosen = self.cleaned_data[name]
        if chosen == _ANOTHER:
            return named_exactly(self.cleaned_data[f"{name}_name"])
        return LEAVE_OUT if chosen == _NONE else chosen


def _not_read(numbers: list[int]) -> str:
    return "diese Zeile nicht einlesen" if len(numbers) == 1 else f"diese {len(numbers)} Zeilen nicht einlesen"


def _in_rows(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"Zeile {numbers[0]}"
    more = len(numbers) - 5
    return "Zeilen " + ", ".join(map(str, numbers[:5])) + (f" und {more} weitere" if more > 0 else "")


class ReportForm(forms.Form):
    """The filter of the report, in the query string."""

    stand = forms.ChoiceField(required=False, choices=[(_EVERYTHING, "alle"), *State.choices])

    def state(self, plan: runs.Plan) -> str:
        """The state whose rows are shown, "" for all: without a choice the rows to mend, if there are any."""
        chosen = self.cleaned_data["stand"] if self.is_valid() else ""
        if chosen:
            return "" if chosen == _EVERYTHING else chosen
        return State.FAULT if plan.counts[State.FAULT] else ""
