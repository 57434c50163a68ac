"""Passkeys: a way to sign in for contact persons, for staff the second factor as well."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from core import mailkinds
from core.models import OutgoingMail
from tests.factories import UserFactory
from tests.passkeys import ORIGIN, Device, options_of
from tests.users.walk import SECOND_FACTOR, is_signed_in, letter_of, sign_in, told
from users import actions, demo

pytestmark = pytest.mark.django_db

ADD, SIGN_IN, CONFIRM = "/konto/sicherheit/passkeys/neu/", "/konto/anmelden/passkey/", "/konto/bestaetigen/passkey/"
AS_SCRIPT = {"headers": {"accept": "application/json"}}


@pytest.fixture(autouse=True)
def _own_name(settings):
    settings.SITE_URL = ORIGIN


@pytest.fixture
def browser():
    return lambda: Client(
        SERVER_NAME="localhost", headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}
    )


@pytest.fixture
def newcomer(db):
    """Works in the Geschäftsstelle since today: no second factor yet."""
    return UserFactory(staff=True, second_factor=False, email="new@netzwerk.example")


def add_passkey(client, device=None, name="Diensthandy"):
    device = device or Device()
    page = client.get(ADD)
    return device, client.post(ADD, {"name": name, "credential": device.create(options_of(page))})


def with_passkey(client, user):
    """Sign a person in who sets up a passkey; return its device."""
    client.force_login(user)
    return add_passkey(client)[0]


def sign_in_by(device, client, next_url=""):
    options = client.get(SIGN_IN, **AS_SCRIPT).json()["request_options"]["publicKey"]
    return client.post(SIGN_IN, {"credential": device.get(options), "next": next_url})


def passkeys(user):
    return Authenticator.objects.filter(user=user, type="webauthn")


def test_contact_sets_one_up_and_signs_in_without_a_code(browser, contact):
    device = with_passkey(browser(), contact)
    assert letter_of("users.passkey_added").subject == "Passkey eingerichtet"
    assert "„Diensthandy“" in letter_of("users.passkey_added").text
    assert not Authenticator.objects.filter(user=contact, type="recovery_codes").exists()
    later = browser()
    assert sign_in_by(device, later, "/konto/sicherheit/").url == "/konto/sicherheit/"
    page = later.get("/konto/sicherheit/").content.decode()
    assert "Diensthandy" in page
    assert "zuletzt benutzt am" in page
    assert not OutgoingMail.objects.filter(kind="users.sign_in_code").exists()


def test_contact_with_a_passkey_still_signs_in_by_code_alone(browser, contact):
    with_passkey(browser(), contact)
    client = browser()
    assert sign_in(client, contact.email).url == "/intern/"
    assert is_signed_in(client)


def test_staff_sign_in_by_passkey_alone(browser, office):
    demo_client = browser()
    demo_client.force_login(office)
    demo_client.post("/konto/bestaetigen/", {"code": demo.current_code(office)})
    device, answer = add_passkey(demo_client)
    assert answer.url == "/konto/sicherheit/notfallcodes/"
    client = browser()
    assert sign_in_by(device, client).url == "/verwaltung/"
    Authenticator.objects.get(type="recovery_codes").wrap().mark_as_viewed()
    assert client.get("/verwaltung/").status_code == 200


def test_newcomer_may_take_a_passkey_as_the_second_factor(browser, newcomer):
    client = browser()
    sign_in(client, newcomer.email)
    assert client.get("/verwaltung/").url == "/konto/sicherheit/app/einrichten/"
    assert ADD in client.get("/konto/sicherheit/app/einrichten/").content.decode()
    device, answer = add_passkey(client)
    assert answer.url == "/konto/sicherheit/notfallcodes/"
    assert client.get("/verwaltung/").url == "/konto/sicherheit/notfallcodes/"
    assert client.get("/konto/sicherheit/notfallcodes/").status_code == 200
    assert client.get("/verwaltung/").status_code == 200
    again = browser()
    page = again.get(sign_in(again, newcomer.email).url)
    assert not is_signed_in(again)
    answer = again.post(SECOND_FACTOR, {"credential": device.get(options_of(page))})
    assert answer.url == "/verwaltung/"
    assert is_signed_in(again)


def test_staff_without_app_confirm_by_passkey(browser, newcomer):
    client = browser()
    device = with_passkey(client, newcomer)
    client.get("/konto/sicherheit/notfallcodes/")
    later = browser()
    later.force_login(newcomer)
    assert later.get(ADD).url.startswith("/konto/bestaetigen/")
    page = later.get(f"{CONFIRM}?next={ADD}")
    answer = later.post(CONFIRM, {"credential": device.get(options_of(page)), "next": ADD})
    assert answer.url == ADD
    assert later.get(ADD).status_code == 200


@pytest.mark.parametrize("fault", ["no person", "other site", "strange key", "old answer", "other person"])
def test_what_does_not_fit_signs_nobody_in(browser, contact, stranger, fault):
    device = with_passkey(browser(), contact)
    client = browser()
    options = client.get(SIGN_IN, **AS_SCRIPT).json()["request_options"]["publicKey"]
    if fault == "no person":
        device.verifies = False
    elif fault == "other site":
        device.origin = "https://evil.example"
    elif fault == "strange key":
        device.key = Device().key
    elif fault == "other person":
        device.user_handle = str(stranger.pk).encode()
    answer = device.get(options)
    if fault == "old answer":
        client.get(SIGN_IN, **AS_SCRIPT)
    response = client.post(SIGN_IN, {"credential": answer, "next": "/intern/"}, follow=True)
    assert told(response) == [
        "Versuchen Sie es noch einmal: Dieser Passkey passt nicht zu einem Konto, oder es hat zu lange gedauert."
    ]
    assert response.redirect_chain[0][0] == "/konto/anmelden/?next=%2Fintern%2F"
    assert not is_signed_in(client)


def test_an_answer_signs_in_once(browser, contact):
    device = with_passkey(browser(), contact)
    client, options = browser(), None
    options = client.get(SIGN_IN, **AS_SCRIPT).json()["request_options"]["publicKey"]
    answer = {"credential": device.get(options)}
    client.post(SIGN_IN, answer)
    assert is_signed_in(client)
    client.post("/konto/abmelden/")
    client.post(SIGN_IN, answer)
    assert not is_signed_in(client)


def test_blocked_accounts_stay_outside(browser, contact, administrator):
    device = with_passkey(browser(), contact)
    actions.block(contact, by=administrator)
    client = browser()
    assert sign_in_by(device, client).url == "/konto/gesperrt/"
    assert not is_signed_in(client)


def test_signing_in_by_passkey_accepts_the_invitation(browser, contact):
    device = with_passkey(browser(), contact)
    invitation = actions.invite(contact, by=None)
    sign_in_by(device, browser())
    invitation.refresh_from_db()
    assert invitation.accepted_at


_BAD = (None, True, 7, "", "x", "ü", "\x00", [], {}, "A" * 5_000, {"id": "x"})


def broken(answer: str):
    """Every part of an answer of the browser, left out or turned into nonsense; and what is no answer at all."""
    yield from ("", "null", "[]", "{", "7", '"x"', "{}", "NaN", "[" * 2_000)
    whole = json.loads(answer)
    for parts, rebuild in (
        (whole, lambda changed: changed),
        (whole["response"], lambda changed: whole | {"response": changed}),
    ):
        for name in parts:
            yield json.dumps(rebuild({key: value for key, value in parts.items() if key != name}))
            yield from (json.dumps(rebuild(parts | {name: bad})) for bad in _BAD)


def asked_again(client, state):
    """Let the portal wait for the same answer once more: each takes the question with it."""
    session = client.session
    session["mfa.webauthn.state"] = state
    session.save()


@pytest.mark.once
def test_no_answer_of_a_browser_is_an_error_when_signing_in(browser, contact, settings):
    settings.MFA_RATE_LIMITS = {"webauthn_login": "1000/m/ip"}
    device = with_passkey(browser(), contact)
    client = browser()
    options = client.get(SIGN_IN, **AS_SCRIPT).json()["request_options"]["publicKey"]
    state = client.session["mfa.webauthn.state"]
    for answer in broken(device.get(options)):
        asked_again(client, state)
        assert client.post(SIGN_IN, {"credential": answer}).status_code == 302, answer
        client.post("/konto/abmelden/")  # what was broken may have mattered to nobody


@pytest.mark.once
def test_no_answer_of_a_browser_is_an_error_when_setting_up(browser, contact):
    client = browser()
    client.force_login(contact)
    page = client.get(ADD)
    state = client.session["mfa.webauthn.state"]
    for answer in broken(Device().create(options_of(page))):
        asked_again(client, state)
        response = client.post(ADD, {"name": "x", "credential": answer})
        refused = "Richten Sie den Passkey noch einmal ein" in response.content.decode()
        assert refused or response.status_code == 302, answer
    for passkey in passkeys(contact):
        assert passkey.wrap().authenticator_data.credential_data  # what was kept can be read
    assert client.get("/konto/sicherheit/").status_code == 200


def test_renaming(browser, contact):
    client = browser()
    with_passkey(client, contact)
    address = f"/konto/sicherheit/passkeys/{passkeys(contact).get().pk}/"
    assert 'value="Diensthandy"' in client.get(address).content.decode()
    assert client.post(address, {"name": "Laptop"}).url == "/konto/sicherheit/"
    assert str(passkeys(contact).get()) == "Laptop"
    assert "Geben Sie dem Passkey einen Namen." in client.post(address, {"name": ""}).content.decode()
    assert client.post(address, {"name": "x" * 61}).status_code == 200
    assert str(passkeys(contact).get()) == "Laptop"


def test_without_a_name_it_is_called_after_browser_and_system(browser, contact):
    client = browser()
    client.force_login(contact)
    add_passkey(client, name="")
    assert str(passkeys(contact).get()) == "Firefox unter Windows"


def test_removing(browser, contact):
    client = browser()
    device = with_passkey(client, contact)
    client.post(f"/konto/sicherheit/passkeys/{passkeys(contact).get().pk}/entfernen/")
    assert not passkeys(contact).exists()
    assert "„Diensthandy“ entfernt" in letter_of("users.passkey_removed").text
    later = browser()
    sign_in_by(device, later)
    assert not is_signed_in(later)


@pytest.mark.parametrize("page", ["", "entfernen/"])
def test_others_passkeys_do_not_exist(browser, contact, stranger, page):
    with_passkey(browser(), contact)
    client = browser()
    client.force_login(stranger)
    address = f"/konto/sicherheit/passkeys/{passkeys(contact).get().pk}/{page}"
    assert client.get(address).status_code == 404
    assert client.post(address, {"name": "mine"}).status_code == 404
    assert str(passkeys(contact).get()) == "Diensthandy"


def test_staff_keep_their_last_factor(browser, newcomer):
    client = browser()
    with_passkey(client, newcomer)
    client.get("/konto/sicherheit/notfallcodes/")
    first = passkeys(newcomer).get()
    address = f"/konto/sicherheit/passkeys/{first.pk}/entfernen/"
    for page in (client.get(address), client.post(address)):
        assert "Sie haben nur diesen einen" in page.content.decode().replace("und Sie", "Sie")
    assert passkeys(newcomer).exists()
    add_passkey(client, name="Schlüssel")
    assert client.post(address).url == "/konto/sicherheit/"
    assert str(passkeys(newcomer).get()) == "Schlüssel"


def test_staff_with_a_passkey_may_remove_the_app(browser, office):
    client = browser()
    client.force_login(office)
    client.post("/konto/bestaetigen/", {"code": demo.current_code(office)})
    add_passkey(client)
    client.get("/konto/sicherheit/notfallcodes/")
    assert client.post("/konto/sicherheit/app/entfernen/").url == "/konto/sicherheit/"
    assert client.get("/verwaltung/").status_code == 200


def test_contact_who_removes_the_app_keeps_no_recovery_codes(browser, contact):
    client = browser()
    with_passkey(client, contact)
    demo.set_up_second_factor(contact)
    client.post("/konto/bestaetigen/", {"code": demo.current_code(contact)})
    client.post("/konto/sicherheit/app/entfernen/")
    assert set(Authenticator.objects.filter(user=contact).values_list("type", flat=True)) == {"webauthn"}


@pytest.mark.django_db(transaction=True)
def test_no_passkey_comes_or_goes_without_the_mail_that_tells(browser, contact, monkeypatch):
    client = browser()
    client.force_login(contact)
    with monkeypatch.context() as without:
        without.delitem(mailkinds._kinds, "users.passkey_added")
        with pytest.raises(KeyError):
            add_passkey(client)
    assert not passkeys(contact).exists()
    add_passkey(client)
    with monkeypatch.context() as without:
        without.delitem(mailkinds._kinds, "users.passkey_removed")
        with pytest.raises(KeyError):
            client.post(f"/konto/sicherheit/passkeys/{passkeys(contact).get().pk}/entfernen/")
    assert passkeys(contact).exists()


def test_a_reset_by_the_administration_removes_passkeys(browser, contact, administrator):
    device = with_passkey(browser(), contact)
    actions.reset_second_factor(contact, by=administrator)
    client = browser()
    sign_in_by(device, client)
    assert not is_signed_in(client)


def test_a_new_address_by_the_administration_removes_passkeys(browser, contact, administrator):
    with_passkey(browser(), contact)
    actions.change_account(contact, email="nachfolge@stadt.example", by=administrator)
    assert not passkeys(contact).exists()


def test_a_new_secret_key_does_not_touch_passkeys(browser, contact, settings):
    device = with_passkey(browser(), contact)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert actions.renew_secrets() == []
    settings.SECRET_KEY_FALLBACKS = []
    client = browser()
    sign_in_by(device, client)
    assert is_signed_in(client)


@pytest.mark.parametrize("host", ["127.0.0.1", "testserver"])
def test_under_another_address_the_page_says_so(contact, host):
    client = Client(SERVER_NAME=host)
    client.force_login(contact)
    page = client.get(ADD).content.decode()
    assert "Unter dieser Adresse geht es nicht." in page
    assert f'href="{ORIGIN}"' in page
    assert "data-passkey" not in page
    assert "data-passkey" not in Client(SERVER_NAME=host).get("/konto/anmelden/").content.decode()
