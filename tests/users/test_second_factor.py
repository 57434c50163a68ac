"""The second factor: typing it, setting it up, losing and replacing it."""

import datetime
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from core import mailkinds
from core.models import OutgoingMail
from tests.factories import UserFactory
from tests.users.walk import (
    SECOND_FACTOR,
    is_signed_in,
    letter_of,
    sign_in,
    sign_in_staff,
)
from users import demo

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 3, 12, 10, 0, tzinfo=datetime.UTC)


def test_staff_type_a_second_code_and_land_in_the_back_office(client, office):
    answer = sign_in(client, office.email)
    assert answer.url == SECOND_FACTOR
    assert not is_signed_in(client)
    answer = client.post(SECOND_FACTOR, {"code": demo.current_code(office)})
    assert answer.url == "/verwaltung/"
    assert is_signed_in(client)


def test_staff_land_where_the_link_led(client, office):
    assert sign_in_staff(client, office, "/verwaltung/gestaltung/").url == "/verwaltung/gestaltung/"


def test_code_of_the_app_works_once_per_period(office):
    with time_machine.travel(NOW, tick=False) as clock:
        sign_in_staff(Client(), office)
        again = Client()
        page = sign_in_staff(again, office)
        assert "gilt nur einmal" in page.content.decode()
        assert not is_signed_in(again)
        clock.shift(datetime.timedelta(seconds=31))
        again.post(SECOND_FACTOR, {"code": demo.current_code(office)})
        assert is_signed_in(again)


def test_guessing_the_second_factor_is_limited(client, office):
    sign_in(client, office.email)
    for _ in range(5):
        client.post(SECOND_FACTOR, {"code": "123"})
    page = client.post(SECOND_FACTOR, {"code": demo.current_code(office)})
    assert "zu viele Versuche" in page.content.decode()
    assert not is_signed_in(client)


@pytest.fixture
def newcomer(db):
    """Works in the Geschäftsstelle since today: no second factor yet."""
    return UserFactory(staff=True, second_factor=False, email="new@netzwerk.example")


def _secret(page):
    return re.search(r'id="totp_secret">(\w+)<', page.content.decode())[1]


def _type_code_of(client, address, page):
    code = demo.code_of(_secret(page))
    return client.post(address, {"code": code})


SET_UP, RECOVERY_CODES = "/konto/sicherheit/app/einrichten/", "/konto/sicherheit/notfallcodes/"


def test_newcomer_is_led_through_set_up_and_recovery_codes_to_the_wanted_page(client, newcomer):
    answer = sign_in(client, newcomer.email, "/verwaltung/gestaltung/")
    answer = client.get(answer.url)
    assert answer.url == SET_UP
    page = client.get(SET_UP)
    assert "data:image/svg+xml;base64," in page.content.decode()
    assert _type_code_of(client, SET_UP, page).url == RECOVERY_CODES
    assert client.get("/verwaltung/").url == RECOVERY_CODES
    client.get("/verwaltung/gestaltung/")
    page = client.get(RECOVERY_CODES).content.decode()
    assert len(re.findall(r"<code>\d{8}</code>", page)) == 10
    assert 'href="/verwaltung/gestaltung/"' in page
    assert client.get("/verwaltung/").status_code == 200
    assert letter_of("users.second_factor_added").subject == "Zweiter Faktor eingerichtet"


def test_wrong_code_at_set_up_keeps_the_key(client, newcomer):
    client.force_login(newcomer)
    page = client.get(SET_UP)
    again = client.post(SET_UP, {"code": "000"})
    assert _secret(again) == _secret(page)
    assert again.content.decode().count("<title>Fehler:") == 1
    assert not Authenticator.objects.exists()


def test_set_up_works_late_in_a_session(client, newcomer):
    with time_machine.travel(NOW, tick=False) as clock:
        client.force_login(newcomer)
        client.get(SET_UP)
        clock.shift(datetime.timedelta(minutes=100))
        assert _type_code_of(client, SET_UP, client.get(SET_UP)).url == RECOVERY_CODES


