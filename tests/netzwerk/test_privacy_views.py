"""Pages on data protection: the Verzeichnis, erasing with four eyes, one's own data."""

import datetime
import json
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from core.actions import queue_mail
from core.history import Actor, acting_as
from core.personal import all_records
from core.retention import all_retentions
from members.models import ContactPerson, Person
from netzwerk import disclosure, forgetting, worklist
from netzwerk.models import Erasure, TidyRun
from tests.factories import ContactPersonFactory, PersonFactory, UserFactory

REGISTER, OWN = "/verwaltung/datenschutz/", "/intern/meine-daten/"


@pytest.fixture
def person(town):
    return ContactPersonFactory(
        municipality=town, person__first_name="Rosa", person__last_name="Probe", position="Ehrenamt"
    ).person


def erasure_page(person, step=""):
    return f"{REGISTER}loeschen/{person.pk}/{step}"


# --- the Verzeichnis ------------------------------------------------------------------------------------------------


def test_the_verzeichnis_has_every_purpose_and_every_personal_field(client_of, office):
    page = client_of(office).get(REGISTER).text
    for record in all_records():
        if record.fields:
            assert record.activity.purpose in page
    for label in ("Nachname", "E-Mail-Adresse", "IP-Adresse, Browser, Zeiten", "handelnde Person, Zeit"):
        assert label in page


def test_the_verzeichnis_as_a_file(client_of, office):
    answer = client_of(office).get(f"{REGISTER}verzeichnis.xlsx")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "Verarbeitungstätigkeit"
    assert ["Rechtsgrundlage" in rows[0], len(rows) > 15] == [True, True]
    assert client_of(office).get(f"{REGISTER}verzeichnis.pdf").status_code == 404


def test_the_last_night_shows_what_it_deleted_and_what_failed(client_of, office):
    TidyRun.objects.create(key="core.recipients", rows=4, started_at=timezone.now() - datetime.timedelta(days=2))
    TidyRun.objects.create(key="core.recipients", rows=3)
    TidyRun.objects.create(key="users.traces", error="OperationalError")
    page = " ".join(client_of(office).get(REGISTER).text.split())
    assert '<td class="table__number">3</td> <td class="table__number">7</td>' in page
    assert "misslungen (OperationalError)" in page
    assert "noch nie" in page
    assert [kept.ends for kept in all_retentions() if kept.forget and kept.ends not in page] == []


def test_the_number_of_queries_does_not_grow(client_of, office):
    client = client_of(office)
    client.get(REGISTER)
    counted = []
    for number in (1, 2):
        for _ in range(number):
            forgetting.request_erasure(PersonFactory(), by=office)
        with CaptureQueriesContext(connection) as queries:
            client.get(REGISTER)
        counted.append(len(queries))
    assert Erasure.objects.open().count() == 3
    assert counted[0] == counted[1]


# --- erasing --------------------------------------------------------------------------------------------------------


def test_office_asks_administrator_confirms_and_the_name_is_gone(client_of, office, administrator, person):
    page = client_of(office).get(erasure_page(person)).text
    assert "Löschung beantragen" in page
    assert "Endgültig löschen" not in page
    answer = client_of(office).post(erasure_page(person, "beantragen/"), follow=True)
    assert "ist beantragt" in answer.text
    assert "Endgültig löschen" not in answer.text
    client = client_of(administrator)
    assert "Rosa Probe" in client.get(REGISTER).text
    assert "Endgültig löschen" in client.get(erasure_page(person)).text
    unsure = client.post(erasure_page(person, "bestaetigen/"))
    assert "Bestätigen Sie, dass Sie die Löschung geprüft haben." in unsure.text
    assert Person.objects.get(pk=person.pk).last_name == "Probe"
    answer = client.post(erasure_page(person, "bestaetigen/"), {"sure": "on"}, follow=True)
    assert "Die Person ist gelöscht." in answer.text
    assert "Bisher gelöscht: 1 Person." in answer.text
    assert Person.objects.get(pk=person.pk).name == "gelöschte Person"
    assert "Diese Person ist gelöscht." in client.get(erasure_page(person)).text
    assert "Probe" not in client_of(office).get("/verwaltung/members/person/").text


def test_confirming_without_a_request_says_so_and_erases_nothing(client_of, administrator, person):
    answer = client_of(administrator).post(erasure_page(person, "bestaetigen/"), {"sure": "on"}, follow=True)
    assert "schon entschieden" in answer.text
    assert Person.objects.get(pk=person.pk).last_name == "Probe"


def test_a_request_can_be_withdrawn(client_of, office, person):
    client = client_of(office)
    client.post(erasure_page(person, "beantragen/"))
    assert "Es wird nichts gelöscht." in client.post(erasure_page(person, "zurueckziehen/"), follow=True).text
    assert not Erasure.objects.open().exists()


