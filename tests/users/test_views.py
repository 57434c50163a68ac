"""Signing in by code, as pages, rows and mails."""

import datetime
import re
import statistics
import time

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import OutgoingMail
from tests.factories import UserFactory
from tests.users.walk import (
    CODE,
    SECURITY,
    SIGN_IN,
    ask_for_code,
    is_signed_in,
    letter_of,
    mailed_code,
    sign_in,
    told,
    wrong_code,
)
from users import actions

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 3, 12, 10, 0, tzinfo=datetime.UTC)


def test_contact_signs_in_by_code(client, contact):
    answer = sign_in(client, contact.email)
    assert (answer.status_code, answer.url) == (302, "/intern/")
    assert is_signed_in(client)


def test_code_is_mailed_with_six_digits_and_the_time_it_ends(client, contact):
    with time_machine.travel(NOW, tick=False):
        ask_for_code(client, contact.email)
        page = client.get(CODE)
    letter = letter_of()
    assert re.findall(r"\b\d{3}-\d{3}\b", letter.text) == [mailed_code()]
    assert mailed_code() in letter.html
    assert "bis 11:20 Uhr" in letter.text
    assert mailed_code() not in letter.subject
    assert contact.email in page.content.decode()
    assert "11:20 Uhr" in page.content.decode()


def test_code_field_suits_phones(client, contact):
    ask_for_code(client, contact.email)
    field = re.search(r'<input[^>]*name="code"[^>]*>', client.get(CODE).content.decode())[0]
    assert 'inputmode="numeric"' in field
    assert 'autocomplete="one-time-code"' in field


@pytest.mark.parametrize("typed", ["{}-{}", "{}{}", "{} {}", " {}-{} ", "{}–{}"])
def test_code_may_be_typed_with_or_without_its_dash(client, contact, typed):
    ask_for_code(client, contact.email)
    client.post(CODE, {"code": typed.format(*mailed_code().split("-"))})
    assert is_signed_in(client)


def test_address_is_found_in_capitals(client, contact):
    sign_in(client, contact.email.upper())
    assert is_signed_in(client)
    assert OutgoingMail.objects.get().to_address == contact.email


def test_code_works_only_in_the_browser_that_asked(client, contact):
    ask_for_code(client, contact.email)
    stranger = Client()
    stranger.post(CODE, {"code": mailed_code()})
    assert not is_signed_in(stranger)


@pytest.mark.parametrize(("minutes", "signed_in"), [(0, True), (16, True), (19, True), (21, False)])
def test_code_lives_twenty_minutes(client, contact, minutes, signed_in):
    with time_machine.travel(NOW, tick=False) as clock:
        ask_for_code(client, contact.email, SECURITY)
        clock.shift(datetime.timedelta(minutes=minutes))
        answer = client.post(CODE, {"code": mailed_code(), "next": SECURITY}, follow=True)
        assert is_signed_in(client) is signed_in
    if not signed_in:
        assert told(answer) == ["Der Code gilt nicht mehr. Fordern Sie einen neuen an."]
        assert answer.redirect_chain[-1][0] == "/konto/anmelden/?next=%2Fkonto%2Fsicherheit%2F"


def test_new_code_replaces_the_old_one_and_lives_its_full_time(client, contact):
    with time_machine.travel(NOW, tick=False) as clock:
        ask_for_code(client, contact.email)
        old = mailed_code()
        clock.shift(datetime.timedelta(minutes=18))
        page = client.post(CODE, {"action": "resend"}, follow=True)
        assert told(page) == ["Wir haben einen neuen Code abgeschickt. Der vorige gilt nicht mehr."]
        assert OutgoingMail.objects.count() == 2
        clock.shift(datetime.timedelta(minutes=18))
        if old != mailed_code():
            client.post(CODE, {"code": old})
            assert not is_signed_in(client)
        client.post(CODE, {"code": mailed_code()})
        assert is_signed_in(client)


def test_two_new_codes_are_enough(client, contact):
    ask_for_code(client, contact.email)
    for _ in range(3):
        client.post(CODE, {"action": "resend"})
    assert OutgoingMail.objects.count() == 3
    assert "Neuen Code senden" not in client.get(CODE).content.decode()


def test_third_wrong_code_ends_the_attempt_and_keeps_the_way(client, contact):
    ask_for_code(client, contact.email, "/kommunen/")
    right = mailed_code()
    for _ in range(2):
        page = client.post(CODE, {"code": wrong_code(), "next": "/kommunen/"})
        assert page.status_code == 200
    assert "Sie haben noch einen Versuch." in page.content.decode()
    page = client.post(CODE, {"code": wrong_code(), "next": "/kommunen/"}, follow=True)
    assert page.redirect_chain[-1][0] == "/konto/anmelden/?next=%2Fkommunen%2F"
    client.post(CODE, {"code": right})
    assert not is_signed_in(client)


