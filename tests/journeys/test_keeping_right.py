"""The people of a municipality keep themselves right: "Alles stimmt" without an account, and handing over."""

import re

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from core import delivery
from core.models import Batch
from members import confirming
from members.models import Confirmation, ContactPerson
from tests.factories import ContactPersonFactory, ProfileFactory
from tests.journeys.browsing import ALL_MODES


@pytest.fixture(autouse=True)
def _everything_is_there(live_server, register):
    """The real register behind the browser."""


def letter_to(address: str):
    """Let the queue send once the minute to take back is over, and return the newest letter to this address."""
    with time_machine.travel(timezone.now() + Batch.HOLD):
        delivery.run_sender()
    return [letter for letter in mail.outbox if address in letter.to[0]][-1]


def test_all_is_right_in_two_clicks_by_somebody_who_never_signed_in(visitor, town):
    rosa = ContactPersonFactory(municipality=town, person__user=None, person__email="rosa@rheine.example")
    ProfileFactory(municipality=town, office_name="Stabsstelle Ehrenamt")
    confirming.ask(ContactPerson.objects.filter(pk=rosa.pk), title="Stimmt noch?", by=None)
    address = re.search(r"/angaben/\w+/", letter_to("rosa@rheine.example").body)[0]

    page = visitor.page
    page.goto(address)
    page.get_by_text("Noch nicht bestätigt").wait_for()
    page.get_by_text("Stabsstelle Ehrenamt", exact=True).wait_for()
    visitor.check()
    page.get_by_role("button", name="Alles stimmt").click()
    page.get_by_text("Danke, bestätigt am").wait_for()
    visitor.check()
    assert Confirmation.objects.get().confirmed_at

    page.get_by_text("Etwas hat sich geändert").click()
    page.get_by_label("Telefon", exact=False).first.fill("05971 999")
    page.get_by_role("button", name="Speichern und bestätigen").click()
    page.get_by_text("Geändert: Telefon.").wait_for()
    visitor.check()


def test_handing_over_ends_the_old_session_with_its_next_click(visit, contact):
    here, elsewhere = visit(ALL_MODES[0], contact), visit(ALL_MODES[1], contact)
    elsewhere.page.goto("/intern/ansprechpersonen/")
    elsewhere.page.get_by_text("das sind Sie").wait_for()
    elsewhere.check()

    page = here.page
    page.goto("/intern/ansprechpersonen/")
    page.get_by_role("link", name="Ich gebe das Thema ab").click()
    page.get_by_label("eine neue Person").check()
    page.get_by_label("Vorname").fill("Nele")
    page.get_by_label("Nachname").fill("Neu")
    page.get_by_label("E-Mail-Adresse").fill("nele@rheine.example")
    page.get_by_role("button", name="Weiter").click()
    page.get_by_text("Ihr Zugang endet sofort").wait_for()
    here.check()
    page.get_by_role("button", name="Thema abgeben").click()
    page.get_by_text("Danke für alles, was Sie eingebracht haben!").wait_for()
    here.check()

    elsewhere.page.get_by_role("link", name="Meine Angaben ändern").click()
    elsewhere.page.get_by_role("heading", name="Anmelden").wait_for()
    assert letter_to("nele@rheine.example")
    assert "Willkommen im Kommunen-Netzwerk" in [letter.subject for letter in mail.outbox]
