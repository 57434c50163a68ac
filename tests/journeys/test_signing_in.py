"""A contact person signs in by code; staff add the second factor and enter a membership that all can see."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail

from core import delivery
from tests.factories import TOTP_SECRET
from tests.journeys.browsing import ALL_MODES


@pytest.fixture(autouse=True)
def _everything_is_there(live_server, register):
    """The real register behind the browser."""


def code_from_mail() -> str:
    """Let the queue send, and read the code as a person would."""
    delivery.run_sender()
    codes = [found[0] for letter in mail.outbox if (found := re.search(r"\b\d{3}-\d{3}\b", letter.body))]
    return codes[-1]


def code_from_app() -> str:
    return format_hotp_value(hotp_value(TOTP_SECRET, next(iter(yield_hotp_counters_from_time()))))


def sign_in(visitor, email: str) -> None:
    page = visitor.page
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_role("button", name="Code anfordern").click()
    page.get_by_role("heading", name="Code eingeben").wait_for()
    visitor.check()
    page.get_by_label("Anmeldecode").fill(code_from_mail())
    page.get_by_role("main").get_by_role("button", name="Anmelden").click()


def test_a_contact_person_signs_in_by_code_and_lands_where_the_link_led(visitor, contact):
    page = visitor.page
    page.goto("/intern/")
    page.get_by_role("heading", name="Anmelden").wait_for()
    visitor.check()
    sign_in(visitor, contact.email)
    page.get_by_role("heading", name="Was steht an?").wait_for()
    page.get_by_text("Im Profil von Rheine fehlen").wait_for()
    visitor.check()


def test_the_office_signs_in_with_second_factor_and_enters_a_membership(visit, office):
    visitor = visit(ALL_MODES[0])
    page = visitor.page
    page.goto("/verwaltung/members/membership/add/")
    sign_in(visitor, office.email)
    page.get_by_role("heading", name="Zweiter Faktor").wait_for()
    visitor.check()
    page.get_by_label("Code aus der App").fill(code_from_app())
    page.get_by_role("main").get_by_role("button", name="Anmelden").click()

    page.get_by_role("heading", name="Mitgliedschaft hinzufügen").wait_for()
    page.locator(".field-municipality .select2-selection").click()  # once the script has dressed the select
    page.locator(".select2-search__field").fill("muenster")
    page.locator(".select2-results__option", has_text=re.compile("^Münster$")).click()
    page.get_by_label("Beginn").fill("12/2013")
    page.get_by_label("Quelle").fill("https://www.stadt-muenster.example/beitritt")
    page.get_by_role("button", name="Sichern", exact=True).click()
    page.get_by_text("Münster, seit Dezember 2013").first.wait_for()

    citizen = visit(ALL_MODES[1]).page
    citizen.goto("/kommunen/?q=münster")
    citizen.get_by_text("Ja, Münster ist dabei.").wait_for()
    assert citizen.locator("svg a.map__area--member", has_text="Münster – Mitglied").count() == 1


def test_staff_without_a_second_factor_are_led_to_its_set_up(visit, office):
    office.authenticator_set.all().delete()
    visitor = visit(ALL_MODES[0])
    page = visitor.page
    page.goto("/verwaltung/")
    sign_in(visitor, office.email)
    page.wait_for_url("**/konto/sicherheit/app/einrichten/**")
    visitor.check()