def test_other_address_starts_again(client, contact):
    ask_for_code(client, contact.email, "/kommunen/")
    page = client.get(CODE + "?next=/kommunen/").content.decode()
    assert '<input type="hidden" name="next" value="/konto/anmelden/?next=%2Fkommunen%2F">' in page
    answer = client.post("/konto/abmelden/", {"next": "/konto/anmelden/?next=%2Fkommunen%2F"}, follow=True)
    assert answer.redirect_chain == [("/konto/anmelden/?next=%2Fkommunen%2F", 302)]
    assert 'name="email"' in answer.content.decode()


def test_a_second_link_replaces_the_way_of_the_first(client, contact):
    ask_for_code(client, contact.email, "/kommunen/")
    answer = client.get(SIGN_IN + "?next=/intern/")
    assert answer.url == "/konto/anmelden/code/?next=%2Fintern%2F"


# nobody learns from outside who has an account.


def _seen_by(email):
    client = Client()
    answers = [ask_for_code(client, email), client.get(CODE), client.post(CODE, {"code": "no"})]
    answers += [client.post(CODE, {"action": "resend"}, follow=True), client.get(CODE)]
    pages = [re.sub(r'value="\w{64}"', "", answer.content.decode()).replace(email, "X") for answer in answers]
    return [(answer.status_code, answer.headers.get("Location")) for answer in answers], pages


def test_known_unknown_and_blocked_addresses_look_the_same(contact):
    blocked = UserFactory(email="blocked@stadt.example", is_active=False)
    with time_machine.travel(NOW, tick=False):
        seen = [_seen_by(email) for email in (contact.email, "nobody@stadt.example", blocked.email)]
    assert seen[0] == seen[1] == seen[2]


def test_only_a_known_address_gets_mail(client, contact):
    ask_for_code(client, "nobody@stadt.example")
    client.post(CODE, {"action": "resend"})
    ask_for_code(Client(), UserFactory(is_active=False).email)
    assert not OutgoingMail.objects.exists()


def test_known_and_unknown_addresses_cost_the_same_queries(contact):
    def queries(email):
        with CaptureQueriesContext(connection) as captured:
            ask_for_code(Client(), email)
        verbs = [query["sql"].split()[0] for query in captured]
        return [verb for verb in verbs if verb in ("SELECT", "INSERT", "UPDATE", "DELETE")]

    queries("first@stadt.example")  # the counters of this IP address exist from now on
    assert queries(contact.email) == queries("nobody@stadt.example")


@pytest.mark.slow
def test_known_and_unknown_addresses_take_the_same_time(contact, settings):
    settings.ACCOUNT_RATE_LIMITS = False

    def seconds(email):
        client, started = Client(), time.perf_counter()
        ask_for_code(client, email)
        return time.perf_counter() - started

    pairs = [(seconds(contact.email), seconds("nobody@stadt.example")) for _ in range(40)]
    known, unknown = (statistics.median(times) for times in zip(*pairs, strict=True))
    assert 0.8 < known / unknown < 1.25


# limits on guessing, counted in the database for all processes.


def test_fourth_code_within_a_minute_is_refused(contact):
    answers = [ask_for_code(Client(), contact.email) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 200]
    assert "zu viele Versuche" in answers[-1].content.decode()
    assert OutgoingMail.objects.count() == 3


def test_a_mailbox_gets_twelve_codes_an_hour(contact):
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(15):
            ask_for_code(Client(), contact.email)
            clock.shift(datetime.timedelta(minutes=1))
        assert OutgoingMail.objects.count() == 12
        clock.shift(datetime.timedelta(hours=1))
        ask_for_code(Client(), contact.email)
        assert OutgoingMail.objects.count() == 13


def _guess(email, times):
    client = Client()
    ask_for_code(client, email)
    for _ in range(times):
        client.post(CODE, {"code": wrong_code()})
    return client


def test_five_wrong_codes_stop_the_account_for_five_minutes(contact):
    with time_machine.travel(NOW, tick=False) as clock:
        _guess(contact.email, 3)
        client = _guess(contact.email, 2)
        page = client.post(CODE, {"code": mailed_code()}, follow=True)
        assert "zu viele Versuche" in page.content.decode()
        assert not is_signed_in(client)
        clock.shift(datetime.timedelta(minutes=6))
        assert sign_in(Client(), contact.email).url == "/intern/"


