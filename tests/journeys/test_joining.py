"""A municipality that is no member goes from "Mitmachen" to its page in the directory."""

import re

import pikepdf
import pytest
from django.core import mail

from core import delivery
from core.models import MailState, OutgoingMail
from members.models import Membership
from tests.declaration_factories import DeclarationFactory
from tests.journeys.browsing import ALL_MODES
from tests.pdf_files import saved

ANSWERS = {
    "Wer kümmert sich bei Ihnen": "Die Stelle Ehrenamt im Büro der Bürgermeisterin.",
    "Welche Bereiche Ihrer Verwaltung": "Sport, Kultur, Jugend und Feuerwehr.",
    "Wie kommt Ihre Kommune zu ihrem Ja": "Der Rat hat beschlossen.",
    "Wie ist der Stand bei der Ehrenamtskarte": "Sie ist geplant.",
    "Wie will Ihre Kommune auf Dauer": "Wir kommen zu den Treffen.",
}
CARD = "Wie ist der Stand bei der Ehrenamtskarte"


@pytest.fixture(autouse=True)
def _everything_is_there(live_server, register, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SITE_URL = live_server.url
    DeclarationFactory()


@pytest.fixture
def scan(tmp_path):
    """What a scanner makes of one page."""
    with pikepdf.new() as file:
        file.add_blank_page()
        content = saved(file)
    path = tmp_path / "scan.pdf"
    path.write_bytes(content)
    return path


def link_in(kind: str, address: str = "wanda.probe@wettringen.example") -> str:
    """The newest personal link mailed to this person, once this kind of mail is out; the queue itself keeps no link."""
    delivery.run_sender()
    assert OutgoingMail.objects.filter(kind=f"declarations.{kind}", to_address=address, state=MailState.SENT).exists()
    letters = [letter.body for letter in mail.outbox if address in letter.to[0]]
    return [found[0] for text in letters if (found := re.search(r"http://\S+/antrag/\S+", text))][-1]


class Desk:
    """A window of the staff; counts the presses of buttons that change something."""

    def __init__(self, window):
        self.window, self.page, self.presses = window, window.page, 0

    def open_line(self, words: str) -> None:
        self.page.goto("/verwaltung/")
        self.page.get_by_role("listitem").filter(has_text=words).get_by_role("link").click()

    def press(self, name: str, then: str) -> None:
        self.page.get_by_role("button", name=name).click()
        self.page.get_by_text(then).first.wait_for()
        self.presses += 1


def ask(window) -> None:
    """Five fields, one of them with a slip of the finger."""
    page = window.page
    page.goto("/mitmachen/")
    window.check()
    page.get_by_role("link", name="Interesse melden").click()
    page.get_by_label("Ihre Kommune").fill("Wetringen")
    page.get_by_label("Ihr Name").fill("Wanda Probe")
    page.get_by_label("Amt oder Funktion").fill("Ehrenamtskoordination")
    page.get_by_label("Dienstliche E-Mail-Adresse").fill("wanda.probe@wettringen.example")
    window.check()
    page.get_by_role("button", name="Link anfordern").click()
    page.get_by_text("Fast geschafft").wait_for()


def fill_in(window, scan) -> None:
    """All parts one after the other, a resolution of the council with its file among them."""
    page = window.page
    page.get_by_role("link", name="Ausfüllen").click()
    for question, text in ANSWERS.items():
        page.get_by_label(question).fill(text)
        if question == CARD:
            page.get_by_label("Einführung geplant").check()
        page.get_by_role("button", name="Speichern und weiter").click()
    page.get_by_label("Vorname").first.fill("Wilma")
    page.get_by_label("Nachname").first.fill("Muster")
    page.get_by_label("Dienstliche E-Mail-Adresse").first.fill("wilma.muster@wettringen.example")
    page.get_by_role("button", name="Speichern und weiter").click()
    page.get_by_label("Datum des Beschlusses").fill("2026-03-12")
    page.get_by_label("Gremium").fill("Rat der Gemeinde")
    page.get_by_label("Ergebnis").fill("einstimmig")
    page.get_by_label("Datei").set_input_files(scan)
    page.get_by_role("button", name="Datei hochladen").click()
    page.get_by_text("„scan.pdf“ ist hochgeladen.").wait_for()
    window.check()
    page.get_by_role("button", name="Speichern und weiter").click()
    page.get_by_label("die Verwaltungsspitze").check()
    page.get_by_label("Name", exact=True).fill("Ada Beispiel")
    page.get_by_label("Amt", exact=True).fill("Bürgermeisterin")
    page.get_by_role("button", name="Speichern").click()


def answer_the_question(window) -> None:
    page = window.page
    page.goto(link_in("application_query"))
    page.get_by_text("Ab welchem Monat?").wait_for()
    page.get_by_label(CARD).fill("Ab Mai gibt es die Karte.")
    window.check()
    page.get_by_role("button", name="Antwort absenden").click()
    page.get_by_text("Ihre Antwort ist bei der Geschäftsstelle.").wait_for()


def sign_on_paper(window, scan) -> None:
    page = window.page
    page.goto(link_in("application_accepted"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Erklärung für Ada Beispiel").click()
    assert download.value.suggested_filename.endswith(".pdf")
    page.get_by_label("Unterzeichnet am").fill("2026-03-20")
    page.get_by_label("Ort").fill("Wettringen")
    page.get_by_label("Unterzeichnete Erklärung").set_input_files(scan)
    window.check()
    page.get_by_role("button", name="hochladen").click()
    page.get_by_text("ist angekommen").first.wait_for()


def see_the_page_in_the_directory(window) -> None:
    page = window.page
    page.goto(link_in("application_accepted"))
    page.get_by_role("link", name="Zur Seite der Kommune").click()
    page.get_by_role("heading", name="Wettringen", level=1).wait_for()
    page.get_by_text("Mitglied seit").first.wait_for()
    window.check()


def ask_back(desk) -> None:
    desk.open_line("Beitrittsantrag von Wettringen prüfen")
    card = desk.page.get_by_role("article", name="Dank, der sichtbar ist")
    card.get_by_text("Rückfrage stellen").click()
    card.get_by_label("Ihre Frage").fill("Ab welchem Monat?")
    desk.window.check()
    desk.press("Rückfrage senden", "ist unterwegs")


def test_a_municipality_joins_with_a_question_a_resolution_and_a_signature_on_paper(
    visit, mode, office, chancellery, scan, record_property
):
    window = visit(mode)
    ask(window)
    window.page.goto(link_in("interest"))
    window.page.get_by_role("button", name="Bestätigen und beginnen").click()
    fill_in(window, scan)
    window.check()
    window.page.get_by_role("button", name="Antrag einreichen").click()
    window.page.get_by_text("Der Antrag liegt bei der Geschäftsstelle.").wait_for()
    desk, decider = Desk(visit(ALL_MODES[0], office)), Desk(visit(ALL_MODES[0], chancellery))
    ask_back(desk)
    answer_the_question(window)

    # Complete: from here on every press of the staff counts.
    desk.presses = 0
    desk.open_line("Wettringen hat auf die Rückfrage geantwortet")
    desk.press("Zur Entscheidung geben", "liegt jetzt der Staatskanzlei vor")
    decider.open_line("Über den Beitritt von Wettringen entscheiden")
    decider.window.check()
    decider.press("Beitritt annehmen", "Angenommen.")
    sign_on_paper(window, scan)
    desk.open_line("Unterschrift von Gemeinde Wettringen prüfen")
    desk.window.check()
    desk.press("Unterschrift geprüft", "Unterschrift geprüft.")
    assert Membership.objects.filter(municipality__slug="wettringen").exists()
    record_property("figures", f"presses from complete to member: {desk.presses + decider.presses}")
    assert desk.presses + decider.presses == 3
    see_the_page_in_the_directory(window)


def test_who_forwards_the_link_and_who_types_at_the_same_time_lose_nothing(visit, mode, scan):
    window = visit(mode)
    ask(window)
    address = link_in("interest")
    window.page.goto(address)
    window.page.get_by_role("button", name="Bestätigen und beginnen").click()
    window.page.get_by_role("link", name="dazunehmen").click()
    window.page.get_by_label("Name").fill("Willi Muster")
    window.page.get_by_label("E-Mail").fill("willi.muster@wettringen.example")
    window.check()
    window.page.get_by_role("button", name="Link schicken").click()
    window.page.get_by_text("Willi Muster bekommt einen eigenen Link").wait_for()

    colleague = visit(mode)
    colleague.page.goto(link_in("application_link", "willi.muster@wettringen.example") + "querschnitt/")
    window.page.goto(address + "querschnitt/")
    question = "Welche Bereiche Ihrer Verwaltung"
    colleague.page.get_by_label(question).fill("Von Willi geschrieben.")
    colleague.page.get_by_text(re.compile("Zwischengespeichert um")).wait_for()
    window.page.get_by_label(question).fill("Von Wanda geschrieben.")
    window.page.get_by_role("button", name="Speichern", exact=True).click()
    window.page.get_by_text("Jemand war schneller").wait_for()
    window.page.get_by_text("Von Willi geschrieben.").wait_for()
    assert window.page.get_by_label(question).input_value() == "Von Wanda geschrieben."
    window.check()
