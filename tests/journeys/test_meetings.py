"""Meetings end to end: a workshop from announcement to certificate, an invitation answered from the mail, moving up."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from core import delivery
from core.dates import today
from core.models import Batch
from meetings import actions, planning
from meetings.models import Meeting, Registration
from members.models import ContactPerson
from tests.factories import AgendaItemFactory, ContactPersonFactory, MeetingFactory, PersonFactory
from tests.journeys.browsing import ALL_MODES


@pytest.fixture(autouse=True)
def _everything_is_there(live_server, register):
    """The real register behind the browser."""


def count_clicks(page) -> None:
    """Let the browser itself count, from the next page on."""
    page.add_init_script(
        "addEventListener('click', () => sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1, true)"
    )


def clicks(page) -> int:
    return page.evaluate("Number(sessionStorage.clicks || 0)")


def letter_to(address: str):
    """Let the queue send once the minute to take back is over, and return the newest letter to this address."""
    with time_machine.travel(timezone.now() + Batch.HOLD):
        delivery.run_sender()
    return [letter for letter in mail.outbox if address in letter.to[0]][-1]


def path_in(letter, word: str) -> str:
    return re.search(rf"/{word}/[a-z2-7]{{52}}/", letter.body)[0]


def announce(office, title: str, **values) -> Meeting:
    """The office types a workshop in and announces it."""
    page = office.page
    page.goto("/verwaltung/meetings/meeting/add/")
    page.locator("#id_kind").select_option("workshop")
    page.locator("#id_title").fill(title)
    for name, value in values.items():
        page.locator(f"#id_{name}").fill(value)
    page.locator("[name=_save]").click()
    page.get_by_text("Entwurf: Nur Mitarbeitende sehen diesen Termin.").wait_for()
    office.check()
    page.get_by_role("button", name="Ankündigen").click()
    page.get_by_text("Die Anmeldung ist offen.").wait_for()
    return Meeting.objects.get(title=title)


def register_as_guest(guest) -> None:
    """A guest finds the last place, registers, and confirms from the mail."""
    guest.page.goto("/termine/")
    guest.page.get_by_role("link", name="Junge Menschen gewinnen").click()
    guest.page.get_by_text("Noch 1 Platz frei.").wait_for()
    guest.check()
    guest.page.get_by_role("link", name="Zur Anmeldung").click()
    for label, value in (("Vorname", "Gerda"), ("Nachname", "Gast"), ("E-Mail-Adresse", "gerda@verein.example")):
        guest.page.get_by_label(label, exact=True).fill(value)
    guest.check()
    guest.page.get_by_role("button", name="Verbindlich anmelden").click()
    guest.page.get_by_text("Ein Schritt fehlt noch").wait_for()
    guest.check()
    guest.page.goto(path_in(letter_to("gerda@verein.example"), "anmeldung"))
    guest.check()
    guest.page.get_by_role("button", name="Verbindlich anmelden").click()
    guest.page.get_by_text("Sie sind angemeldet.", exact=True).wait_for()
    guest.check()


def join_the_waiting_list(waiting, meeting) -> None:
    """Two clicks for somebody who is signed in."""
    count_clicks(waiting.page)
    waiting.page.goto(meeting.get_absolute_url())
    waiting.page.get_by_text("Alle Plätze sind vergeben.").wait_for()
    waiting.page.get_by_role("link", name="Zur Warteliste").click()
    waiting.page.get_by_role("button", name="Auf die Warteliste setzen").click()
    waiting.page.get_by_text("Platz 1 auf der Warteliste (vor Ort).").wait_for()
    assert clicks(waiting.page) == 2
    waiting.check()


def test_a_workshop_from_announcement_to_certificate(visit, office, contact):
    desk = visit(ALL_MODES[0], office)
    day = (today() + datetime.timedelta(days=20)).isoformat()
    meeting = announce(
        desk, "Junge Menschen gewinnen", day=day, begin_time="10:00", end_time="15:00", seats_on_site="1"
    )

    register_as_guest(visit(ALL_MODES[1]))
    join_the_waiting_list(visit(ALL_MODES[2], contact), meeting)

    desk.page.goto(f"/verwaltung/termine/{meeting.pk}/einlass/")
    desk.page.get_by_role("button", name="Ist da").click()
    desk.page.get_by_text("1 von 1 sind da").wait_for()
    desk.check()
    desk.page.goto(f"/verwaltung/termine/{meeting.pk}/")
    desk.page.get_by_role("link", name="Teilnahmebescheinigungen (PDF)").wait_for()
    answer = desk.page.request.get(f"/verwaltung/termine/{meeting.pk}/bescheinigungen.pdf")
    assert answer.body().startswith(b"%PDF")


def choose_later(visitor) -> None:
    page = visitor.page
    page.get_by_text("Angaben ändern").click()
    page.get_by_label("Nachwuchs (11–12 Uhr)").check()
    page.get_by_role("button", name="Änderungen speichern").click()
    page.get_by_text("Teilnahme vor Ort, Nachwuchs.").wait_for()
    page.get_by_role("link", name="Wer nimmt noch teil?").click()
    page.get_by_text("Eine Person nimmt teil, ohne hier zu stehen.").wait_for()
    visitor.check()


def test_an_invitation_is_answered_from_the_mail_by_somebody_who_never_signed_in(visitor, office, town):
    rosa = ContactPersonFactory(municipality=town, person__user=None, person__email="rosa@rheine.example")
    ContactPerson.objects.exclude(pk=rosa.pk).delete()
    meeting = MeetingFactory(network=True, online=True, title="Netzwerktreffen im Frühjahr")
    for title in ("Nachwuchs", "Anerkennung"):
        AgendaItemFactory(meeting=meeting, title=title, choice_round=1, seats=5)
    planning.invite(meeting, ContactPerson.objects.all(), by=office)

    letter = letter_to("rosa@rheine.example")
    page = visitor.page
    count_clicks(page)
    page.goto(path_in(letter, "einladung"))  # the first of two clicks
    page.get_by_text("Sie haben noch nicht geantwortet.").wait_for()
    page.get_by_text(rosa.person.name).first.wait_for()
    visitor.check()
    assert not Registration.objects.exists()
    page.get_by_role("button", name="Verbindlich anmelden").click()
    page.get_by_text("Sie sind angemeldet.", exact=True).wait_for()
    assert clicks(page) == 1
    visitor.check()
    choose_later(visitor)
    assert Registration.objects.get().municipality == town
    names = [part.get_filename() for part in letter_to("rosa@rheine.example").message().walk()]
    assert "termin.ics" in names


def test_cancelling_and_moving_up_is_seen_by_both(visit, contact):
    meeting = MeetingFactory(seats_on_site=1)
    goes = actions.register(meeting, person=PersonFactory(email="geht@stadt.example"), mode="on_site")
    actions.register(meeting, person=contact.persons.get(), mode="on_site")
    address = path_in(letter_to("geht@stadt.example"), "anmeldung")

    waits = visit(ALL_MODES[1], contact)
    waits.page.goto("/intern/anmeldungen/")
    waits.page.get_by_text("Platz 1 auf der Warteliste").wait_for()
    waits.check()

    window = visit(ALL_MODES[2])
    window.page.goto(address)
    window.page.get_by_text("Absagen", exact=True).click()
    window.page.get_by_text("Den Platz bekommt die nächste Person").wait_for()
    window.check()
    assert Registration.objects.get(pk=goes.pk).has_place
    window.page.get_by_role("button", name="Verbindlich absagen").click()
    window.page.get_by_text("Sie nehmen nicht teil.", exact=True).wait_for()
    window.check()

    waits.page.reload()
    waits.page.get_by_text("Sie sind angemeldet.").wait_for()
    assert "Sie haben einen Platz" in letter_to(contact.email).subject
