"""The queue in the back office: what the office sees and decides there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import actions
from core.models import Batch, MailState, OutgoingMail
from tests.back_office import choose, choose_and_confirm
from tests.factories import UserFactory

MAILS = "admin:core_outgoingmail_changelist"
BATCHES = "admin:core_batch_changelist"


@pytest.fixture
def desk(client_of, office):
    return client_of(office)


def test_lists_name_kind_state_and_reason(desk, queue):
    queue("no address")
    page = desk.get(reverse(MAILS)).content.decode()
    assert "Probe (Dienstliches)" in page
    assert "nicht zustellbar" in page
    assert actions.BAD_ADDRESS in page


@pytest.mark.parametrize("page", [MAILS, BATCHES])
def test_lists_need_no_more_queries_for_three_rows_than_for_one(desk, office, recipients, page):
    actions.queue_batch("test.business", recipients(1), title="Einladung", by=office)
    desk.get(reverse(page))  # the first page of a session also writes the session
    with CaptureQueriesContext(connection) as for_one:
        desk.get(reverse(page))
    for _ in range(2):
        actions.queue_batch("test.business", recipients(1), title="Einladung", by=office)
    with CaptureQueriesContext(connection) as for_three:
        desk.get(reverse(page))
    assert len(for_three) == len(for_one)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=anna", True),
        ("q=bert", False),
        ("kind=test.business", True),
        ("kind=test.access", False),
        ("state__exact=sent", False),
    ],
)
def test_search_and_filters(desk, queue, query, found):
    queue()
    page = desk.get(f"{reverse(MAILS)}?{query}").content.decode()
    assert ("anna@stadt.example" in page) is found


def test_record_is_to_look_at_and_hides_sign_in_text(desk, queue, settings):
    settings.DEMO = True
    mail = queue(kind="access")
    OutgoingMail.objects.update(text="Ihr Code: 123-456", data={"code": "123-456"})
    page = desk.get(reverse("admin:core_outgoingmail_change", args=[mail.pk])).content.decode()
    assert "123-456" not in page
    assert 'name="_save"' not in page


def test_text_of_other_mail_is_shown_as_text(desk, queue):
    mail = queue()
    OutgoingMail.objects.update(text="Guten Tag,\n\n<script>")
    page = desk.get(reverse("admin:core_outgoingmail_change", args=[mail.pk])).content.decode()
    assert "<p>Guten Tag,</p><p>&lt;script&gt;</p>" in page


def test_nobody_adds_changes_or_deletes(desk, queue):
    mail = queue()
    record = reverse("admin:core_outgoingmail_change", args=[mail.pk])
    assert desk.get(reverse("admin:core_outgoingmail_add")).status_code == 403
    assert desk.post(record, {"to_address": "spy@evil.example"}).status_code == 403
    assert desk.post(reverse("admin:core_outgoingmail_delete", args=[mail.pk]), {"post": "yes"}).status_code == 403
    mail.refresh_from_db()
    assert mail.to_address == "anna@stadt.example"


def test_office_decides_about_uncertain_rows(desk, office, queue):
    arrived, lost, waiting = queue("a@stadt.example"), queue("b@stadt.example"), queue("c@stadt.example")
    OutgoingMail.objects.exclude(pk=waiting.pk).update(state=MailState.UNKNOWN)
    page = choose_and_confirm(desk, reverse(MAILS), "settle_as_arrived", arrived, waiting)
    assert "Als zugestellt vermerkt (1): Probe (Dienstliches) an a@stadt.example." in page
    assert "an c@stadt.example: Über diese E-Mail ist schon entschieden." in page
    assert "Noch einmal in den Versand gegeben (1): Probe (Dienstliches) an b@stadt.example." in choose_and_confirm(
        desk, reverse(MAILS), "send_again", lost
    )
    found = OutgoingMail.objects.in_bulk()
    assert [found[mail.pk].state for mail in (arrived, lost, waiting)] == ["sent", "pending", "pending"]
    assert [found[mail.pk].decided_by for mail in (arrived, lost, waiting)] == [office, office, None]


def test_office_pauses_resumes_and_takes_back(desk, recipients):
    batch = actions.queue_batch("test.business", recipients(2), title="Einladung", by=None)
    assert "Angehalten (1): Einladung." in choose(desk, reverse(BATCHES), "pause", batch).content.decode()
    assert Batch.objects.get().paused_at <= timezone.now()
    assert "Fortgesetzt (1): Einladung." in choose_and_confirm(desk, reverse(BATCHES), "resume", batch)
    assert Batch.objects.get().paused_at is None
    page = choose_and_confirm(desk, reverse(BATCHES), "take_back", batch)
    assert "Zurückgenommen (1): Einladung." in page
    assert "Nicht mehr gesendete E-Mails: 2." in page
    assert "zurückgenommen und lässt sich nicht mehr" in choose(desk, reverse(BATCHES), "pause", batch).content.decode()
    record = desk.get(reverse("admin:core_batch_change", args=[batch.pk])).content.decode()
    assert "2 ausgelassen" in record
    history = desk.get(reverse("admin:core_batch_history", args=[batch.pk]))
    assert history.status_code == 200
    assert history.content.decode().count("office@netzwerk.example") >= 3


def test_who_may_not_decide_finds_no_actions(client_of, queue):
    mail = queue()
    OutgoingMail.objects.update(state=MailState.UNKNOWN)
    choose(client_of(UserFactory(administrator=True)), reverse(MAILS), "settle_as_arrived", mail)
    mail.refresh_from_db()
    assert mail.state == MailState.UNKNOWN
