import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.dates import today
from core.models import OutgoingMail
from members.models import ContactPerson, HeadOfAdministration, Kind, Person
from tests.factories import ContactPersonFactory, HeadFactory, MunicipalityFactory, PersonFactory
from users.models import User

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
NEW = {"form_of_address": "Frau", "title": "", "first_name": "Nele", "last_name": "Neu", "email": "nele@rheine.example"}


@pytest.fixture
def rosa(contact):
    return ContactPerson.objects.get(person__user=contact)


def hand_over(client, contact, **values):
    data = {"on": today().isoformat(), "successor": "known"} | NEW | values
    return client.post(reverse("hand_over", args=[contact.pk]), data, follow=True)


def leave(client, municipality, **values):
    data = {"on": (today() - DAY).isoformat(), "reason": "Ratsbeschluss vom 3. Mai"} | values
    return client.post(reverse("leave", args=[municipality.slug]), data, follow=True)


def test_the_office_enters_a_handing_over(client_of, office, rosa, town):
    page = hand_over(client_of(office), rosa).content.decode()
    assert "Nele Neu ist eingeladen." in page
    assert [contact.person.name for contact in town.contacts.on()] == ["Nele Neu"]
    assert ContactPerson.history.filter(person=rosa.person).first().history_user == office


def test_a_press_too_early_hands_nothing_over(client_of, office, rosa, colleague):
    client, url = client_of(office), reverse("hand_over", args=[rosa.pk])
    initial = client.get(url).context["form"]
    data = {field.html_name: field.value() or "" for field in initial}
    assert "Wählen Sie, wer das Thema übernimmt" in client.post(url, data).content.decode()
    assert rosa.holds()


def test_the_successor_may_be_open(client_of, office, rosa, town):
    empty = dict.fromkeys(NEW, "")
    page = hand_over(client_of(office), rosa, successor="open", **empty).content.decode()
    assert "Die Nachfolge ist noch offen." in page
    assert not town.contacts.on().exists()
    assert "Mitglied ohne Ansprechperson" in client_of(office).get(reverse("admin:index")).content.decode()


def test_whoever_is_known_already_is_not_entered_twice(client_of, office, rosa):
    known = PersonFactory(first_name="Nele", last_name="Neu", email="Nele@Rheine.example")
    hand_over(client_of(office), rosa)
    assert ContactPerson.objects.on().get().person == known
    assert Person.objects.filter(last_name="Neu").count() == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"last_name": ""}, "Geben Sie den Nachnamen der neuen Person ein."),
        ({"email": ""}, "Geben Sie die E-Mail-Adresse der neuen Person ein."),
        ({"on": "gestern"}, "Schreiben Sie das Datum wie „6.12.2027“."),
        ({"on": ""}, "Geben Sie an, ab wann jemand anderes zuständig ist."),
        ({"successor": "x"}, "Wählen Sie"),
        ({"last_name": "Neu\nBcc: alle@stadt.example"}, "Schreiben Sie den Text in eine einzige Zeile."),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_lost(client_of, office, rosa, values, sentence):
    page = hand_over(client_of(office), rosa, **values).content.decode()
    assert sentence in page
    assert "Nele" in page
    assert ContactPerson.objects.on().get() == rosa
    assert not OutgoingMail.objects.exists()


def test_what_the_action_refuses_stands_in_the_form(client_of, office, rosa):
    ContactPerson.objects.update(started_on=today())
    page = hand_over(client_of(office), rosa).content.decode()
    assert "Wählen Sie einen späteren Tag" in page
    assert "Nele" in page


def test_the_page_before_leaving_counts_who_loses_access(client_of, office, rosa, town):
    elsewhere = ContactPersonFactory(municipality=town)
    ContactPersonFactory(person=elsewhere.person)
    page = client_of(office).get(reverse("leave", args=[town.slug])).content.decode()
    assert "1 Person verliert mit dem letzten Tag den Zugang" in page
    assert rosa.person.email in page
    assert elsewhere.person.email not in page


def test_the_office_enters_that_a_body_left(client_of, office, client, rosa, town):
    page = leave(client_of(office), town).content.decode()
    assert "Benachrichtigt: 1." in page
    assert not User.objects.filter(pk=rosa.person.user_id).exists()
    assert "war früher dabei" in client.get(reverse("municipality", args=[town.slug])).content.decode()
    assert town.memberships.get().history.first().history_user == office


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reason": ""}, "Nennen Sie den Grund"),
        ({"on": ""}, "Geben Sie den letzten Tag der Mitgliedschaft an."),
        ({"on": "1.1.2001"}, "Der letzte Tag liegt vor dem Beginn."),
    ],
)
def test_leaving_asks_for_what_is_missing(client_of, office, town, values, sentence):
    assert sentence in leave(client_of(office), town, **values).content.decode()
    assert town.memberships.get().ended_on is None


# --- correcting an address in the back office ---------------------------------------------------------------------


def save_address(client, person, email, **values):
    data = {"first_name": person.first_name, "last_name": person.last_name, "email": email} | values
    return client.post(reverse("admin:members_person_change", args=[person.pk]), data, follow=True).content.decode()


def test_correcting_a_person_corrects_her_account(client_of, office, rosa):
    save_address(client_of(office), rosa.person, "neu@rheine.example")
    assert User.objects.get(pk=rosa.person.user_id).email == "neu@rheine.example"


def test_at_a_shared_mailbox_the_form_asks_for_whom(client_of, office, rosa):
    PersonFactory(user=rosa.person.user, email=rosa.person.email)
    client = client_of(office)
    page = save_address(client, rosa.person, "neu@rheine.example")
    assert "Wählen Sie, für wen die neue Adresse gilt." in page
    save_address(client, rosa.person, "neu@rheine.example", mailbox="all")
    assert set(Person.objects.values_list("email", flat=True)) == {"neu@rheine.example"}