def test_recovery_code_signs_in_once(client, newcomer):
    demo.set_up_second_factor(newcomer)
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    for expected in (True, False):
        other = Client()
        sign_in(other, newcomer.email)
        other.post(SECOND_FACTOR, {"code": code})
        assert is_signed_in(other) is expected


def test_recovery_codes_are_shown_again_only_after_a_fresh_code(client, newcomer):
    demo.set_up_second_factor(newcomer)
    client.force_login(newcomer)
    answer = client.get(RECOVERY_CODES)
    assert answer.url.startswith("/konto/bestaetigen/?next=")
    answer = client.post(answer.url, {"code": demo.current_code(newcomer)})
    assert answer.url == RECOVERY_CODES
    assert client.get(RECOVERY_CODES).status_code == 200
    download = client.get("/konto/sicherheit/notfallcodes/datei/")
    assert len(re.findall(r"^\d{8}$", download.content.decode(), re.M)) == 10


def test_new_recovery_codes_void_the_old_ones(client, newcomer):
    demo.set_up_second_factor(newcomer)
    old = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    client.force_login(newcomer)
    address = client.get("/konto/sicherheit/notfallcodes/neu/").url
    client.post(address, {"code": demo.current_code(newcomer)})
    client.post("/konto/sicherheit/notfallcodes/neu/")
    new = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert not set(old) & set(new)
    assert letter_of("users.recovery_codes_renewed").subject == "Neue Notfallcodes"


def _confirmed(client, user):
    client.force_login(user)
    client.post("/konto/bestaetigen/", {"code": demo.current_code(user)})


def test_staff_cannot_remove_their_only_factor(client, office):
    _confirmed(client, office)
    for answer in (client.get("/konto/sicherheit/app/entfernen/"), client.post("/konto/sicherheit/app/entfernen/")):
        assert "Für Mitarbeitende ist der zweite Faktor Pflicht" in answer.content.decode()
    assert Authenticator.objects.filter(user=office, type="totp").exists()


def test_contact_may_remove_the_app_again(client, contact):
    demo.set_up_second_factor(contact)
    _confirmed(client, contact)
    client.post("/konto/sicherheit/app/entfernen/")
    assert not Authenticator.objects.exists()
    assert letter_of("users.second_factor_removed").subject == "Zweiter Faktor entfernt"


def test_new_device_replaces_the_old_one_after_its_code_was_right(client, office):
    _confirmed(client, office)
    address = "/konto/sicherheit/app/wechseln/"
    old = Authenticator.objects.get(type="totp").pk
    page = client.get(address)
    client.post(address, {"code": "000"})
    assert Authenticator.objects.get(type="totp").pk == old
    assert _type_code_of(client, address, page).status_code == 302
    assert Authenticator.objects.get(type="totp").pk != old


def test_new_device_needs_a_code_of_the_old_one(client, office):
    client.force_login(office)
    assert client.get("/konto/sicherheit/app/wechseln/").url.startswith("/konto/bestaetigen/")


def _factors(user):
    return list(Authenticator.objects.filter(user=user).order_by("pk").values_list("pk", "data"))


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("app/wechseln/", "second_factor_added"),
        ("app/entfernen/", "second_factor_removed"),
        ("notfallcodes/neu/", "recovery_codes_renewed"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_no_factor_changes_without_the_mail_that_tells(client, contact, monkeypatch, page, kind):
    demo.set_up_second_factor(contact)
    _confirmed(client, contact)
    address = f"/konto/sicherheit/{page}"
    shown = client.get(address)
    code = demo.code_of(_secret(shown)) if page == "app/wechseln/" else ""
    before = _factors(contact)
    with monkeypatch.context() as without:
        without.delitem(mailkinds._kinds, f"users.{kind}")  # the mail cannot be written
        with pytest.raises(KeyError):
            client.post(address, {"code": code})
    assert _factors(contact) == before
    client.post(address, {"code": code})
    assert _factors(contact) != before
    assert OutgoingMail.objects.get().kind == f"users.{kind}"


def test_keys_are_not_readable_in_the_database(newcomer, client):
    client.force_login(newcomer)
    page = client.get(SET_UP)
    _type_code_of(client, SET_UP, page)
    assert _secret(page) not in str(Authenticator.objects.get(type="totp").data)
