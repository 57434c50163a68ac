"""Signing rounds: a running order, one file to print, and ten memberships in one press."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from core.worklist import DO
from declarations import documents, rounds, signing, worklist
from declarations.models import Method, Signature, SigningCopy, SigningRound
from declarations.rounds import Signed
from declarations.signing import Signatory
from members.models import Membership
from tests.declaration_factories import DeclarationFactory, SignatureFactory
from tests.factories import HeadFactory, MunicipalityFactory
from tests.pdf_files import opened, text_of

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 9, 1)
ADA = Signatory("Ada Beispiel", "Bürgermeisterin")
NAMES = (
    "Ahaus",
    "Bocholt",
    "Coesfeld",
    "Dülmen",
    "Emsdetten",
    "Fröndenberg",
    "Greven",
    "Haltern",
    "Isselburg",
    "Jüchen",
)


@pytest.fixture
def round_of_ten():
    DeclarationFactory()
    planned = rounds.plan(SigningRound(title="Spitzentreffen 2026", held_on=DAY, place="Düsseldorf"))
    for name in NAMES:
        rounds.add(planned, MunicipalityFactory(name=name), signatory=ADA)
    return planned


def order(signing_round):
    return [entry.copy.municipality.name for entry in signing_round.entries.order_by("place")]


def all_signed(signing_round, **values):
    return {entry.pk: Signed(True, **values) for entry in signing_round.entries.all()}


def test_ten_sign_on_one_day(round_of_ten, office):
    rows = rounds.record(round_of_ten, all_signed(round_of_ten), by=office)
    assert len(rows) == 10
    assert {(row.method, row.signed_on, row.place, row.original_on) for row in rows} == {
        (Method.ROUND, DAY, "Düsseldorf", DAY)
    }
    assert Membership.objects.filter(started_on=DAY).count() == 10
    round_of_ten.refresh_from_db()
    assert round_of_ten.closed_at


def test_who_did_not_come_or_took_the_paper_along_is_recorded_so(round_of_ten, office):
    results = all_signed(round_of_ten)
    first, second, *_ = round_of_ten.entries.all()
    results[first.pk], results[second.pk] = Signed(False), Signed(True, original_here=False)
    rounds.record(round_of_ten, results, by=office)
    assert not Signature.objects.filter(municipality=first.copy.municipality).exists()
    assert Signature.objects.get(municipality=second.copy.municipality).state.startswith("Original fehlt")
    assert Membership.objects.count() == 9


def test_it_is_recorded_once_not_before_the_day_and_not_for_nobody(round_of_ten, office):
    the_day_before = time_machine.travel(datetime.datetime(2026, 8, 31, 12, tzinfo=datetime.UTC))
    with the_day_before, pytest.raises(ValidationError, match="Warten Sie bis zum Tag"):
        rounds.record(round_of_ten, all_signed(round_of_ten), by=office)
    with pytest.raises(ValidationError, match="mindestens eine Kommune"):
        rounds.record(round_of_ten, {}, by=office)
    rounds.record(round_of_ten, all_signed(round_of_ten), by=office)
    for late in (
        lambda: rounds.record(round_of_ten, {}, by=office),
        lambda: rounds.add(round_of_ten, MunicipalityFactory(), signatory=ADA),
        lambda: rounds.remove(round_of_ten.entries.first()),
    ):
        with pytest.raises(ValidationError, match="schon eingetragen"):
            late()


def test_all_or_nothing(round_of_ten, office):
    """One of them signed on paper meanwhile: nothing of the round is stored, and the body is named."""
    last = round_of_ten.entries.last()
    signing.check(
        SignatureFactory(municipality=last.copy.municipality, declaration=round_of_ten.declaration), by=office
    )
    with pytest.raises(ValidationError, match=f"{last.copy.body_name}: .*schon unterzeichnet"):
        rounds.record(round_of_ten, all_signed(round_of_ten), by=office)
    assert Signature.objects.count() == 1


def test_the_order_moves_and_closes_its_gaps(round_of_ten):
    second = round_of_ten.entries.all()[1]
    rounds.move_up(second)
    assert order(round_of_ten)[:3] == ["Bocholt", "Ahaus", "Coesfeld"]
    rounds.move_up(round_of_ten.entries.first())
    assert order(round_of_ten)[0] == "Bocholt"
    rounds.remove(round_of_ten.entries.first())
    assert [entry.place for entry in round_of_ten.entries.all()] == list(range(1, 10))
    assert SigningCopy.objects.count() == 9


def test_a_body_stands_there_once_and_not_if_it_has_signed(round_of_ten):
    known = round_of_ten.entries.first().copy.municipality
    with pytest.raises(ValidationError, match="steht schon in der Reihenfolge"):
        rounds.add(round_of_ten, known, signatory=ADA)
    signed = SignatureFactory(declaration=round_of_ten.declaration, checked=True).municipality
    with pytest.raises(ValidationError, match="hat diese Fassung schon unterzeichnet"):
        rounds.add(round_of_ten, signed, signatory=ADA)


def test_one_file_holds_the_order_and_all_copies(round_of_ten, pdf_ua):
    made = documents.round_print(round_of_ten)
    assert pdf_ua(made) == []
    with opened(made) as file:
        assert len(file.pages) == 11
    words = text_of(made)
    assert words.index("10 Stadt Jüchen") < words.index("Stadt Ahaus Ort, Datum")
    assert words.count("Land Nordrhein-Westfalen Ort, Datum") == 10


def test_today_reminds_of_a_round_whose_day_has_come(round_of_ten, office):
    (line,) = [line for line in worklist.lines_for(office) if line.group == DO]
    assert line.text == "Eintragen, wer bei „Spitzentreffen 2026“ unterzeichnet hat"
    rounds.record(round_of_ten, all_signed(round_of_ten), by=office)
    assert "Spitzentreffen" not in "".join(line.text for line in worklist.lines_for(office))


# --- pages ------------------------------------------------------------------------------------------------------------


def words(response):
    return " ".join(response.content.decode().split())


def test_a_round_from_planning_to_the_certificates(client_of, office):
    DeclarationFactory()
    client = client_of(office)
    for name in ("Ahaus", "Greven"):
        HeadFactory(municipality=MunicipalityFactory(name=name))
    MunicipalityFactory(name="Ohnespitze")
    given = {"title": "Spitzentreffen", "held_on": "2026-09-01", "place": "Düsseldorf"}
    client.post(reverse("plan_round"), given)
    planned = SigningRound.objects.get()
    page = reverse("signing_round", args=[planned.pk])
    add = reverse("add_to_round", args=[planned.pk])
    assert "Schreiben Sie den Namen so" in words(client.post(add, {"bodies": "Atlantis\nGreven"}))
    shown = words(client.post(add, {"bodies": "Ahaus\nGreven\nOhnespitze"}, follow=True))
    assert "2 Kommunen hinzugefügt." in shown
    assert "Ohnespitze: Keine Spitze eingetragen." in shown
    other = {"body": "Ohnespitze", "signatory_name": "Bo Probe", "signatory_office": "Beigeordneter", "in_deputy": "on"}
    shown = words(client.post(reverse("add_other_to_round", args=[planned.pk]), other, follow=True))
    assert "Bo Probe, Beigeordneter (in Vertretung)" in shown
    third = planned.entries.last()
    client.post(reverse("move_up_in_round", args=[planned.pk, third.pk]))
    assert order(planned) == ["Ahaus", "Ohnespitze", "Greven"]
    assert "Ohnespitze" in text_of(client.get(reverse("print_round", args=[planned.pk])).content)

    ticks = {f"{what}-{entry.pk}": "on" for entry in planned.entries.all() for what in ("signed", "original")}
    shown = words(client.post(reverse("record_round", args=[planned.pk]), ticks, follow=True))
    assert "3 Unterzeichnungen sind eingetragen" in shown
    assert "Urkunde" in words(client.get(page))
    assert "Spitzentreffen" in words(client.get(reverse("signing_rounds")))
    again = words(client.post(reverse("record_round", args=[planned.pk]), ticks, follow=True))
    assert "Diese Runde ist schon eingetragen." in again


def test_an_empty_round_has_nothing_to_print(client_of, office):
    DeclarationFactory()
    planned = rounds.plan(SigningRound(title="Leer", held_on=DAY, place="Köln"))
    client = client_of(office)
    assert "Fügen Sie zuerst Kommunen hinzu." in words(
        client.get(reverse("print_round", args=[planned.pk]), follow=True)
    )
    assert worklist.lines_for(office) == []


def test_entries_of_another_round_are_not_touched(client_of, office, round_of_ten):
    other = rounds.plan(SigningRound(title="Andere", held_on=DAY, place="Köln"))
    entry = round_of_ten.entries.first()
    assert client_of(office).post(reverse("remove_from_round", args=[other.pk, entry.pk])).status_code == 404


def test_the_list_takes_the_same_queries_for_one_and_for_many(client_of, office, django_assert_max_num_queries):
    DeclarationFactory()
    client = client_of(office)
    rounds.plan(SigningRound(title="Eins", held_on=DAY, place="Köln"))
    client.get(reverse("signing_rounds"))
    with django_assert_max_num_queries(30) as few:
        client.get(reverse("signing_rounds"))
    for title in ("Zwei", "Drei"):
        rounds.plan(SigningRound(title=title, held_on=DAY, place="Köln"))
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("signing_rounds"))