def test_ten_wrong_codes_stop_the_address_of_the_guesser(db):
    victims = [UserFactory() for _ in range(5)]
    for victim in victims[:4]:
        _guess(victim.email, 3)
    client = Client()
    sign_in(client, victims[4].email)
    assert not is_signed_in(client)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    sign_in(elsewhere, victims[4].email)
    assert is_signed_in(elsewhere)


def test_right_codes_are_not_counted(contact):
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(7):
            client = Client()
            sign_in(client, contact.email)
            assert is_signed_in(client)
            clock.shift(datetime.timedelta(seconds=21))


def test_too_many_requests_get_a_german_page(client, office):
    client.force_login(office)
    answers = [client.post("/konto/bestaetigen/", {"code": "1"}) for _ in range(11)]
    assert answers[-1].status_code == 429
    assert "Bitte warten Sie einen Moment." in answers[-1].content.decode()


# sessions.


def test_signing_in_gives_a_new_session_key(client, contact):
    ask_for_code(client, contact.email)
    before = client.session.session_key
    client.post(CODE, {"code": mailed_code()})
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_signing_out_needs_a_post(client, contact):
    sign_in(client, contact.email)
    page = client.get("/konto/abmelden/")
    assert is_signed_in(client)
    assert "Möchten Sie sich abmelden?" in page.content.decode()
    answer = client.post("/konto/abmelden/")
    assert answer.url == "/"
    assert not is_signed_in(client)


def test_account_blocked_while_the_code_is_on_its_way(client, contact, administrator):
    ask_for_code(client, contact.email)
    code = mailed_code()
    actions.block(contact, by=administrator)
    page = client.post(CODE, {"code": code}, follow=True)
    assert not is_signed_in(client)
    assert "Dieses Konto ist gesperrt" in page.content.decode()


def test_account_moved_while_the_code_is_on_its_way(client, contact):
    ask_for_code(client, contact.email)
    code = mailed_code()
    actions.change_account(contact, email="new@stadt.example", by=None)
    client.post(CODE, {"code": code})
    assert not is_signed_in(client)


def test_other_sessions_can_be_ended(contact):
    phone, desk = Client(HTTP_USER_AGENT="Firefox Android"), Client(HTTP_USER_AGENT="Edg Windows")
    sign_in(phone, contact.email)
    sign_in(desk, contact.email)
    page = desk.get("/konto/sitzungen/").content.decode()
    assert "Firefox unter Android" in page
    assert page.count("diese Sitzung") == 1
    answer = desk.post("/konto/sitzungen/", follow=True)
    assert told(answer) == ["Alle anderen Sitzungen sind beendet."]
    assert (is_signed_in(desk), is_signed_in(phone)) == (True, False)


def test_one_session_can_be_ended(contact, stranger):
    phone, desk, other = Client(HTTP_USER_AGENT="Firefox Android"), Client(HTTP_USER_AGENT="Edg Windows"), Client()
    sign_in(phone, contact.email)
    sign_in(desk, contact.email)
    sign_in(other, stranger.email)
    address = re.search(r'action="(/konto/sitzungen/\d+/beenden/)"', desk.get("/konto/sitzungen/").content.decode())[1]
    assert desk.get(address).status_code == 405
    assert other.post(address).status_code == 404
    assert is_signed_in(phone)
    assert told(desk.post(address, follow=True)) == ["Die Sitzung ist beendet: Firefox unter Android."]
    assert (is_signed_in(desk), is_signed_in(phone), is_signed_in(other)) == (True, False, True)


def test_first_sign_in_accepts_the_invitation(client, administrator):
    user = actions.open_account("new@stadt.example", by=administrator)
    assert user.access_invitation.accepted_at is None
    with time_machine.travel(NOW, tick=False):
        sign_in(client, user.email)
        user.access_invitation.refresh_from_db()
        assert user.access_invitation.accepted_at == timezone.now()


def test_signing_in_leaves_no_line_in_the_history(client, contact):
    before = contact.history.count()
    sign_in(client, contact.email)
    contact.refresh_from_db()
    assert contact.last_login is not None
    assert contact.history.count() == before


@pytest.mark.parametrize("address", ["/konto/konto-anlegen/", "/konto/signup/", "/konto/passwort/"])
def test_nobody_can_sign_up_or_set_a_password(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", [SIGN_IN, CODE, SECURITY])
def test_head_answers_without_a_body(client, address):
    answer = client.head(address)
    assert answer.status_code in (200, 302)
    assert answer.content == b""
