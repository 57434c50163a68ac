"""Passkeys in a real browser, with Chromium's own virtual device: set up, used, refused."""

import pytest

from tests.journeys.test_signing_in import sign_in

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def _own_name(live_server, settings):
    """The portal is called as the test's server is; a passkey belongs to that name."""
    settings.SITE_URL = live_server.url


class Device:
    """The virtual device of one window, with or without a person who shows finger, face or PIN."""

    def __init__(self, page):
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        self._id = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def passkeys(self) -> list:
        return self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._id})["credentials"]

    def is_held_by_its_owner(self, answer: bool) -> None:
        self._session.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": answer})


def set_up(visitor, name: str) -> Device:
    page, device = visitor.page, Device(visitor.page)
    page.goto("/konto/sicherheit/")
    page.get_by_role("link", name="Passkey einrichten").click()
    page.get_by_label("Name").fill(name)
    visitor.check()
    page.get_by_role("button", name="Passkey einrichten").click()
    page.get_by_text("Ihr Passkey ist eingerichtet.").wait_for()
    assert len(device.passkeys()) == 1
    return device


def sign_out(page) -> None:
    page.goto("/konto/abmelden/")
    page.get_by_role("main").get_by_role("button", name="Abmelden").click()
    page.wait_for_url("**/")


def test_a_contact_person_sets_up_a_passkey_and_signs_in_with_it_alone(visit, mode, contact):
    visitor = visit(mode, contact)
    page = visitor.page
    device = set_up(visitor, "Diensthandy")
    page.get_by_role("heading", name="Diensthandy").wait_for()
    visitor.check()
    sign_out(page)

    page.goto("/intern/")
    page.get_by_role("button", name="Mit Passkey anmelden").wait_for()
    visitor.check()
    device.is_held_by_its_owner(False)
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    page.get_by_text("Es ist kein Passkey angekommen.").wait_for()
    visitor.check()
    device.is_held_by_its_owner(True)
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    page.get_by_role("heading", name="Was steht an?").wait_for()


def test_a_device_takes_one_passkey_for_an_account(visit, mode, contact):
    visitor = visit(mode, contact)
    set_up(visitor, "Diensthandy")
    visitor.page.goto("/konto/sicherheit/passkeys/neu/")
    visitor.page.get_by_role("button", name="Passkey einrichten").click()
    visitor.page.get_by_text("Auf diesem Gerät haben Sie schon einen Passkey").wait_for()


def test_the_office_uses_a_passkey_in_place_of_code_and_app(visit, mode, office):
    visitor = visit(mode, office)
    page = visitor.page
    set_up(visitor, "Sicherheitsschlüssel")
    page.get_by_role("link", name="Ich habe die Codes gesichert").click()
    page.wait_for_url("**/verwaltung/")
    sign_out(page)

    page.goto("/verwaltung/")
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    page.wait_for_url("**/verwaltung/")
    sign_out(page)

    page.goto("/verwaltung/")
    sign_in(visitor, office.email)
    page.get_by_role("heading", name="Zweiter Faktor").wait_for()
    visitor.check()
    page.get_by_role("button", name="Mit Passkey bestätigen").click()
    page.wait_for_url("**/verwaltung/")

    page.goto("/konto/sicherheit/notfallcodes/")
    page.get_by_role("link", name="Passkey verwenden").click()
    page.get_by_role("button", name="Mit Passkey bestätigen").wait_for()
    visitor.check()
    page.get_by_role("button", name="Mit Passkey bestätigen").click()
    page.get_by_role("heading", name="Notfallcodes").wait_for()
