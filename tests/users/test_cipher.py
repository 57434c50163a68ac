"""What a change and the loss of SECRET_KEY mean for second factors and sessions (docs/betrieb.md)."""

import datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.test import Client

from tests import world
from tests.factories import UserFactory
from tests.users.walk import SECOND_FACTOR, is_signed_in, sign_in, sign_in_staff, told
from users import actions, demo

pytestmark = pytest.mark.django_db

OLD = project.SECRET_KEY
UNREADABLE = "Ihr zweiter Faktor lässt sich nicht mehr prüfen. Bitten Sie die Administration, ihn zurückzusetzen."


@pytest.fixture
def change_key(settings):
    """Give the portal a new SECRET_KEY; the old one may stay behind."""

    def change(*old):
        settings.SECRET_KEY = "a-new-key-for-the-portal"
        settings.SECRET_KEY_FALLBACKS = list(old)

    return change


@pytest.fixture
def employee(db):
    user = UserFactory(staff=True, second_factor=False, email="employee@netzwerk.example")
    demo.set_up_second_factor(user)
    return user


def _recovery_code(user):
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]


def _signs_in_with(user, code):
    client = Client()
    sign_in(client, user.email)
    client.post(SECOND_FACTOR, {"code": code})
    return is_signed_in(client)


def test_change_of_the_key_signs_nobody_out_and_keeps_second_factors(client, employee, change_key):
    sign_in_staff(client, employee)
    change_key(OLD)
    assert is_signed_in(client)
    assert _signs_in_with(employee, _recovery_code(employee))


def test_after_renewing_the_old_key_may_go(employee, change_key, capsys):
    before = _recovery_code(employee)
    change_key(OLD)
    call_command("renew_secrets")
    assert capsys.readouterr().out == "Alle zweiten Faktoren sind mit dem heutigen SECRET_KEY verschlüsselt.\n"
    change_key()
    assert _recovery_code(employee) == before
    assert _signs_in_with(employee, demo.current_code(employee))


def test_without_its_key_the_second_factor_says_what_to_do(client, employee, change_key):
    code = demo.current_code(employee)
    change_key()
    sign_in(client, employee.email)
    page = client.post(SECOND_FACTOR, {"code": code})
    assert page.status_code == 200
    assert UNREADABLE in page.content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize("page", ["", "neu/", "datei/"])
def test_recovery_codes_without_their_key_lead_to_the_sign_in(client, employee, change_key, page):
    change_key()
    world.sign_in(client, employee)
    answer = client.get(f"/konto/sicherheit/notfallcodes/{page}", follow=True)
    assert answer.redirect_chain == [("/konto/anmelden/", 302)]
    assert UNREADABLE in told(answer)[0]


def test_a_lost_key_is_overcome_by_resetting(client, employee, administrator, change_key):
    change_key()
    actions.reset_second_factor(employee, by=administrator)
    sign_in(client, employee.email)
    assert client.get("/verwaltung/").url == "/konto/sicherheit/app/einrichten/"


def test_renewing_names_whose_factors_no_key_opens(employee, change_key):
    change_key()
    with time_machine.travel(datetime.datetime(2027, 3, 12, tzinfo=datetime.UTC), tick=False):
        newcomer = UserFactory(staff=True, email="new@netzwerk.example")
        before = demo.current_code(newcomer)
        with pytest.raises(CommandError, match=r"employee@netzwerk\.example\.\nErgänzen Sie den alten Schlüssel"):
            call_command("renew_secrets")
        assert demo.current_code(newcomer) == before
