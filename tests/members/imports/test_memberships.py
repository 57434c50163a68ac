import datetime
from functools import partial

import pytest

from members.imports import runs
from members.imports.lines import State
from members.models import ImportKind, Membership, Municipality
from tests.factories import MembershipFactory
from tests.files import csv_file, xlsx
from tests.members.imports.lists import imported, planned

HEADINGS = ["Kommune", "Art", "Beitritt", "Austritt", "Grund"]

read_in = partial(imported, ImportKind.MEMBERSHIPS)
plan = partial(planned, ImportKind.MEMBERSHIPS)


def joined(*rows):
    return csv_file(["Kommune", "Beitritt"], *rows)


def periods(slug):
    return [membership.period_text() for membership in Municipality.objects.get(slug=slug).memberships.in_order()]


def test_joining_dates_of_any_precision(register):
    read_in(
        joined(
            ["Münster", "6.12.2017"],
            ["Kreis Coesfeld", "12/2013"],
            ["Wettringen", "2015"],
            ["Ahaus", "unbekannt"],
            ["Uedem", "43075"],
        )
    )
    assert periods("muenster") == ["seit 6. Dezember 2017"]
    assert periods("kreis-coesfeld") == ["seit Dezember 2013"]
    assert periods("wettringen") == ["seit 2015"]
    assert periods("ahaus") == ["Beitrittsjahr nicht belegt"]
    assert periods("uedem") == ["seit 6. Dezember 2017"]


def test_a_date_becomes_known_and_more_exact_but_never_less(register):
    assert periods("rheine") == ["Beitrittsjahr nicht belegt"]
    read_in(joined(["Rheine", "2016"]))
    assert periods("rheine") == ["seit 2016"]
    read_in(joined(["Rheine", "5/2016"]))
    assert periods("rheine") == ["seit Mai 2016"]
    assert runs.counts(plan(joined(["Rheine", "2016"])).lines)[State.UNCHANGED] == 1
    read_in(joined(["Rheine", "4/2016"]))
    assert periods("rheine") == ["seit April 2016"]


def test_the_same_file_again_changes_nothing(register):
    file = joined(["Münster", "6.12.2017"], ["Rheine", "2016"], ["Bonn", ""])
    read_in(file)
    before = list(Membership.history.values_list("history_id", flat=True))
    assert runs.counts(plan(file).lines)[State.UNCHANGED] == 3
    read_in(file)
    assert list(Membership.history.values_list("history_id", flat=True)) == before


def test_who_left_and_came_back(register):
    rows = [
        ["Ahaus", "Stadt", "2013", "31.12.2016", "Austritt"],
        ["Ahaus", "Stadt", "1.7.2020", "", ""],
    ]
    read_in(csv_file(HEADINGS, *rows))
    assert periods("ahaus") == ["2013 bis 31. Dezember 2016", "seit 1. Juli 2020"]
    assert runs.counts(plan(csv_file(HEADINGS, *rows)).lines)[State.UNCHANGED] == 2


def test_an_end_from_the_list(register):
    MembershipFactory(municipality=Municipality.objects.get(slug="ahaus"))
    row = ["Ahaus", "Stadt", "", "31.12.2016", ""]
    assert "Nennen Sie den Grund des Endes" in plan(csv_file(HEADINGS, row)).lines[0].faults[0]
    read_in(csv_file(HEADINGS, [*row[:4], "Haushaltslage"]))
    assert periods("ahaus") == ["Dezember 2012 bis 31. Dezember 2016"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["Ahaus", "", "2020", "1.1.2019", "x"]], "Der letzte Tag liegt vor dem Beitritt."),
        ([["Ahaus", "", "2013", "", ""], ["Ahaus", "", "2013", "", ""]], "Löschen Sie diese Zeile oder Zeile 2"),
        ([["Ahaus", "", "2013", "2015", "x"]], "Nennen Sie auch den Tag"),
    ],
)
def test_what_a_list_may_not_say(register, rows, sentence):
    assert sentence in plan(csv_file(HEADINGS, *rows)).lines[-1].faults[0]


def test_a_former_member_is_not_taken_in_again_without_a_date(register):
    ended = datetime.date(2016, 12, 31)
    MembershipFactory(municipality=Municipality.objects.get(slug="ahaus"), ended_on=ended, end_reason="Austritt")
    assert plan(joined(["Ahaus", ""])).lines[0].faults == [
        "Nennen Sie den Beginn der neuen Mitgliedschaft: Die frühere endete am 31.12.2016."
    ]


def test_the_whole_network_in_one_list(register):
    """All 432 with their kind, by the names of the register."""
    rows = [[body.name, body.get_kind_display(), "2019-03-01"] for body in Municipality.objects.all()]
    counts = read_in(xlsx(["Kommune", "Art", "Mitglied seit"], *rows))
    assert counts[State.NEW] == 432 - 39
    assert Municipality.objects.members().count() == 432
