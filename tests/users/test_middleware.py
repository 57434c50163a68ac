"""How long sessions live, and that staff without a second factor reach nothing."""

import contextlib
import datetime
import re

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import URLPattern, get_resolver

from core.models import OutgoingMail
from core.probes import PROBES
from tests.factories import UserFactory
from tests.users.walk import SECURITY, is_signed_in, sign_in, sign_in_staff
from users import actions

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 3, 12, 10, 0, tzinfo=datetime.UTC)
MINUTE, HOUR, DAY = datetime.timedelta(minutes=1), datetime.timedelta(hours=1), datetime.timedelta(days=1)
SET_UP, RECOVERY_CODES = "/konto/sicherheit/app/einrichten/", "/konto/sicherheit/notfallcodes/"


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def _use(client, clock, *, every, times):
    """Open a page again and again; return how many times somebody was signed in."""
    used = 0
    for _ in range(times):
        clock.shift(every)
        used += is_signed_in(client)
    return used


@pytest.mark.parametrize(("idle", "alive"), [(119 * MINUTE, True), (121 * MINUTE, False)])
def test_staff_session_ends_after_two_idle_hours(client, office, clock, idle, alive):
    sign_in_staff(client, office)
    assert is_signed_in(client)
    assert _use(client, clock, every=idle, times=3) == (3 if alive else 0)


def test_staff_session_ends_after_twelve_hours_however_busy(client, office, clock):
    sign_in_staff(client, office)
    assert is_signed_in(client)
    assert _use(client, clock, every=HOUR, times=14) == 12


def test_contact_session_survives_a_fortnight_of_silence(client, contact, clock):
    sign_in(client, contact.email)
    assert is_signed_in(client)
    clock.shift(29 * DAY)
    assert is_signed_in(client)


def test_contact_session_ends_after_thirty_days_however_busy(client, contact, clock):
    sign_in(client, contact.email)
    assert is_signed_in(client)
    assert _use(client, clock, every=DAY, times=32) == 30


@pytest.mark.parametrize(
    ("pause", "reason"),
    [
        (3 * HOUR, "Sie wurden nach 2 Stunden ohne Aktivität abgemeldet."),
        (None, "Sie wurden nach 12 Stunden abgemeldet."),
    ],
)
def test_sign_in_page_says_why_the_session_ended(client, office, clock, pause, reason):
    sign_in_staff(client, office)
    is_signed_in(client)
    if pause is None:
        _use(client, clock, every=HOUR, times=12)
    clock.shift(pause or HOUR)
    page = client.get("/verwaltung/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/konto/anmelden/?next=")
    assert f"{reason} Bitte melden Sie sich neu an." in page.content.decode()


def _ends_in(client):
    """Seconds until the session ends, as the page says; None if it does not."""
    found = re.search(r'data-seconds="(\d+)"', client.get(SECURITY).content.decode())
    return found and int(found[1])


def test_pages_of_staff_know_when_the_session_ends_and_a_small_address_prolongs_it(client, office, clock):
    sign_in_staff(client, office)
    assert _ends_in(client) == 2 * 60 * 60
    clock.shift(119 * MINUTE)
    assert client.get("/konto/sitzungen/bleiben/").content == b"7200"
    clock.shift(119 * MINUTE)
    assert is_signed_in(client)
    _use(client, clock, every=HOUR, times=7)
    assert _ends_in(client) == (12 * 60 - 2 * 119 - 7 * 60) * 60


def test_pages_of_all_others_warn_of_no_end(client, contact):
    assert 'id="session-end"' not in client.get("/konto/anmelden/").content.decode()
    sign_in(client, contact.email)
    assert _ends_in(client) is None


def test_change_of_rights_rules_the_open_session_at_once(client, contact, clock):
    sign_in(client, contact.email)
    is_signed_in(client)
    actions.change_account(contact, office="secretariat", by=None)
    assert client.get("/verwaltung/").url == SET_UP
    clock.shift(3 * HOUR)
    assert not is_signed_in(client)


