"""Who finds what: a visitor, the network, and the staff in the back office."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from netzwerk import search
from netzwerk.actions import save_page
from netzwerk.models import PageKey, TextPage
from tests.factories import ContactPersonFactory, MunicipalityFactory, PersonFactory, UserFactory
from tests.mailing_factories import MailingFactory

pytestmark = pytest.mark.django_db

SITE, DESK, HITS = "/suche/", "/verwaltung/suche/", "/verwaltung/suche/treffer/"


def found(client, query: str, address: str = SITE) -> list[tuple[str, str]]:
    """Address and title of what a page shows as found."""
    html = client.get(address, {"q": query}).content.decode()
    if address == HITS:
        return re.findall(r'<a href="([^"]+)"><span class="quick-search__title">([^<]+)', html)
    return re.findall(r'class="entry-row__link" href="([^"]+)">([^<]+)', html)


def sentence(client, query: str) -> str:
    html = client.get(SITE, {"q": query}).content.decode()
    return re.search(r'<p class="result-count" role="status">([^<]*)', html)[1]


@pytest.fixture
def hidden(town):
    """Contact persons of the town: one for everyone, one for the network, one for the office alone."""
    for name, visibility in (("Öffentlich", "public"), ("Netz", "network"), ("Geheim", "office")):
        person = PersonFactory(first_name="Paula", last_name=name, email=f"{name.lower()}@rheine.example")
        ContactPersonFactory(
            municipality=town, person=person, name_visibility=visibility, email_visibility="office", position="Ehrenamt"
        )


def test_a_visitor_finds_bodies_as_in_the_directory(client, register):
    assert found(client, "Wupertal") == [("/kommunen/wuppertal/", "Wuppertal")]
    assert found(client, "muenster")[0] == ("/kommunen/muenster/", "Münster")
    assert sentence(client, "Wupertal") == "1 Treffer zu „Wupertal“"


def test_a_visitor_finds_pages_by_title_and_by_text(client):
    assert found(client, "barrierefreiheit")[0] == ("/barrierefreiheit/", "Erklärung zur Barrierefreiheit")
    assert ("/mitmachen/", "Mitmachen") in found(client, "Voraussetzungen")
    assert ("/offene-daten/", "Offene Daten") in found(client, "geojson")


def test_texts_with_the_question_inside_a_word_are_found_only_if_there_is_nothing_else(client, register):
    assert {address.split("/")[1] for address, _ in found(client, "rhein")} == {"kommunen"}
    save_page(TextPage.objects.get(key=PageKey.CONTACT), title="Kontakt", text="Fragen zum Bürgerstiftungsfonds")
    assert found(client, "stiftungsfonds") == [("/kontakt/", "Kontakt")]


def test_shipped_texts_are_found_also_without_a_row(client):
    TextPage.objects.all().delete()
    assert ("/mitmachen/", "Mitmachen") in found(client, "Voraussetzungen")


def test_what_the_office_writes_is_found_at_once(client):
    assert found(client, "Sprechstunde") == []
    save_page(TextPage.objects.get(key=PageKey.CONTACT), title="Kontakt", text="Unsere **Sprechstunde** ist mittags.")
    assert found(client, "sprechstunde") == [("/kontakt/", "Kontakt")]
    assert "Unsere Sprechstunde ist mittags." in client.get(SITE, {"q": "sprechstunde"}).content.decode()


def test_mailings_are_found_only_by_whoever_finds_them_in_the_archive(client, client_of, contact, office):
    for archive in ("public", "members", "nobody"):
        values = {"archive": archive, "subject": f"Für {archive}", "batch__held_until": timezone.now()}
        MailingFactory(sent=True, body_text="Guten Tag {name},\n\ndie Frist zum Abruf endet.", **values)
    draft = MailingFactory(subject="Entwurf", text="Die Frist endet bald.")

    def titles(reader, address=SITE):
        return {title for _, title in found(reader, "frist abruf" if address == SITE else "frist", address)}

    assert titles(client) == {"Für public"}
    assert titles(client_of(contact)) == titles(client_of(office)) == {"Für public", "Für members"}
    assert "Guten Tag, die Frist zum Abruf endet." in client.get(SITE, {"q": "abruf"}).text
    for address, _ in [*found(client, "abruf"), *found(client_of(contact), "abruf")]:
        assert client_of(contact).get(address).status_code == 200
    assert found(client_of(office), "frist", HITS) == [(reverse("mailing", args=[draft.pk]), "Entwurf")]


def test_persons_are_found_only_by_whoever_may_see_them(client, client_of, hidden, contact, stranger, office):
    def names(reader):
        return {title for _, title in found(reader, "Paula")}

    assert names(client) == set()
    assert names(client_of(UserFactory())) == set()
    assert names(client_of(contact)) == names(client_of(stranger)) == {"Paula Öffentlich", "Paula Netz"}
    assert names(client_of(office)) == {"Paula Öffentlich", "Paula Netz", "Paula Geheim"}


def test_a_field_that_was_not_released_is_not_searched(client_of, hidden, stranger):
    assert found(client_of(stranger), "netz@rheine.example") == []


def test_persons_of_bodies_that_left_are_not_found(client_of, stranger):
    ContactPersonFactory(
        municipality=MunicipalityFactory(name="Nie dabei"), person=PersonFactory(first_name="Paula", last_name="Fort")
    )
    assert found(client_of(stranger), "Paula") == []


def test_staff_find_the_dossier_and_every_person(client_of, office, hidden, town):
    assert found(client_of(office), "rheine", DESK)[0] == ("/verwaltung/kommunen/rheine/", "Rheine")
    names = {title for _, title in found(client_of(office), "Paula", DESK)}
    assert names == {"Paula Öffentlich", "Paula Netz", "Paula Geheim"}


def test_staff_find_a_person_by_address_number_and_organisation(client_of, office):
    person = PersonFactory(
        first_name="Gerda",
        last_name="Probe",
        email="gerda@verein.example",
        phone="0211 4711",
        organisation="Heimatverein",
    )
    expected = [(reverse("admin:members_person_change", args=[person.pk]), "Gerda Probe")]
    for query in ("gerda@verein", "4711", "heimat", "probe gerda"):
        assert found(client_of(office), query, DESK) == expected


def test_staff_find_texts_to_edit(client_of, office):
    page = TextPage.objects.get(key=PageKey.IMPRINT)
    address = reverse("admin:netzwerk_textpage_change", args=[page.pk])
    assert found(client_of(office), "impressum", DESK) == [(address, "Impressum")]


def test_administrators_find_accounts_and_no_persons(client_of, administrator, hidden, contact):
    assert found(client_of(administrator), "Paula", DESK) == []
    address = reverse("admin:users_user_change", args=[contact.pk])
    assert found(client_of(administrator), contact.email, DESK) == [(address, contact.email)]


def test_the_hits_under_the_field_are_those_of_the_page(client_of, office, hidden, town):
    client = client_of(office)
    assert found(client, "rheine", HITS) == found(client, "rheine", DESK)
    assert client.get(HITS).content.decode().count("<a ") == 0


@pytest.mark.parametrize("query", ["a", "x" * 200, "a\nb"])
def test_a_question_that_cannot_be_asked_is_explained(client, query):
    html = client.get(SITE, {"q": query}).content.decode()
    assert re.search("Schreiben Sie|Kürzen Sie", html)
    assert "result-count" not in html


@pytest.mark.parametrize("query", ["\x00", "\x00\ud7ff<script>alert(1)</script>{{7*7}}", "%", "' OR 1=1", "😀😀", "??"])
def test_no_question_breaks_the_page(client, query):
    response = client.get(SITE, {"q": query})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_nothing_found_offers_the_next_step_and_keeps_the_question(client, register):
    html = client.get(SITE, {"q": "xyzzy"}).content.decode()
    assert "Nichts gefunden zu „xyzzy“" in html
    assert 'value="xyzzy"' in html
    assert 'href="/kommunen/">Alle Kommunen' in html


def test_a_long_list_says_how_many_more_there_are(client, register):
    html = client.get(SITE, {"q": "kreis"}).content.decode()
    shown, more = html.count('class="entry-row"'), int(re.search(r"Und (\d+) weitere", html)[1])
    assert f"{shown + more} Treffer zu „kreis“" in html


@pytest.mark.parametrize("count", [1, 3])
def test_the_search_of_the_website_needs_the_same_queries_for_any_number(stranger, django_assert_num_queries, count):
    for _ in range(count):
        ContactPersonFactory()
    # revision, bodies with profiles, periods; texts; reader's bodies, twice; mailings; contacts with person and body
    with django_assert_num_queries(9):
        search.for_reader(stranger, "rosa")


@pytest.mark.parametrize("count", [1, 3])
def test_the_search_of_the_back_office_needs_the_same_queries_for_any_number(office, django_assert_num_queries, count):
    for _ in range(count):
        ContactPersonFactory()
    # revision, bodies with profiles, periods; persons, their functions with bodies, heads; mailings; batches; texts
    with django_assert_num_queries(11):
        search.for_staff(office, "rosa")
