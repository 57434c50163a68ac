"""The office's list of signatories: what becomes of each row, and that nothing stored is rewritten."""

import datetime
from functools import partial

import pytest

from core.dates import PartialDate, Precision
from declarations import signing
from declarations.models import Method, Signature
from members.models import ImportKind
from tests.declaration_factories import DeclarationFactory, SignatureFactory
from tests.factories import MunicipalityFactory
from tests.files import csv_file, xlsx
from tests.members.imports.lists import imported, planned

pytestmark = pytest.mark.django_db
read_in, plan = partial(imported, ImportKind.SIGNATURES), partial(planned, ImportKind.SIGNATURES)
HEADINGS = ("Kommune", "Unterzeichnet am", "Unterzeichnet von", "Amt", "Fassung", "Quelle")


@pytest.fixture
def rheine():
    return MunicipalityFactory(name="Rheine", kind="Stadt")


@pytest.fixture
def versions():
    old = DeclarationFactory(title="Alt", started_on=datetime.date(2012, 12, 5), ended_on=datetime.date(2017, 12, 5))
    return old, DeclarationFactory(title="Gemeinsame Erklärung")


def test_a_row_becomes_a_signature_handed_down(rheine, versions):
    row = ("Rheine", "6.12.2012", "Ada Beispiel", "Bürgermeisterin", "2012", "https://www.land.nrw/x")
    assert read_in(xlsx(HEADINGS, row))["neu"] == 1
    signature = Signature.objects.get()
    assert (signature.method, signature.declaration, signature.day_text) == (
        Method.HANDED_DOWN, versions[0], "6. Dezember 2012",
    )  # fmt: skip
    assert signature.signatory == "Ada Beispiel, Bürgermeisterin"
    assert signature.source == "https://www.land.nrw/x"
    assert rheine.running_membership() is None


def test_what_nobody_knows_stays_open_and_a_source_is_no_address(rheine):
    read_in(csv_file(HEADINGS, ("Rheine", "", "", "", "", "Ordner 3"), encoding="cp1252"))
    signature = Signature.objects.get()
    assert (signature.day_text, signature.declaration, signature.signatory) == ("Jahr nicht belegt", None, "")
    assert (signature.source, signature.note) == ("", "Ordner 3")


def test_without_any_source_the_list_is_the_source(rheine):
    read_in(csv_file(HEADINGS[:2], ("Rheine", "2014")))
    assert Signature.objects.get().note == "aus der Liste der Geschäftsstelle"


def test_read_in_twice_nothing_changes(rheine, versions):
    data = xlsx(HEADINGS, ("Rheine", "12/2012", "Ada Beispiel", "Bürgermeisterin", "Alt", ""))
    read_in(data)
    assert read_in(data)["unveraendert"] == 1
    assert Signature.objects.count() == 1


def test_a_row_that_says_more_replaces_what_was_handed_down(rheine, versions):
    begin = PartialDate(datetime.date(2012, 12, 1), Precision.MONTH)
    old = signing.hand_down(rheine, begin=begin, source="https://www.land.nrw/x")
    assert read_in(xlsx(HEADINGS, ("Rheine", "5.12.2012", "Ada Beispiel", "", "2012", "")))["geaendert"] == 1
    old.refresh_from_db()
    assert old.withdrawn_reason == "durch die Liste der Geschäftsstelle genauer belegt"
    new = Signature.objects.valid().get()
    assert (new.day_text, new.source, new.declaration) == ("5. Dezember 2012", "https://www.land.nrw/x", versions[0])


def test_a_coarser_row_and_one_about_a_signature_of_our_own_change_nothing(rheine, versions):
    own = SignatureFactory(municipality=rheine, declaration=versions[1], checked=True)
    (line,) = plan(xlsx(HEADINGS, ("Rheine", "2026", "Jemand anderes", "", "", ""))).lines
    assert line.deed is None
    assert line.notes == ["Schon eingetragen (1. März 2026): bleibt, wie sie ist."]
    assert list(Signature.objects.valid()) == [own]


def test_two_versions_are_two_signatures(rheine, versions):
    rows = [("Rheine", "2012", "", "", "2012", ""), ("Rheine", "2018", "", "", "2017", "")]
    assert read_in(xlsx(HEADINGS, *rows))["neu"] == 2


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("Rheine", "31.2.2012", "", "", "", ""), "Diesen Tag gibt es nicht"),
        (("Rheine", "2999", "", "", "", ""), ""),
        (("Rheine", "1.1.2099", "", "", "", ""), "liegt in der Zukunft"),
        (("Rheine", "2012", "", "", "1999", ""), "Schreiben Sie das Jahr, in dem die Fassung begann (2017, 2012)"),
        (("Rheine", "2012", "A" * 300, "", "", ""), "Name"),
        (("Rheine", "2012", "", "", "", "https://"), "Quelle"),
    ],
    ids=["no such day", "no such year", "to come", "version", "too long", "address"],
)
def test_a_faulty_row_is_named_and_nothing_is_read_in(rheine, versions, row, words):
    (line,) = plan(xlsx(HEADINGS, row)).lines
    assert words in " ".join(line.faults)
    assert line.faults
    assert not Signature.objects.exists()


def test_the_same_row_twice_is_a_fault(rheine):
    row = ("Rheine", "2012", "", "", "", "")
    first, second = plan(xlsx(HEADINGS, row, row)).lines
    assert (first.faults, second.faults) == (
        [],
        ["Löschen Sie diese Zeile oder Zeile 2: Beide meinen dieselbe Unterzeichnung."],
    )