def test_the_form_refuses_what_the_account_cannot_follow(client_of, office, administrator, rosa):
    client = client_of(office)
    employee = PersonFactory(user=administrator, email=administrator.email)
    assert "Bitten Sie die Administration" in save_address(client, employee, "boese@fremd.example")
    ContactPersonFactory(person__user__is_active=False, person__email="gesperrt@rheine.example")
    assert "Konto zu dieser Adresse ist gesperrt" in save_address(client, rosa.person, "gesperrt@rheine.example")
    administrator.refresh_from_db()
    assert administrator.email == "administrator@netzwerk.example"


# --- new heads after an election ----------------------------------------------------------------------------------


@pytest.fixture
def lippe():
    """Three member towns of one Kreis, two of them with a head."""
    kreis = MunicipalityFactory(name="Kreis Lippe", slug="kreis-lippe", kind=Kind.KREIS)
    towns = [MunicipalityFactory(name=name, kreis=kreis, member=True) for name in ("Detmold", "Lage", "Lemgo")]
    for town in towns[:2]:
        HeadFactory(municipality=town, started_on=datetime.date(2020, 11, 1))
    return towns


def elect(client, rows, *, on="2030-11-01", query="?kreis=kreis-lippe", **values):
    data = {"on": on} | values
    for body, row in rows.items():
        data |= {f"{body.pk}-{name}": value for name, value in row.items()}
    return client.post(reverse("heads_after_election") + query, data, follow=True).content.decode()


def elected(last_name="Sieger", **values):
    return {"form_of_address": "Herr", "last_name": last_name, "office_title": "Bürgermeister"} | values


def in_office(body, day=datetime.date(2030, 11, 1)):
    return [head.person.last_name for head in body.heads.on(day)]


def test_one_press_changes_many_heads(client_of, office, lippe):
    detmold, lage, lemgo = lippe
    rows = {detmold: elected("Neu"), lemgo: elected("Erst", email="erst@lemgo.example")}
    page = elect(client_of(office), rows)
    assert "2 Amtszeiten beginnen am 1. November 2030, 1 bisherige endet, 1 Zeile bleibt leer." in page
    assert HeadOfAdministration.objects.count() == 2
    page = elect(client_of(office), rows, store="1")
    assert "Neue Amtszeiten ab 1. November 2030: 2. Beendete Amtszeiten: 1." in page
    assert [in_office(body) for body in lippe] == [["Neu"], [lage.heads.get().person.last_name], ["Erst"]]
    before = detmold.heads.get(ended_on=datetime.date(2030, 10, 31))
    assert before.history.first().history_user == office


def test_one_wrong_row_stores_none(client_of, office, lippe):
    detmold, _, lemgo = lippe
    page = elect(client_of(office), {detmold: elected(), lemgo: {"last_name": "Ohne-Amt"}}, store="1")
    assert "Berichtigen Sie die gekennzeichneten Zeilen: Lemgo." in page
    assert "Geben Sie die Amtsbezeichnung ein." in page
    assert "Sieger" in page
    assert HeadOfAdministration.objects.count() == 2
    assert not Person.objects.filter(last_name="Sieger").exists()


def test_a_term_that_begins_later_stops_all_and_names_the_body(client_of, office, lippe):
    detmold, lage, _ = lippe
    HeadOfAdministration.objects.filter(municipality=lage).update(started_on=datetime.date(2030, 11, 1))
    page = elect(client_of(office), {detmold: elected(), lage: elected("Zweiter")}, store="1")
    assert "Lage: Wählen Sie einen späteren Tag: Dort beginnt am 1. November 2030 schon eine Amtszeit." in page
    assert not Person.objects.filter(last_name__in=["Sieger", "Zweiter"]).exists()
    assert not HeadOfAdministration.objects.filter(ended_on__isnull=False).exists()


@pytest.mark.parametrize(
    ("rows", "values", "sentence"),
    [
        (False, {}, "Tragen Sie mindestens eine neue Verwaltungsspitze ein."),
        (True, {"on": ""}, "Geben Sie den Tag des Amtsantritts an."),
        (True, {"on": "irgendwann"}, "Schreiben Sie das Datum wie „6.12.2027“."),
    ],
)
def test_the_election_asks_for_what_is_missing(client_of, office, lippe, rows, values, sentence):
    page = elect(client_of(office), {lippe[0]: elected()} if rows else {}, store="1", **values)
    assert sentence in page
    assert HeadOfAdministration.objects.count() == 2


def test_only_so_many_bodies_are_shown_as_fit_one_form(client_of, office, register):
    client, url = client_of(office), reverse("heads_after_election")
    assert "zu viele Kommunen" in client.get(url, {"alle": "on"}).content.decode()
    assert "Wählen Sie zuerst" in client.get(url).content.decode()
    assert "16 Kommunen" in client.get(url, {"alle": "on", "kreis": "kreis-lippe"}).content.decode()
    assert "Wählen Sie einen Eintrag aus der Liste." in client.get(url, {"kreis": "nirgends"}).content.decode()


def test_the_election_needs_the_same_queries_for_one_and_three_bodies(client_of, office, lippe):
    client, url = client_of(office), reverse("heads_after_election")
    client.get(url)
    with CaptureQueriesContext(connection) as three:
        assert "Detmold" in client.get(url, {"kreis": "kreis-lippe"}).content.decode()
    for body in lippe[1:]:
        body.memberships.all().delete()
    with CaptureQueriesContext(connection) as one:
        assert "Lemgo" not in client.get(url, {"kreis": "kreis-lippe"}).content.decode()
    assert len(one) == len(three)
