"""Files that an import gives out: an empty list to fill in, and the report to mend."""

from collections.abc import Iterable
from functools import partial

from core.exports import Column, Table
from members.imports.columns import REPORT_HEADINGS, is_of_report
from members.imports.lines import Line
from members.imports.runs import KINDS
from members.models import ImportKind, ImportRun


def empty_list(kind: ImportKind) -> Table:
    """A table with the right headings and no row."""
    columns = [Column(field.headings[0], lambda row: None) for field in KINDS[kind].fields]
    return Table(f"Vorlage {kind.label}", columns, [])


def report(run: ImportRun, lines: Iterable[Line]) -> Table:
    """The list as it came, before it what becomes of each row and what to do; mended there it can be handed in."""
    texts = dict(run.rows)
    number, result, task = REPORT_HEADINGS
    columns = [
        Column(number, lambda line: line.number or None),
        Column(result, lambda line: line.state.label),
        Column(task, lambda line: " ".join(line.faults)),
    ]
    for at, heading in enumerate(run.headings):
        if heading and not is_of_report(heading):
            columns.append(Column(heading, partial(_cell, texts, at)))
    return Table(f"Bericht {run.get_kind_display()}", columns, lines)


def _cell(texts: dict[int, list[str]], at: int, line: Line) -> str:
    row = texts.get(line.number, [])
    return row[at] if at < len(row) else ""
