"""A summit end to end: from the list of heads to the board with all kinds of answer, and the signing round."""

import re

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from core import delivery
from core.models import Batch
from declarations.models import SigningRound
from meetings.models import Invitation
from members.models import Candidacy, CandidacyStage, Municipality
from tests.declaration_factories import DeclarationFactory
from tests.factories import HeadFactory, MeetingFactory, OuterOfficeFactory
from tests.journeys.browsing import ALL_MODES


@pytest.fixture(autouse=True)
def _everything_is_there(live_server, register):
    """The real register behind the browser."""


def body(slug: str) -> Municipality:
    return Municipality.objects.get(slug=slug)


def path_to(address: str) -> str:
    """Let the queue send, and return the address to answer at that this mailbox was sent last."""
    with time_machine.travel(timezone.now() + Batch.HOLD):
        delivery.run_sender()
    letter = [letter for letter in mail.outbox if address in letter.to[0]][-1]
    return re.search(r"/einladung/[a-z2-7]{52}/", letter.body)[0]


def answer(window, address: str, choice: str, **fields) -> None:
    page = window.page
    page.goto(path_to(address))
    page.get_by_text("Noch nicht beantwortet").wait_for()
    page.get_by_text(choice, exact=True).click()
    for label, value in fields.items():
        page.get_by_label(label, exact=True).fill(value)
    window.check()
    page.get_by_role("button", name="Antwort senden").click()
    page.get_by_text("Danke für Ihre Antwort.").wait_for()
    window.check()


@pytest.fixture
def heads():
    DeclarationFactory()
    Candidacy.objects.create(municipality=body("wettringen"), stage=CandidacyStage.APPLYING)
    OuterOfficeFactory(municipality=body("bonn"), person__email="vera@bonn.example")
    return [
        HeadFactory(municipality=body(slug), person__first_name=name, person__email=f"spitze@{slug}.example")
        for slug, name in (("wettringen", "Wilma"), ("bonn", "Berta"), ("rheine", "Ruth"), ("hagen", "Hanna"))
    ]


def test_from_the_list_of_heads_to_the_board_and_the_signing_round(visit, office, heads):
    meeting = MeetingFactory(summit=True)
    desk = visit(ALL_MODES[0], office)
    desk.page.goto(f"/verwaltung/termine/{meeting.pk}/")
    desk.page.get_by_role("link", name="Liste ansehen und einladen").click()
    desk.page.get_by_text("4 Verwaltungsspitzen").wait_for()
    desk.page.get_by_role("heading", name=re.compile("fehlt die Spitze")).wait_for()
    desk.check()
    desk.page.get_by_role("button", name="Einladungen senden").click()
    desk.page.get_by_text("Eingeladen: 4.").wait_for()
    assert Invitation.objects.count() == 4

    answer(visit(ALL_MODES[1]), "spitze@wettringen.example", "Ich komme")
    name = heads[1].person.name
    answer(
        visit(ALL_MODES[2]),
        "vera@bonn.example",
        "Eine Vertretung kommt",
        Nachname="Muster",
        Amt="Beigeordnete",
    )
    desk.page.goto(f"/verwaltung/termine/{meeting.pk}/spitzentreffen/")
    row = desk.page.locator("tr", has_text="Rheine")
    row.get_by_text("Antwort notieren").click()
    row.get_by_role("button", name=re.compile(r"kommt nicht \(Telefon\)")).click()
    desk.page.get_by_text("„Rückgängig“").wait_for()

    for group, who in (("Zugesagt (1)", "Wettringen"), ("Vertretung (1)", name), ("Abgesagt (1)", "Rheine"),
                       ("Offen (1)", "Hagen")):  # fmt: skip
        section = desk.page.locator("section", has=desk.page.get_by_role("heading", name=group))
        section.get_by_text(who).first.wait_for()
    desk.check()

    desk.page.get_by_role("button", name="Unterzeichnungsrunde anlegen").click()
    desk.page.get_by_text("1 Kommune in die Runde aufgenommen.").wait_for()
    desk.check()
    assert SigningRound.objects.get(meeting=meeting).entries.count() == 1
    papers = ("sitzordnung.pdf", "sitzordnung.xlsx")
    for paper in papers:
        assert desk.page.request.get(f"/verwaltung/termine/{meeting.pk}/spitzentreffen/{paper}").ok
