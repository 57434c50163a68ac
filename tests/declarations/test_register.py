"""The public page of the declaration: its versions, who signed when, as list, picture and table."""

import csv
import datetime
import io

import pytest
from django.urls import reverse

from core.dates import PartialDate, Precision
from declarations import demo, signing
from declarations import register as signed
from declarations.models import Declaration, Signature
from tests.declaration_factories import DeclarationFactory, SignatureFactory
from tests.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db
PAGE = "/gemeinsame-erklaerung/"


def words(response):
    return " ".join(response.content.decode().split())


def table(client):
    text = client.get(reverse("signatures_csv")).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_page_shows_version_signatories_and_who_signed(client):
    declaration = DeclarationFactory()
    SignatureFactory(checked=True, municipality=MunicipalityFactory(name="Rheine", kind="Stadt"))
    page = words(client.get(PAGE))
    for part in (
        "Wir lernen voneinander",
        "gilt seit 6. Dezember 2017",
        "Lia Muster, Staatssekretärin für Beispiele",
        "Städtetag Nordrhein-Westfalen",
        "Stadt Rheine",
        "1. März 2026",
        "Ada Beispiel, Bürgermeisterin",
    ):
        assert part in page
    assert "amtliche Wortlaut" not in page
    assert client.get(declaration.get_absolute_url()).status_code == 200


def test_without_any_version_the_page_says_what_comes(client):
    assert "sobald die Geschäftsstelle ihn eingetragen hat" in words(client.get(PAGE))


def test_only_what_is_checked_and_holds_is_public(client, office):
    open_one = SignatureFactory(municipality=MunicipalityFactory(name="Ungeprüft"))
    gone = SignatureFactory(checked=True, municipality=MunicipalityFactory(name="Zurückgezogen"))
    signing.withdraw(gone, reason="Irrtum")
    page = words(client.get(PAGE))
    assert "Ungeprüft" not in page
    assert "Zurückgezogen" not in page
    assert table(client) == []
    signing.check(open_one, by=office)
    assert "Ungeprüft" in words(client.get(PAGE))
    assert [row["name"] for row in table(client)] == ["Ungeprüft"]


def test_years_stand_in_order_and_the_unknown_last():
    for year in (2012, 2026, 2017):
        SignatureFactory(checked=True, signed_on=datetime.date(year, 5, 1))
    signing.hand_down(MunicipalityFactory(), begin=None, note="Ordner")
    years = signed.by_year(signed.signatures())
    assert [group.year for group in years] == [2026, 2017, 2012, None]


def test_the_picture_is_as_high_as_the_numbers():
    for number in range(4):
        SignatureFactory(checked=True, signed_on=datetime.date(2017 if number else 2012, 5, 1))
    bars = {bar.year: bar for bar in signed.chart(signed.signatures()).bars}
    assert bars[2017].number == 3
    assert bars[2017].height == pytest.approx(3 * bars[2012].height, abs=0.3)
    assert bars[2014].height == 0
    assert bars[2017].y + bars[2017].height == pytest.approx(262, abs=0.2)


def test_renewal_counts_members_only_and_of_them_those_of_the_new_version(client):
    old = DeclarationFactory(started_on=datetime.date(2012, 12, 5), ended_on=datetime.date(2017, 12, 5))
    new = DeclarationFactory()
    SignatureFactory(checked=True, declaration=old, municipality=MunicipalityFactory(member=True))
    SignatureFactory(checked=True, declaration=new, municipality=MunicipalityFactory(member=True))
    SignatureFactory(checked=True, declaration=new, municipality=MunicipalityFactory(name="Draußen"))
    found = signed.renewal(new, signed.signatures())
    assert (found.signed, found.members) == (1, 2)
    assert "1 der 2 Mitglieder haben die Fassung von 2017" in words(client.get(PAGE))
    assert signed.renewal(old, signed.signatures()) is None


def test_the_page_takes_the_same_queries_for_one_and_for_many(client, django_assert_num_queries):
    SignatureFactory(checked=True)
    client.get(PAGE)
    with django_assert_num_queries(5) as few:
        client.get(f"{PAGE}?x=1")
    for _ in range(3):
        SignatureFactory(checked=True)
    with django_assert_num_queries(len(few)):
        client.get(f"{PAGE}?x=2")


def test_the_table_is_exact_says_its_terms_and_names_no_person(client):
    signing.hand_down(
        MunicipalityFactory(name="=Rheine"),
        begin=PartialDate(datetime.date(2012, 12, 1), Precision.MONTH),
        source="https://www.land.nrw/de/x",
    )
    SignatureFactory(checked=True, signatory_name="Ada Beispiel", signatory_office="Landrätin")
    signed, handed_down = table(client)
    assert (handed_down["unterzeichnet"], handed_down["name"]) == ("2012-12", "'=Rheine")
    assert (signed["unterzeichnet"], signed["amt"], signed["weg"]) == ("2026-03-01", "Landrätin", "auf Papier")
    assert signed["lizenz"].startswith("Datenlizenz Deutschland")
    response = client.get(reverse("signatures_csv"))
    assert "Ada" not in response.content.decode()
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get(reverse("signatures_csv"), headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_the_page_of_a_member_says_what_it_signed(client):
    body = MunicipalityFactory(name="Rheine", slug="rheine", member=True)
    SignatureFactory(checked=True, municipality=body)
    signing.hand_down(body, begin=None, note="Ordner 3")
    page = words(client.get("/kommunen/rheine/"))
    assert "Unterzeichnet am 1. März 2026 von Ada Beispiel, Bürgermeisterin: „Gemeinsame Erklärung“" in page
    assert page.count("<li>Unterzeichnet") == 1


def test_the_demonstration_hands_down_what_is_proven_and_nothing_twice(register):
    demo.fill()
    demo.fill()
    assert Declaration.objects.count() == 2
    assert Signature.objects.checked().count() == 39
    first = Signature.objects.filter(declaration__started_on__year=2012)
    assert first.count() == 10
    assert all(row.source for row in Signature.objects.all())
    assert not Signature.objects.exclude(signatory_name="").exists()
    assert all(version.is_sample for version in Declaration.objects.all())
