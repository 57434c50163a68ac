"""Change of one's own address: proved by a code, told to the old one, and silent about other accounts."""

import datetime
from urllib.parse import unquote

import pytest
import time_machine
from django.core import mail as mailbox
from django.test import Client

from core.delivery import run_sender
from core.models import MailState, OutgoingMail
from tests.passkeys import Device
from tests.users.walk import is_signed_in, letter_of, sign_in, told
from users import actions, demo

pytestmark = pytest.mark.django_db

CHANGE, CONFIRM = "/konto/adresse/", "/konto/adresse/bestaetigen/"
NOW = datetime.datetime(2027, 3, 12, 10, 0, tzinfo=datetime.UTC)
NEW = "neu@stadt.example"


@pytest.fixture
def client(client, contact):
    client.force_login(contact)
    return client


def code():
    return OutgoingMail.objects.filter(kind="users.address_code").latest("pk").data["code"]


def change(client, email=NEW):
    client.post(CHANGE, {"email": email})
    return client.post(CONFIRM, {"code": code()}, follow=True)


def test_the_address_changes_once_its_code_was_typed(client, contact):
    old = contact.email
    assert client.post(CHANGE, {"email": "Neu@Stadt.example"}).url == CONFIRM
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to_address) == ("users.address_code", NEW)
    assert code() in letter_of("users.address_code").text
    contact.refresh_from_db()
    assert contact.email == old
    answer = client.post(CONFIRM, {"code": f" {code().replace('-', '–')} "}, follow=True)
    assert told(answer) == [f"Ihre Adresse ist jetzt {NEW}. Andere Sitzungen sind beendet."]
    contact.refresh_from_db()
    assert contact.email == NEW
    assert OutgoingMail.objects.get(kind="users.address_changed").to_address == old
    assert "Sie haben am" in letter_of("users.address_changed").text
    assert contact.history.latest().history_user == contact
    assert contact.persons.get().email == NEW
    fresh = Client()
    sign_in(fresh, NEW)
    assert is_signed_in(fresh)


def test_other_sessions_end_and_this_one_goes_on_under_a_new_key(contact):
    here, there = Client(), Client()
    sign_in(here, contact.email)
    sign_in(there, contact.email)
    before = here.session.session_key
    change(here)
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
    assert here.session.session_key != before
    assert here.get("/konto/sitzungen/").content.decode().count("entry-row__name") == 1


def test_passkeys_stay_when_the_owner_herself_changes_it(client, contact):
    Device().belong_to(contact)
    change(client)
    assert contact.authenticator_set.filter(type="webauthn").exists()


def test_staff_confirm_with_their_factor_first(office):
    client = Client()
    client.force_login(office)
    answer = client.get(CHANGE)
    assert unquote(answer.url) == f"/konto/bestaetigen/?next={CHANGE}"
    client.post(answer.url, {"code": demo.current_code(office)})
    assert client.get(CHANGE).status_code == 200


def test_a_taken_address_looks_the_same_and_only_its_owner_is_told(client, contact, stranger):
    pages = []
    for email in (NEW, stranger.email):
        answer = client.post(CHANGE, {"email": email}, follow=True)
        page = client.post(CONFIRM, {"code": "000"}).content.decode()
        pages.append((answer.redirect_chain, answer.content.decode().replace(email, "X"), page.replace(email, "X")))
    assert [chain for chain, *_ in pages] == [[(CONFIRM, 302)]] * 2
    without_tokens = [[part.split("csrfmiddlewaretoken")[0] for part in parts] for _, *parts in pages]
    assert without_tokens[0] == without_tokens[1]
    told_owner = OutgoingMail.objects.get(kind="users.address_taken")
    assert told_owner.to_address == stranger.email
    assert contact.email not in letter_of("users.address_taken").text


def test_an_address_taken_meanwhile_is_refused_with_a_sentence(client, contact):
    client.post(CHANGE, {"email": NEW})
    actions.open_account(NEW)
    answer = client.post(CONFIRM, {"code": code()}, follow=True)
    assert told(answer) == ["Zu dieser Adresse gibt es schon ein Konto."]
    assert is_signed_in(client)


BAD = ("", "no address", "a@b", "x" * 300 + "@stadt.example", "a@b.example\nBcc: c@d.example")


@pytest.mark.parametrize("email", BAD)
def test_what_is_no_address_is_refused(client, email):
    page = client.post(CHANGE, {"email": email})
    assert page.status_code == 200
    assert "<title>Fehler:" in page.content.decode()
    assert not OutgoingMail.objects.exists()


def test_the_own_address_is_refused(client, contact):
    assert "Diese haben Sie schon." in client.post(CHANGE, {"email": contact.email.upper()}).content.decode()


def test_three_wrong_codes_and_the_right_one_is_void(client, contact):
    client.post(CHANGE, {"email": NEW})
    right = code()
    wrong = "000-000" if right != "000-000" else "111-111"
    answers = [client.post(CONFIRM, {"code": wrong}, follow=True) for _ in range(3)]
    assert told(answers[-1]) == ["Der Code gilt nicht mehr. Fordern Sie einen neuen an."]
    assert client.post(CONFIRM, {"code": right}).url == CHANGE
    contact.refresh_from_db()
    assert contact.email != NEW


def test_the_code_holds_twenty_minutes_and_for_one_session(client, contact):
    with time_machine.travel(NOW, tick=False) as clock:
        client.force_login(contact)
        client.post(CHANGE, {"email": NEW})
        other = Client()
        other.force_login(contact)
        assert other.post(CONFIRM, {"code": code()}).url == CHANGE
        clock.shift(datetime.timedelta(minutes=20, seconds=1))
        assert told(client.post(CONFIRM, {"code": code()}, follow=True)) == [
            "Der Code gilt nicht mehr. Fordern Sie einen neuen an."
        ]
        run_sender()
    assert OutgoingMail.objects.get().state == MailState.SKIPPED
    assert mailbox.outbox == []


def test_a_mailbox_is_not_flooded(client):
    answers = [client.post(CHANGE, {"email": NEW}).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
    assert OutgoingMail.objects.count() == 3