def test_staff_cannot_be_requested_while_they_are_staff(client_of, office):
    person = PersonFactory(user=UserFactory(staff=True))
    answer = client_of(office).post(erasure_page(person, "beantragen/"), follow=True)
    assert "Nehmen Sie ihrem Konto zuerst Stelle" in answer.text


def test_heute_shows_requests_and_failed_nights_to_administrators_alone(office, administrator, person):
    forgetting.request_erasure(person, by=office)
    TidyRun.objects.create(key="users.traces", error="OperationalError")
    TidyRun.objects.create(key="core.recipients", error="E", started_at=timezone.now() - datetime.timedelta(days=1))
    TidyRun.objects.create(key="core.recipients", rows=1)
    lines = [line.text for line in worklist.lines_for(administrator)]
    assert lines == [
        "Person, deren Daten gelöscht werden sollen",
        "Löschfrist, die die letzte Nacht nicht einhalten konnte",
    ]
    assert not [line for line in worklist.lines_for(office) if "lösch" in line.text.lower()]


def test_persons_are_not_deleted_by_hand(client_of, office, person):
    page = client_of(office).get(f"/verwaltung/members/person/{person.pk}/change/").text
    assert erasure_page(person) in page
    assert f"/verwaltung/members/person/{person.pk}/delete/" not in page


# --- own data -------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_held_and_nothing_of_others(client_of, contact, colleague, town):
    queue_mail("users.access_invitation", to_address=contact.email, recipient_key=contact.key)
    own = contact.persons.get()
    page = client_of(contact).get(OWN).text
    for value in (own.last_name, own.phone, contact.email, "Rheine", "Zustellung", "§ 3"):
        assert (value in page) == (value != "§ 3")
    other = colleague.persons.get()
    assert other.last_name not in page
    assert colleague.email not in page


def test_the_file_has_every_kind_with_its_earlier_versions_and_own_changes(client_of, contact):
    person = contact.persons.get()
    with acting_as(Actor(person.key, person.name)):
        person.phone = "0251 99999"
        person.save()
    answer = client_of(contact).get(f"{OWN}datei/")
    assert answer["Content-Disposition"].startswith('attachment; filename="Meine_Daten_')
    data = json.loads(answer.content)
    kinds = {part["art"]: part for part in data["angaben"]}
    assert kinds.keys() >= {"Person", "Ansprechperson", "Konto"}
    assert kinds["Person"]["angaben"][0]["Telefon"] == "0251 99999"
    assert [version["Telefon"] for version in kinds["Person"]["fruehere_fassungen"]] == ["0251 12345", "0251 99999"]
    assert data["eigene_aenderungen"][0]["art"] == "Person"
    assert all(part["zweck"] and part["rechtsgrundlage"] for part in data["angaben"])


def test_secrets_are_in_neither(client_of, office):
    PersonFactory(user=office)
    client = client_of(office)
    (factor,) = office.authenticator_set.all()
    for url in (OWN, f"{OWN}datei/"):
        answer = client.get(url)
        assert answer.status_code == 200
        assert factor.data["secret"] not in answer.text
        assert client.session.session_key not in answer.text


def test_each_release_is_shown_with_its_day_and_who_chose_it(client_of, contact):
    function = ContactPerson.objects.get(person__user=contact)
    with acting_as(Actor(function.person.key, function.person.name)):
        function.phone_visibility = "public"
        function.save()
    rows = disclosure.releases(function.person)
    assert [row[2:] for row in rows if row[2] == "Telefon"] == [
        ["Telefon", "öffentlich", "Sie"],
        ["Telefon", "im Netzwerk", "Geschäftsstelle"],
    ]
    page = " ".join(client_of(contact).get(OWN).text.split())
    assert 'Telefon</td> <td class="table__text">öffentlich</td> <td class="table__text">Sie</td>' in page


def test_a_person_asks_to_be_erased_and_may_think_again(client_of, contact):
    client = client_of(contact)
    answer = client.post(f"{OWN}loeschen/", follow=True)
    assert "beantragt" in answer.text
    erasure = Erasure.objects.get()
    assert (erasure.person.user, erasure.own_wish) == (contact, True)
    assert "bleiben" in client.post(f"{OWN}behalten/", follow=True).text
    assert not Erasure.objects.open().exists()


def test_her_own_wish_is_carried_out_by_one_administrator(client_of, contact, administrator):
    client_of(contact).post(f"{OWN}loeschen/")
    person = Erasure.objects.get().person
    client_of(administrator).post(erasure_page(person, "bestaetigen/"), {"sure": "on"})
    assert Person.objects.get(pk=person.pk).is_erased
    assert client_of(administrator).get(REGISTER).status_code == 200


def test_at_a_shared_mailbox_each_sees_herself(client_of, town):
    user = UserFactory(email="ehrenamt@rheine.example")
    one, other = (ContactPersonFactory(municipality=town, person__user=user).person for _ in range(2))
    client = client_of(user)
    session = client.session
    session["acting_person"] = one.pk
    session.save()
    page = client.get(OWN).text
    assert one.last_name in page
    assert other.last_name not in page
    assert user.email in page
