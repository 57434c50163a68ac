"""Reporting a barrier: kept with a number and a date, mailed to the office, limited, forgotten in time."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from core.mailkinds import kind_for
from core.models import OutgoingMail
from netzwerk import actions, privacy
from netzwerk.models import BarrierReport

pytestmark = pytest.mark.django_db

FORM = "/barrierefreiheit/melden/"
GOOD = {"what": "Die Karte lässt sich\nnicht vorlesen.", "where": "/kommunen/", "address": "anna@stadt.example"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime.datetime(2027, 3, 12, 10, 0, tzinfo=datetime.UTC), tick=False) as clock:
        yield clock


def test_a_report_is_kept_and_its_sender_told_number_and_date(client):
    html = client.post(FORM, GOOD, follow=True).content.decode()
    report = BarrierReport.objects.get()
    assert (report.what, report.where, report.address) == (GOOD["what"], "/kommunen/", "anna@stadt.example")
    assert report.due_on == datetime.date(2027, 3, 26)
    assert f"Sie hat die Nummer B-2027-{report.pk}." in html
    assert "Sie bekommen bis zum 26. März 2027 eine Antwort." in html


def test_without_an_address_no_answer_is_promised(client):
    html = client.post(FORM, GOOD | {"address": ""}, follow=True).content.decode()
    assert "Sie hat die Nummer B-2027-" in html
    assert "Sie bekommen bis zum" not in html


def test_the_office_gets_a_mail_with_all_it_needs(client, settings):
    settings.MAIL_OFFICE = "geschaeftsstelle@netzwerk.example"
    client.post(FORM, GOOD)
    mail, report = OutgoingMail.objects.get(), BarrierReport.objects.get()
    assert mail.to_address == "geschaeftsstelle@netzwerk.example"
    kind = kind_for("netzwerk.accessibility_feedback")
    assert kind.refuse(mail) == ""
    letter = kind.render(mail)
    assert letter.subject == f"Barriere gemeldet: {report.ticket}, zu beantworten bis 26. März 2027"
    link = f"http://testserver/verwaltung/netzwerk/barrierreport/{report.pk}/change/"
    for part in (letter.text, letter.html):
        assert "nicht vorlesen." in part
        assert "anna@stadt.example" in part
        assert link in part


def test_a_report_deleted_meanwhile_is_not_mailed():
    report = actions.report_barrier(what="Zu klein.")
    report.delete()
    mail = OutgoingMail.objects.get()
    assert kind_for(mail.kind).refuse(mail) == "Die Meldung gibt es nicht mehr."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"what": ""}, "Beschreiben Sie, was nicht ging."),
        ({"address": "anna(at)stadt"}, "Geben Sie eine vollständige E-Mail-Adresse ein"),
    ],
)
def test_wrong_input_is_explained_and_nothing_kept(client, change, said):
    response = client.post(FORM, GOOD | change)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert not BarrierReport.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_the_page_where_it_happened_is_filled_in(client):
    assert 'value="/kommunen/rheine/"' in client.get(FORM + "?seite=/kommunen/rheine/").content.decode()
    assert client.get(FORM + "?seite=" + "a" * 3000).status_code == 200


def test_a_sixth_report_within_ten_minutes_waits(client, clock):
    answers = [client.post(FORM, GOOD).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert BarrierReport.objects.count() == 5
    clock.shift(datetime.timedelta(minutes=11))
    assert client.post(FORM, GOOD).status_code == 302


def test_staff_note_the_answer_and_cannot_change_what_was_reported(client_of, office):
    report = actions.report_barrier(what="Zu klein.")
    address = reverse("admin:netzwerk_barrierreport_change", args=[report.pk])
    client_of(office).post(address, {"what": "Nichts.", "answered_on": "15.03.2027", "answer": "Ist jetzt größer."})
    report.refresh_from_db()
    assert (report.what, report.answer) == ("Zu klein.", "Ist jetzt größer.")
    assert report.answered_on == datetime.date(2027, 3, 15)


def test_after_a_year_the_address_is_forgotten_in_the_history_too(clock):
    old = actions.report_barrier(what="Zu klein.", address="anna@stadt.example")
    clock.shift(datetime.timedelta(days=366))
    new = actions.report_barrier(what="Zu blass.", address="bert@stadt.example")
    assert privacy.forget_reporters() == 1
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.address, old.what, new.address) == ("", "Zu klein.", "bert@stadt.example")
    assert [row.address for row in old.history.all()] == [""]
    assert privacy.forget_reporters() == 0
