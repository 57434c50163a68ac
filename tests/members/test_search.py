import datetime
from dataclasses import replace

import pytest
from django.db import transaction

from members import actions
from members.directory import DirectoryEntry, Standing, entries
from members.models import Kind, Municipality, Precision
from members.search import find
from tests.factories import MembershipFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


def names(query):
    return [hit.entry.name for hit in find(query, entries())]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Münster", "Münster"),
        ("muenster", "Münster"),
        ("MUENSTER", "Münster"),
        ("MÜNSTER", "Münster"),
        ("munster", "Münster"),
        ("Mu\u0308nster", "Münster"),
        ("Stadt Münster", "Münster"),
        ("Lippe", "Kreis Lippe"),
        ("Kreis Lippe", "Kreis Lippe"),
        ("Mülheim/Ruhr", "Mülheim an der Ruhr"),
        ("Muelheim a. d. Ruhr", "Mülheim an der Ruhr"),
        ("Schloss Holte", "Schloß Holte-Stukenbrock"),
        ("Emmerich", "Emmerich am Rhein"),
        ("Haltern", "Haltern am See"),
        ("Halle Westfalen", "Halle (Westf.)"),
        ("St. Augustin", "Sankt Augustin"),
        ("Mönchen-Gladbach", "Mönchengladbach"),
        ("Öynhausen", "Bad Oeynhausen"),
        ("coesfeld", "Coesfeld"),
        ("Kreis Coesfeld", "Kreis Coesfeld"),
        ("Regierungsbezirk Arnsberg", "Bezirksregierung Arnsberg"),
    ],
)
def test_the_body_that_is_meant_comes_first(register, query, first):
    assert names(query)[0] == first


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("Mnüster", "Münster"),
        ("Reinbach", "Rheinbach"),
        ("Gelsenkirhcen", "Gelsenkirchen"),
        ("Haltren", "Haltern am See"),
        ("Recklinhausen", "Recklinghausen"),
        ("Wupertal", "Wuppertal"),
    ],
)
def test_a_slip_of_the_fingers_is_forgiven(register, slip, meant):
    assert meant in names(slip)


def test_a_slip_is_only_considered_when_nothing_else_fits(register):
    assert names("Rheine") == ["Rheine"]
    assert names("xyzzy") == []


@pytest.mark.parametrize("query", ["", "   ", "-", "%", "\u202e", "🙂", "'"])
def test_a_query_without_letters_finds_nothing(register, query):
    assert names(query) == []


def test_oe_is_never_read_as_umlaut(register):
    assert names("Cösfeld") == ["Coesfeld", "Kreis Coesfeld"]
    assert names("Söst") == ["Soest", "Kreis Soest"]


def test_status_follows_the_newest_change(register):
    muenster = next(entry for entry in entries() if entry.name == "Münster")
    assert not muenster.is_member
    actions.start_membership(Municipality.objects.get(slug="muenster"), begin=None)
    assert next(entry for entry in entries() if entry.name == "Münster").is_member


def test_what_was_read_in_a_change_that_failed_is_forgotten(town):
    with transaction.atomic():
        MunicipalityFactory()
        assert len(entries()) == 2
        transaction.set_rollback(True)
    assert entries()[0].website == ""
    town.website = "https://www.rheine.example"
    town.save()
    assert [entry.website for entry in entries()] == ["https://www.rheine.example"]


D = datetime.date
ENTRY = DirectoryEntry("1", "kreis-x", "Kreis X", Kind.KREIS, "", "", "", Standing.NONE, "", None, ())


@pytest.mark.parametrize(
    ("name", "kind", "answer"),
    [
        ("Rheine", Kind.TOWN, "Rheine ist noch nicht dabei."),
        ("Kreis Lippe", Kind.KREIS, "Der Kreis Lippe ist noch nicht dabei."),
        ("Oberbergischer Kreis", Kind.KREIS, "Der Oberbergische Kreis ist noch nicht dabei."),
        ("Rhein-Sieg-Kreis", Kind.KREIS, "Der Rhein-Sieg-Kreis ist noch nicht dabei."),
        ("Städteregion Aachen", Kind.STAEDTEREGION, "Die Städteregion Aachen ist noch nicht dabei."),
        ("Bezirksregierung Köln", Kind.BEZIRKSREGIERUNG, "Die Bezirksregierung Köln ist noch nicht dabei."),
    ],
)
def test_names_stand_in_sentences_as_one_says_them(name, kind, answer):
    assert replace(ENTRY, name=name, kind=kind).answer == answer


@pytest.mark.parametrize(
    ("start", "end", "answer", "membership"),
    [
        (D(2012, 12, 1), None, "Ja, Rheine ist dabei.", "Mitglied seit Dezember 2012"),
        (None, None, "Ja, Rheine ist dabei.", "Mitglied, Beitrittsjahr nicht belegt"),
        (D(2012, 12, 1), D(2099, 3, 31), "Ja, Rheine ist dabei.", "Mitglied von Dezember 2012 bis 31. März 2099"),
        (None, D(2099, 3, 31), "Ja, Rheine ist dabei.", "Mitglied bis 31. März 2099, Beitrittsjahr nicht belegt"),
        (
            D(2012, 12, 1), D(2019, 3, 31),
            "Rheine war früher dabei und ist es heute nicht.", "Mitglied von Dezember 2012 bis 31. März 2019",
        ),
        (
            None, D(2019, 3, 31),
            "Rheine war früher dabei und ist es heute nicht.",
            "Mitglied bis 31. März 2019, Beitrittsjahr nicht belegt",
        ),
        (D(2099, 1, 1), None, "Rheine ist noch nicht dabei.", ""),
    ],
)  # fmt: skip
def test_the_standing_of_a_body_in_words(start, end, answer, membership):
    precision = Precision.MONTH if start else Precision.UNKNOWN
    MembershipFactory(
        municipality=MunicipalityFactory(name="Rheine"),
        started_on=start, precision=precision, ended_on=end, end_reason="Ratsbeschluss" if end else "",
    )  # fmt: skip
    [entry] = entries()
    assert (entry.answer, entry.membership) == (answer, membership)
