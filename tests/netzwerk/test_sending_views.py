"""The page of a batch and the page of all sending: what stands there, and what its buttons do."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import mailkinds, pausing
from core.actions import Recipient, queue_batch
from core.models import Batch, MailService, MailState, OutgoingMail
from tests.core.kinds import KINDS


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    for kind in KINDS:
        monkeypatch.setitem(mailkinds._kinds, kind.key, kind)


def make(number=3, **values):
    people = [Recipient(f"person:{n}", f"person{n}@stadt.example", f"Person {n}") for n in range(number)]
    batch = queue_batch("test.business", people, title="Einladung", by=None)
    Batch.objects.filter(pk=batch.pk).update(held_until=timezone.now(), **values)
    return batch


@pytest.fixture
def desk(client_of, office):
    return client_of(office)


def page_of(client, batch, name="batch"):
    return client.get(reverse(name, args=[batch.pk])).content.decode()


def press(client, verb, batch):
    answer = client.post(reverse(f"{verb}_batch", args=[batch.pk]), {"auf_der_seite": "1"}, follow=True)
    batch.refresh_from_db()
    return answer.content.decode()


def buttons(page):
    return re.findall(
        r'<span class="kern-label">([^<]+)</span>', page.split('data-part="deeds"')[1].split("</main>")[0]
    )


def test_every_number_opens_the_list_of_exactly_these_rows(desk):
    batch = make(6)
    make(2)  # another one, whose rows must not mix in
    for mail, state in zip(OutgoingMail.objects.filter(batch=batch), MailState, strict=True):
        OutgoingMail.objects.filter(pk=mail.pk).update(state=state, reason=f"Grund {state}")
    page = page_of(desk, batch)
    links = re.findall(r'<th scope="row">([^<]+)</th><td class="table__number"><a href="([^"]+)">1</a>', page)
    assert [label for label, _ in links] == MailState.labels
    for (_, url), state in zip(links, MailState, strict=True):
        listed = desk.get(url.replace("&amp;", "&")).content.decode()
        assert f"Grund {state}" in listed
        assert "1 Zustellung" in listed


def test_held_running_paused_done(desk):
    batch = make()
    Batch.objects.update(held_until=timezone.now() + datetime.timedelta(minutes=1))
    page = page_of(desk, batch)
    assert "Geht in weniger als einer Minute hinaus" in page
    way = page[page.index('aria-label="Brotkrumen"') :]
    assert ">Heute</a>" in way[: way.index("</nav>")]
    assert buttons(page) == ["Anhalten", "Zurücknehmen"]
    Batch.objects.update(held_until=timezone.now())
    assert buttons(page_of(desk, batch)) == ["Anhalten", "Abbrechen: Rest nicht senden"]
    assert buttons(press(desk, "pause", batch)) == ["Fortsetzen", "Abbrechen: Rest nicht senden"]
    assert batch.paused_at
    assert "„Einladung“ geht weiter." in press(desk, "resume", batch)
    assert batch.paused_at is None
    OutgoingMail.objects.update(state=MailState.SENT)
    page = page_of(desk, batch)
    assert "Alle E-Mails sind erledigt" in page
    assert (buttons(page), "data-live=" in page) == ([], False)


def test_a_batch_that_paused_itself_says_why(desk):
    batch = make(paused_at=timezone.now(), pause_reason="20 E-Mails hintereinander waren nicht zustellbar")
    assert "20 E-Mails hintereinander waren nicht zustellbar" in page_of(desk, batch)


def test_the_rest_is_called_off(desk):
    batch = make()
    assert "Nicht gesendete E-Mails: 3." in press(desk, "take_back", batch)
    assert "nicht mehr anhalten" in press(desk, "pause", batch)  # the second person is told
    assert batch.paused_at is None


def test_only_the_failed_are_repeated(desk):
    batch = make()
    states = [MailState.SENT, MailState.FAILED, MailState.UNKNOWN]
    for mail, state in zip(OutgoingMail.objects.order_by("pk"), states, strict=True):
        OutgoingMail.objects.filter(pk=mail.pk).update(state=state)
    assert buttons(page_of(desk, batch)) == ["Nicht zustellbare (1) noch einmal senden"]
    assert "noch einmal in den Versand gegeben: 1." in press(desk, "repeat", batch)
    assert list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "pending", "unknown"]


def test_the_part_for_the_script_is_that_of_the_page(desk):
    batch = make()
    part = page_of(desk, batch, "batch_state")
    assert "<html" not in part
    assert 'data-phase="running"' in part
    assert f'data-live="{reverse("batch_state", args=[batch.pk])}"' in page_of(desk, batch)


def test_the_page_needs_no_more_queries_for_three_mails_than_for_one(desk):
    one, three = make(1), make(3)
    page_of(desk, one)
    with CaptureQueriesContext(connection) as for_one:
        page_of(desk, one)
    with CaptureQueriesContext(connection) as for_three:
        page_of(desk, three)
    assert len(for_one) == len(for_three)


def test_a_refused_login_is_in_today_until_a_person_resumes(desk, office):
    pausing.stop_all("535 5.7.8 wrong password")
    make()
    today = desk.get(reverse("admin:index")).content.decode()
    assert "Der Mailserver weist das Portal ab, alle E-Mails sind angehalten" in today
    url = reverse("mail_service")
    page = desk.get(url).content.decode()
    assert "535 5.7.8 wrong password" in page
    assert desk.get(reverse("resume_mail")).status_code == 405
    page = desk.post(reverse("resume_mail"), follow=True).content.decode()
    assert "Der Versand geht weiter." in page
    assert MailService.now().stopped_at is None
    assert str(office) in page.split("Angehalten und fortgesetzt")[1]
    assert "Der Versand lief schon wieder." in desk.post(reverse("resume_mail"), follow=True).content.decode()
    assert "weist das Portal ab" not in desk.get(reverse("admin:index")).content.decode()


def test_an_absent_mail_server_is_told_and_can_be_tried_at_once(desk):
    pausing.note_away("Connection refused")
    batch = make()
    assert "Der Mailserver ist nicht erreichbar" in desk.get(reverse("admin:index")).content.decode()
    assert "Was wartet, geht von selbst hinaus" in page_of(desk, batch)
    page = desk.get(reverse("mail_service")).content.decode()
    assert "Connection refused" in page
    assert "Jetzt versuchen" in page
    desk.post(reverse("resume_mail"))
    assert MailService.now().lets_send


def test_a_planned_batch_says_when(desk):
    batch = make()
    when = datetime.datetime(2031, 3, 12, 9, tzinfo=datetime.UTC)
    Batch.objects.update(send_at=when, held_until=when)
    assert "Geht am 12. März 2031 um 10:00 Uhr hinaus" in page_of(desk, batch)
    assert "geht am 12. März 2031 um 10:00 Uhr an 3 Empfänger" in desk.get(reverse("admin:index")).content.decode()
    with time_machine.travel(when + datetime.timedelta(seconds=5)):
        assert OutgoingMail.objects.ready().count() == 3
