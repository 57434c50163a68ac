"""An erased person's rows in the lists that wait to be read in."""

from collections.abc import Collection, Iterable, Sequence
from itertools import permutations

from django.db import transaction

from core.folding import fold
from core.personal import Subject
from members.imports import cells
from members.models import ImportRun


@transaction.atomic
def strike_out(subject: Subject) -> None:
    """Take an erased person's rows out of the lists that wait to be read in, which would bring her back."""
    hers, clues = (_plain(texts) for texts in ((*subject.addresses, *subject.names), subject.clues))
    for run in ImportRun.objects.open().select_for_update():
        kept = [[number, texts] for number, texts in run.rows if not hers & _said_in(texts, clues)]
        if kept != run.rows:
            ImportRun.objects.filter(pk=run.pk).update(rows=kept)


def _said_in(texts: Sequence[str], clues: Collection[str]) -> set[str]:
    """Return the cells of a row, and the names as an import reads them: in one cell, or first name and surname in two.

    A form of address beside a surname says too little: her namesakes stay.
    """
    filled = [text for text in texts if text]
    if not any(clue in found for found in _plain([" ".join(filled)]) for clue in clues):
        return set()
    names = map(cells.read_name, (*filled, *map(" ".join, permutations(filled, 2))))
    return _plain([*filled, *(f"{name.first_name} {name.last_name}" for name in names)])


def _plain(texts: Iterable[str]) -> set[str]:
    return {fold(text)[1] for text in texts}