def test_blocking_ends_open_sessions_with_the_next_request(client, contact, administrator):
    sign_in(client, contact.email)
    actions.block(contact, by=administrator)
    assert not is_signed_in(client)
    actions.unblock(contact, by=administrator)
    assert not is_signed_in(client)


def test_new_address_ends_open_sessions(client, contact):
    sign_in(client, contact.email)
    actions.change_account(contact, email="new@stadt.example", by=None)
    assert not is_signed_in(client)


def test_other_changes_keep_the_session(client, administrator, office):
    client.force_login(office)
    actions.change_account(office, is_administrator=True, by=administrator)
    assert is_signed_in(client)


# The second factor.


def _addresses():
    """Every address of the portal that takes no arguments, the admin's included."""

    def walk(patterns, prefix=""):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                yield "/" + route
            else:
                yield from walk(pattern.url_patterns, route)

    return sorted({route for route in walk(get_resolver().url_patterns) if "<" not in route and "(" not in route})


# The probes are answered before anybody is anybody (core.probes).
_OPEN_WITHOUT = {
    SET_UP,
    "/konto/sicherheit/passkeys/neu/",
    "/konto/abmelden/",
    "/konto/anmelden/",
    "/konto/gesperrt/",
    *PROBES,
}


def test_list_of_addresses_is_not_empty():
    assert {"/verwaltung/", "/verwaltung/users/user/", "/konto/sicherheit/"} < set(_addresses())


@pytest.mark.once
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_staff_without_second_factor_reach_nothing_but_its_set_up(client, method):
    client.force_login(UserFactory(staff=True, second_factor=False))
    for address in set(_addresses()) - _OPEN_WITHOUT:
        answer = getattr(client, method)(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, SET_UP), address


def test_set_up_of_the_second_factor_and_signing_out_are_open(client):
    client.force_login(UserFactory(administrator=True, second_factor=False))
    assert client.get(SET_UP).status_code == 200
    client.post("/konto/abmelden/")
    assert not is_signed_in(client)


def test_an_app_label_that_sounds_like_an_account_page_opens_nothing(client):
    client.force_login(UserFactory(administrator=True, second_factor=False))
    for address in ("/verwaltung/mfa/authenticator/", "/verwaltung/account/emailaddress/"):
        assert client.get(address).status_code in (302, 404)


def test_recovery_codes_must_have_been_seen(client, office):
    codes = RecoveryCodes.activate(office)
    client.force_login(office)
    assert client.get("/verwaltung/").url == RECOVERY_CODES
    assert client.get(SECURITY).url == RECOVERY_CODES
    codes.mark_as_viewed()
    assert client.get("/verwaltung/").status_code == 200


def test_static_files_are_served_to_everybody(client):
    client.force_login(UserFactory(staff=True, second_factor=False))
    with contextlib.closing(client.get("/static/css/base.css")) as answer:
        assert answer.status_code == 200
        assert b"body" in answer.getvalue()


def test_contacts_need_no_second_factor(client, contact):
    client.force_login(contact)
    assert client.get(SECURITY).status_code == 200


@pytest.mark.parametrize("address", ["/verwaltung/", "/verwaltung/login/", "/verwaltung/users/user/"])
def test_back_office_is_entered_only_through_the_portals_sign_in(client, address):
    answer = client.get(address, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/konto/anmelden/?next=")
    answer = client.post("/verwaltung/login/", {"username": "x", "password": "x"})
    assert answer.url.startswith("/konto/anmelden/")


def test_back_office_is_closed_to_contacts(client, contact):
    client.force_login(contact)
    assert client.get("/verwaltung/", follow=True).status_code == 403
    assert not OutgoingMail.objects.exists()


def test_signed_in_pages_are_kept_out_of_caches(client, contact):
    client.force_login(contact)
    assert client.get(SECURITY)["Cache-Control"] == "private, no-store"
    assert "no-store" in Client().get("/konto/anmelden/")["Cache-Control"]
