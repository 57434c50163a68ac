"""Unsubscribing: links show, buttons act, mail programs act by themselves, and the person is told with the way back."""

import pytest
from django.test import Client
from django.urls import reverse

from core import delivery
from core.links import token_for
from core.models import OutgoingMail
from mailings.access import SETTINGS, unsubscribing
from mailings.models import OptOut, Rubric, Subscriber
from mailings.subscribing import subscriber_of
from members.addresses import save_person
from tests.factories import ContactPersonFactory, PersonFactory

pytestmark = pytest.mark.django_db

FUNDING = unsubscribing(Rubric.FUNDING)


@pytest.fixture
def rosa(town):
    return ContactPersonFactory(municipality=town).person


@pytest.fixture
def foot(rosa):
    return reverse("unsubscribe", args=[token_for(subscriber_of(rosa), FUNDING)])


def unwanted(person) -> set[str]:
    return set(OptOut.objects.filter(person=person).values_list("rubric", flat=True))


def test_m15_opening_changes_nothing_and_names_nobody(client, foot, rosa):
    for _ in range(3):
        page = client.get(foot)
        client.head(foot)
    assert "Diese Informationen nicht mehr bekommen?" in page.text
    assert rosa.name not in page.text
    assert rosa.email not in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert not OptOut.objects.exists()


def test_the_button_unsubscribes_and_she_is_told_with_the_way_back(client, foot, rosa, mailoutbox):
    page = client.post(foot, follow=True)
    assert "Abbestellt." in page.text
    assert unwanted(rosa) == {Rubric.FUNDING}
    delivery.run_sender()
    (letter,) = mailoutbox
    assert letter.to == [f"{rosa.name} <{rosa.email}>"]
    path = next(word for word in letter.body.split() if "/e-mails/" in word).removeprefix("http://testserver")
    client.post(path, {"rubrics": [rubric.value for rubric in Rubric.to_choose()]})
    assert unwanted(rosa) == set()


def test_one_click_of_a_mail_program_needs_neither_cookie_nor_token_of_a_form(foot, rosa):
    answer = Client(enforce_csrf_checks=True).post(foot, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.text) == (200, "Abbestellt.\n")
    assert unwanted(rosa) == {Rubric.FUNDING}


def test_twice_is_once(client, foot):
    for _ in range(2):
        client.post(foot)
    assert OptOut.objects.count() == OutgoingMail.objects.count() == 1


def test_all_informationen_at_once(client, foot, rosa):
    client.post(foot, {"alle": "1"})
    assert unwanted(rosa) == set(Rubric.to_choose())


def test_a_mailbox_decides_for_all_who_read_it(client, foot, rosa):
    other = PersonFactory(email=rosa.email)
    client.post(foot)
    assert unwanted(other) == {Rubric.FUNDING}


@pytest.mark.parametrize("purpose", [SETTINGS, "answer", unsubscribing("")])
def test_a_token_for_something_else_unsubscribes_from_nothing(client, rosa, purpose):
    token = token_for(subscriber_of(rosa), purpose)
    assert client.post(reverse("unsubscribe", args=[token])).status_code == 404
    assert not OptOut.objects.exists()


def test_who_is_erased_has_no_page(client, foot, rosa):
    rosa.last_name = ""
    rosa.save()
    assert client.get(foot).status_code == 404


def test_the_own_page_needs_no_link(client_of, contact):
    client, url = client_of(contact), reverse("mail_settings")
    page = client.post(url, {"rubrics": ["network"]}, follow=True)
    assert "Gespeichert." in page.text
    assert unwanted(contact.persons.get()) == {"dates", "funding", "material"}
    assert client.post(url, {"rubrics": ["business"]}).context["form"].errors
    assert Subscriber.objects.get().person == contact.persons.get()


# --- after a new address ------------------------------------------------------------------------------------------


def test_through_a_mail_to_a_former_address_nobody_sees_or_changes_her_settings(client, rosa, office):
    old = reverse("mail_settings_by_link", args=[token_for(subscriber_of(rosa), SETTINGS)])
    assert rosa.email in client.get(old).text
    rosa.email = "rosa@neu.example"
    save_person(rosa, by=office)
    for page in (client.get(old), client.post(old, {"rubrics": []})):
        assert page.status_code == 404
        assert "Diese E-Mail ging an eine frühere Adresse." in page.text
        assert rosa.name not in page.text
        assert rosa.email not in page.text
    assert unwanted(rosa) == set()
    new = reverse("mail_settings_by_link", args=[token_for(subscriber_of(rosa), SETTINGS)])
    assert rosa.email in client.get(new).text


def test_a_mail_to_a_former_address_still_unsubscribes_from_its_rubric_alone(client, foot, rosa, office, mailoutbox):
    rosa.email = "rosa@neu.example"
    save_person(rosa, by=office)
    assert "Alle Informationen abbestellen" not in client.get(foot).text
    client.post(foot, {"alle": "1"})
    assert unwanted(rosa) == {Rubric.FUNDING}
    answer = Client(enforce_csrf_checks=True).post(foot, {"List-Unsubscribe": "One-Click"})
    assert answer.text == "Abbestellt.\n"
    delivery.run_sender()
    assert [letter.to for letter in mailoutbox if "abbestellt" in letter.subject.lower()] == [
        [f"{rosa.name} <rosa@neu.example>"]
    ]
