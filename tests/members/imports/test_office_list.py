import time

import pytest

from members.imports import runs
from members.models import ImportKind, Municipality
from tests.members.imports.lists import opened, planned
from tests.members.imports.office_list import FAULTS, HEADINGS, office_file, rows, with_faults

WHAT_TO_DO = {
    8: "Prüfen Sie die E-Mail-Adresse",
    21: "Lassen Sie eine E-Mail-Adresse stehen",
    34: "Tippen Sie die Telefonnummer neu ein",
    55: "Schreiben Sie „Frau“ oder „Herr“",
    89: "Schreiben Sie „ja“ oder „nein“",
    101: "Tragen Sie den Namen der Person ein",
    133: "Schreiben Sie das Datum wie",
    144: "Tragen Sie die Kommune ein",
    177: "Prüfen Sie den Gemeindeschlüssel",
    210: "Berichtigen oder leeren Sie die Zelle",
    233: "Nennen Sie auch den Tag",
    299: "Berichtigen Sie Kommune oder Gemeindeschlüssel",
}


@pytest.fixture
def towns(register):
    """Members whose name means nothing else."""
    found = (body for body in Municipality.objects.members() if body.is_town)
    return [body for body in found if body.name not in ("Aachen", "Unna")]


def test_each_of_twelve_faults_says_what_to_do(towns):
    plan = planned(ImportKind.CONTACTS, office_file(with_faults(rows(towns))))
    faults = {line.number - 1: line for line in plan.lines if line.faults}
    assert set(faults) == {number for number, _, _ in FAULTS} == set(WHAT_TO_DO)
    for number, sentence in WHAT_TO_DO.items():
        assert len(faults[number].faults) == 1
        assert sentence in faults[number].faults[0]
    # A row that cannot be read is named by what a person knows it by.
    assert faults[299].subject == f"{rows(towns)[297][4]} {rows(towns)[297][5]}, {rows(towns)[297][0]}"


def test_three_thousand_rows_with_one_fault_are_reported_while_a_person_waits(register):
    bodies = list(Municipality.objects.order_by("ags"))
    right = rows(bodies, 3000)
    for at, row in enumerate(right):
        row[HEADINGS.index("AGS")] = bodies[at % len(bodies)].ags
    right[1500][HEADINGS.index("E-Mail")] = "rudi@"
    run = opened(ImportKind.CONTACTS, office_file(right))
    started = time.process_time()
    plan = runs.plan_for(run)
    assert time.process_time() - started < 10
    assert [line.number for line in plan.lines if line.faults] == [1503]
    assert plan.counts["neu"] == 2999
