"""Two at work on one list: whoever comes too late changes nothing."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from members.imports import runs
from members.models import ContactPerson, ImportKind, ImportRun
from tests.files import xlsx
from tests.members.imports.lists import opened

HEADINGS = ["Kommune", "Anrede", "Vorname", "Nachname", "E-Mail", "Telefon"]
ROSA = ["Rheine", "Frau", "Rosa", "Beispiel", "rosa@rheine.example", "05971 1"]
RUDI = ["Rheine", "Herr", "Rudi", "Muster", "rudi@rheine.example", "05971 2"]
TABLE = runs.read_file(ImportKind.CONTACTS, xlsx(HEADINGS, RUDI))
LATE_STEPS = [
    partial(runs.replace_file, file_name="neu.xlsx", table=TABLE),
    partial(runs.settle_columns, columns={}),
    partial(runs.answer, answers={"Rheine": ""}),
    runs.discard,
]


@pytest.fixture
def run(register):
    return opened(ImportKind.CONTACTS, xlsx(HEADINGS, ROSA))


def stored():
    return list(ImportRun.objects.values())


@pytest.mark.parametrize("step", LATE_STEPS)
def test_a_list_read_in_meanwhile_stays_as_it_is(run, step):
    colleagues = ImportRun.objects.get()
    runs.carry_out(run, expected=runs.plan_for(run).fingerprint, by=None)
    before = stored()
    with pytest.raises(ValidationError, match="Diese Liste ist schon eingelesen"):
        step(colleagues)
    assert stored() == before


@pytest.mark.parametrize("step", [*LATE_STEPS, partial(runs.carry_out, expected="", by=None)])
def test_a_list_thrown_away_meanwhile_stays_away(run, step):
    colleagues = ImportRun.objects.get()
    runs.discard(run)
    with pytest.raises(ValidationError, match="Diese Liste ist schon verworfen"):
        step(colleagues)
    assert (stored(), ContactPerson.objects.count()) == ([], 0)


def test_answers_of_two_are_both_kept(run):
    colleagues = ImportRun.objects.get()
    runs.answer(run, {"Irgendwo": ""})
    runs.answer(colleagues, {"Nirgendwo": ""})
    assert ImportRun.objects.get().answers == {"Irgendwo": "", "Nirgendwo": ""}
