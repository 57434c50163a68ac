import datetime

import pytest
from django.test import Client
from django.urls import reverse

from members.middleware import PERSON
from members.models import ContactPerson, Topic
from tests.factories import ContactPersonFactory, PersonFactory, UserFactory
from tests.passkeys import ORIGIN, Device, options_of

pytestmark = pytest.mark.django_db

ENDED = "Ihr Zugang ist beendet"


@pytest.fixture
def mailbox(town):
    """Rosa and Rudi, who answer for the town with one address."""
    user = UserFactory(email="ehrenamt@rheine.example")
    for first_name in ("Rosa", "Rudi"):
        person = PersonFactory(first_name=first_name, last_name="Muster", email=user.email, user=user)
        ContactPersonFactory(person=person, municipality=town)
    return user


def person_of(mailbox, first_name):
    return mailbox.persons.get(first_name=first_name)


def choose(client, person, **data):
    return client.post(reverse("choose_person"), {"person": person.pk} | data)


def end_function(person):
    ContactPerson.objects.filter(person=person).update(ended_on=datetime.date(2020, 1, 1))


def test_history_names_the_person_behind_the_account(client_of, office):
    person = PersonFactory(first_name="Gesa", last_name="Schäft", user=office)
    client_of(office).post(reverse("admin:members_topic_add"), {"name": "Digitales", "slug": ""})
    change = Topic.objects.get().history.get()
    assert (change.history_user, change.actor_key, change.actor_name) == (office, person.key, "Gesa Schäft")


def test_without_a_person_the_address_stands_in(client_of, office):
    client_of(office).post(reverse("admin:members_topic_add"), {"name": "Digitales", "slug": ""})
    assert Topic.objects.get().history.get().actor_name == office.email


# --- "Wer sind Sie?" ----------------------------------------------------------------------------------------------


def test_a_shared_mailbox_is_asked_once_and_lands_where_it_wanted(client_of, mailbox):
    client = client_of(mailbox)
    asked = client.get(reverse("mfa_index") + "?x=1", follow=True)
    assert asked.status_code == 200  # the pages of the account ask nobody
    asked = client.get(reverse("home") + "?seite=2", follow=True)
    page = asked.content.decode()
    assert "Wer sind Sie?" in page
    assert "Rosa Muster" in page
    assert "Rudi Muster" in page
    answer = choose(client, person_of(mailbox, "Rudi"), next="/intern/?seite=2")
    assert answer["Location"] == "/intern/?seite=2"
    assert "Angemeldet als <bdi>Rudi Muster</bdi>" in client.get(reverse("home")).content.decode()


def test_the_history_names_who_was_chosen(client_of, office):
    for first_name in ("Gesa", "Gerd"):
        PersonFactory(first_name=first_name, last_name="Schäft", user=office)
    client = client_of(office)
    choose(client, person_of(office, "Gerd"))
    client.post(reverse("admin:members_topic_add"), {"name": "Digitales", "slug": ""})
    assert Topic.objects.get().history.get().actor_name == "Gerd Schäft"


def test_the_answer_can_be_changed(client_of, mailbox):
    client = client_of(mailbox)
    choose(client, person_of(mailbox, "Rudi"))
    choose(client, person_of(mailbox, "Rosa"))
    assert "Angemeldet als <bdi>Rosa Muster</bdi>" in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize(
    "wanted", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_answer_never_leads_elsewhere(client_of, mailbox, wanted):
    answer = choose(client_of(mailbox), person_of(mailbox, "Rosa"), next=wanted)
    assert answer["Location"] == reverse("home")


@pytest.mark.parametrize("number", ["", "x", "0", "99999999999999999999", "\u0663"])
def test_nobody_else_can_be_chosen(client_of, mailbox, stranger, number):
    client = client_of(mailbox)
    for data in ({"person": number}, {"person": stranger.persons.get().pk}):
        page = client.post(reverse("choose_person"), data).content.decode()
        assert "Wählen Sie Ihren Namen aus der Liste." in page
    assert PERSON not in client.session


def test_nothing_is_changed_before_the_question_is_answered(client_of, office):
    for first_name in ("Gesa", "Gerd"):
        PersonFactory(first_name=first_name, user=office)
    answer = client_of(office).post(reverse("admin:members_topic_add"), {"name": "Digitales", "slug": ""})
    assert answer["Location"].startswith(reverse("choose_person"))
    assert not Topic.objects.exists()


def test_who_is_alone_is_never_asked(client_of, contact):
    client = client_of(contact)
    page = client.get(reverse("home")).content.decode()
    assert "nicht Sie?" not in page
    assert client.session[PERSON] == contact.persons.get().pk


def test_a_second_person_at_the_mailbox_does_not_disturb_an_open_session(client_of, contact, town):
    client = client_of(contact)
    client.get(reverse("home"))
    ContactPersonFactory(person=PersonFactory(user=contact), municipality=town)
    assert client.get(reverse("home")).status_code == 200


# --- access ends with the function --------------------------------------------------------------------------------


def test_an_open_session_ends_with_the_function(client_of, contact):
    client = client_of(contact)
    assert client.get(reverse("home")).status_code == 200
    end_function(contact.persons.get())
    answer = client.get(reverse("home"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert ENDED in answer.content.decode()


def test_an_open_session_ends_when_the_body_has_left(client_of, contact, town):
    client = client_of(contact)
    client.get(reverse("home"))
    town.memberships.update(ended_on=datetime.date(2020, 1, 1), end_reason="Ratsbeschluss")
    assert ENDED in client.get(reverse("home"), follow=True).content.decode()


def test_whoever_answers_for_another_member_too_stays(client_of, contact, town):
    ContactPersonFactory(person=contact.persons.get())
    client = client_of(contact)
    town.memberships.update(ended_on=datetime.date(2020, 1, 1), end_reason="Ratsbeschluss")
    assert client.get(reverse("home")).status_code == 200


def test_at_a_shared_mailbox_only_her_session_ends(client_of, mailbox):
    rosas, rudis = client_of(mailbox), client_of(mailbox)
    choose(rosas, person_of(mailbox, "Rosa"))
    choose(rudis, person_of(mailbox, "Rudi"))
    end_function(person_of(mailbox, "Rosa"))
    assert ENDED in rosas.get(reverse("home"), follow=True).content.decode()
    assert rudis.get(reverse("home")).status_code == 200


def test_signing_in_anew_does_not_help(client_of, contact):
    end_function(contact.persons.get())
    assert ENDED in client_of(contact).get(reverse("home"), follow=True).content.decode()


def test_a_passkey_at_a_shared_mailbox_belongs_to_the_person_who_set_it_up(mailbox, settings):
    settings.SITE_URL = ORIGIN
    client, device, rosa = Client(SERVER_NAME="localhost"), Device(), person_of(mailbox, "Rosa")
    client.force_login(mailbox)
    assert client.get(reverse("mfa_add_webauthn")).url.startswith(reverse("choose_person"))
    choose(client, rosa)
    options = options_of(client.get(reverse("mfa_add_webauthn")))
    client.post(reverse("mfa_add_webauthn"), {"credential": device.create(options)})

    def sign_in_by_passkey():
        client = Client(SERVER_NAME="localhost")
        options = client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"}).json()
        answer = device.get(options["request_options"]["publicKey"])
        client.post(reverse("mfa_login_webauthn"), {"credential": answer})
        return client.get(reverse("home"))

    assert sign_in_by_passkey().context["request"].acting_person == rosa
    end_function(rosa)
    assert sign_in_by_passkey().url.startswith(reverse("account_login"))
