"""The working page of an application in the back office, its list, and its lines in "Heute"."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.worklist import DECIDE, DO, RUNNING
from declarations import applying, reviewing, worklist
from declarations.models import Application, ApplicationState, Criterion, Review
from tests.declaration_factories import DeclarationFactory
from tests.factories import ApplicationFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_declaration_is_in_force():
    DeclarationFactory()


@pytest.fixture
def submitted():
    return hand_in("Wettringen")


@pytest.fixture
def url(submitted):
    return lambda name="review_application", *more: reverse(name, args=[submitted.pk, *more])


def hand_in(name):
    application = ApplicationFactory(municipality=MunicipalityFactory(name=name), filled=True)
    applying.submit(application.applicants.get())
    application.refresh_from_db()
    return application


def text_of(response):
    return response.content.decode()


def seen(application, criterion=Criterion.THANKS):
    return application.answers.get(criterion=criterion).history.first().pk


def test_the_cards_stand_there_with_what_the_office_can_do(client_of, office, url):
    page = text_of(client_of(office).get(url()))
    assert "Wird von der Geschäftsstelle geprüft" in page
    assert "Das gibt es bei uns." in page
    assert "Ehrenamtskarte NRW: Einführung geplant" in page
    assert "Ada Beispiel, Bürgermeisterin" in page
    assert page.count("Rückfrage stellen") == len(Criterion)


def test_a_question_is_sent_and_a_wrong_one_stays_in_its_card(client_of, office, submitted, url):
    client = client_of(office)
    ask = url("query_answer", Criterion.THANKS)
    page = text_of(client.post(ask, {"comment": "", "seen": seen(submitted)}))
    assert "Schreiben Sie Ihre Frage." in page
    page = text_of(client.post(ask, {"comment": "Ab wann?", "seen": seen(submitted)}, follow=True))
    assert "Die Rückfrage zu „Dank, der sichtbar ist“ ist unterwegs." in page
    assert "Rückfrage bei der Kommune" in page
    page = text_of(client.post(url("forward_application"), follow=True))
    assert "Warten Sie auf die Antwort der Kommune" in page
    page = text_of(client.post(url("mark_answer_open", Criterion.THANKS), {"seen": seen(submitted)}, follow=True))
    assert "„Dank, der sichtbar ist“ ist wieder offen." in page


def test_two_presses_lead_from_a_complete_application_to_the_decision(client_of, office, chancellery, submitted, url):
    page = text_of(client_of(office).post(url("forward_application"), follow=True))
    assert "liegt jetzt der Staatskanzlei vor" in page
    assert "Beitritt annehmen" not in page
    decider = client_of(chancellery)
    assert "Beitritt annehmen" in text_of(decider.get(url()))
    page = text_of(decider.post(url("decide_application"), {"deed": "ablehnen", "reason": ""}))
    assert "Begründen Sie die Ablehnung." in page
    page = text_of(decider.post(url("decide_application"), {"deed": "annehmen", "reason": ""}, follow=True))
    assert "Angenommen." in page
    again = text_of(decider.post(url("decide_application"), {"deed": "ablehnen", "reason": "Doch nicht."}, follow=True))
    assert "entschieden: angenommen" in again


def test_what_nobody_chose_is_no_decision(client_of, office, chancellery, submitted, url):
    reviewing.forward(submitted, by=office)
    page = text_of(client_of(chancellery).post(url("decide_application"), {"deed": "x"}))
    assert "Wählen Sie „Beitritt annehmen“ oder „Beitritt ablehnen“." in page
    submitted.refresh_from_db()
    assert submitted.state == ApplicationState.FORWARDED


def test_heute_shows_each_office_its_own(office, chancellery, submitted):
    Application.objects.update(submitted_at=timezone.now() - datetime.timedelta(days=3))
    line = worklist.lines_for(office)[0]
    assert (line.group, line.text, line.age) == (DO, "Beitrittsantrag von Wettringen prüfen", "seit 3 Tagen")
    answer = submitted.answers.get(criterion=Criterion.THANKS)
    reviewing.query(answer, comment="Ab wann?", seen=seen(submitted), by=office)
    assert [line.group for line in worklist.lines_for(office)] == [RUNNING]
    applying.answer_query(submitted.applicants.get(), Criterion.THANKS)
    assert worklist.lines_for(office)[0].text == "Wettringen hat auf die Rückfrage geantwortet"
    reviewing.forward(submitted, by=office)
    assert [(line.group, line.count) for line in worklist.lines_for(office)] == [(RUNNING, 1)]
    line = worklist.lines_for(chancellery)[0]
    assert (line.group, line.text) == (DECIDE, "Über den Beitritt von Wettringen entscheiden")
    reviewing.accept(submitted, by=chancellery)
    assert worklist.lines_for(chancellery)[0].text == "angenommener Beitritt ohne Unterschrift"


def test_many_applications_become_a_number(office):
    for number in range(12):
        hand_in(f"Dorf {number:02}")
    lines = worklist.lines_for(office)
    assert len(lines) == 11
    assert (lines[-1].count, lines[-1].text) == (2, "weitere Beitrittsanträge")


@pytest.mark.parametrize("address", ["admin:declarations_application_changelist", "admin:index"])
def test_lists_ask_as_often_for_three_as_for_one(client_of, office, submitted, address):
    client = client_of(office)
    client.get(reverse(address))  # the first page of a session asks more
    counts = []
    for name in ("Ahaus", "Ahlen"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(address)).status_code == 200
        counts.append(len(queries))
        hand_in(name)
        hand_in(f"{name} Zwei")
    assert counts[0] == counts[1]


def test_the_list_leads_to_the_working_page_and_leaves_out_what_nobody_confirmed(client_of, office, submitted, url):
    applying.ask(MunicipalityFactory(name="Ahaus"), name="Wanda", office="Amt", email="wanda@stadt.example")
    page = text_of(client_of(office).get(reverse("admin:declarations_application_changelist")))
    assert f'href="{url()}"' in page
    assert "Ahaus" not in page
    page = text_of(
        client_of(office).get(reverse("admin:declarations_application_changelist"), {"stand": "entscheiden"})
    )
    assert "Wettringen" not in page


def test_the_dossier_tells_of_the_application(client_of, office, submitted):
    page = text_of(client_of(office).get(reverse("dossier", args=[submitted.municipality.slug])))
    assert "Antrag vom" in page
    assert "wird von der Geschäftsstelle geprüft" in page


def test_the_history_is_read_with_names(client_of, office, submitted, url):
    applying_text = submitted.answers.get(criterion=Criterion.SHARED)
    reviewing.mark(applying_text, Review.MET, seen=applying_text.history.first().pk, by=office)
    page = text_of(client_of(office).get(url()))
    assert "Karte Engagement ist Sache aller Ämter geändert" in page
    assert "Prüfung: erfüllt" in page
