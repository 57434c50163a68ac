"""A documentation end to end: written, held up by a missing consent, mended, published, and read from the mail."""

import re

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from core import delivery
from core.models import Batch
from meetings import actions, releasing
from meetings.models import Build, Chapter
from tests.factories import AgendaItemFactory, PersonFactory
from tests.journeys.browsing import ALL_MODES
from tests.meetings.documented import past_meeting
from tests.pictures import picture


@pytest.fixture
def meeting(live_server, town):
    meeting = past_meeting(network=True)
    AgendaItemFactory(meeting=meeting, title="Danken ohne Geld")
    person = PersonFactory(email="da@stadt.example")
    actions.check_in(actions.register(meeting, person=person, mode="on_site", by_staff=True))
    return meeting


def test_from_the_phone_in_the_hall_to_the_mail_that_says_it_is_there(visit, meeting, office, tmp_path):
    phone = visit(ALL_MODES[3], office)
    write_on_the_phone(phone, meeting)
    add_photo_without_consent(phone, tmp_path)
    mend(phone)

    desk = visit(ALL_MODES[0], office)
    publish(desk, meeting)
    tell(desk)
    reader = visit(ALL_MODES[1])
    read_from_the_mail(reader)


def write_on_the_phone(phone, meeting) -> None:
    """What is typed is kept by itself."""
    page = phone.page
    page.goto(f"/verwaltung/termine/{meeting.pk}/")
    page.get_by_role("link", name="Dokumentation", exact=True).click()
    page.get_by_text("Noch steht nichts in der Dokumentation.").wait_for()
    phone.check()
    page.get_by_role("link", name="Danken ohne Geld").click()
    page.get_by_label("Zusammenfassung").fill("Vierzig Karten in zwanzig Minuten.")
    page.get_by_text("Zwischengespeichert um").wait_for()
    assert Chapter.objects.get().summary == "Vierzig Karten in zwanzig Minuten."
    page.get_by_label("Ergebnisse").fill("- Diese Woche drei Anrufe")
    phone.check()
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("„Danken ohne Geld“ ist gespeichert.").wait_for()


def add_photo_without_consent(phone, tmp_path) -> None:
    file = tmp_path / "foto.jpg"
    file.write_bytes(picture(size=(1200, 900)))
    page = phone.page
    page.get_by_role("link", name="Foto hinzufügen").click()
    page.get_by_label("Foto", exact=True).set_input_files(file)
    page.get_by_label("Bildbeschreibung").fill("Eine Wand voller Karten")
    page.get_by_label("Quelle").fill("Foto: Probe")
    phone.check()
    page.get_by_role("button", name="Hochladen", exact=True).click()
    page.get_by_text("Vor dem Veröffentlichen ist noch etwas zu ergänzen.").wait_for()
    assert page.get_by_role("button", name="PDF erzeugen").count() == 0
    phone.check()


def mend(phone) -> None:
    page = phone.page
    page.get_by_role("link", name="Einwilligung fehlt").click()
    page.get_by_label("alle: Einwilligung liegt vor").check()
    phone.check()
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("button", name="PDF erzeugen").wait_for()


def publish(desk, meeting) -> None:
    page = desk.page
    page.goto(f"/verwaltung/termine/{meeting.pk}/dokumentation/")
    page.get_by_role("button", name="PDF erzeugen").click()
    page.get_by_text("Fassung 0 von 2 fertig").first.wait_for()
    desk.check()
    for build in Build.objects.unfinished():  # the worker's part; the page finds out by itself
        releasing.make(build.pk)
    page.get_by_text("Das PDF ist fertig.").wait_for()
    desk.check()
    page.get_by_role("button", name="Veröffentlichen").click()
    page.get_by_text("Veröffentlicht. Jetzt können Sie es den Teilnehmenden mitteilen.").wait_for()
    desk.check()


def tell(desk) -> None:
    page = desk.page
    page.get_by_role("link", name="Anderen mitteilen").click()
    page.get_by_text("Eine Person bekommt eine E-Mail").wait_for()
    desk.check()
    page.get_by_role("button", name="E-Mails senden").click()
    page.get_by_text("Empfänger: 1.").wait_for()
    with time_machine.travel(timezone.now() + Batch.HOLD):
        delivery.run_sender()


def read_from_the_mail(reader) -> None:
    letter = next(letter for letter in mail.outbox if "da@stadt.example" in letter.to[0])
    reader.page.goto(re.search(r"/termine/\d+/[\w-]+/dokumentation/", letter.body)[0])
    reader.page.get_by_text("Vierzig Karten in zwanzig Minuten.").wait_for()
    reader.page.get_by_role("img", name="Eine Wand voller Karten").wait_for()
    reader.check()
    answer = reader.page.request.get(re.sub(r"/$", ".pdf", reader.page.url))
    assert answer.body().startswith(b"%PDF")
