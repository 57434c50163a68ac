"""The office watches a batch go out: the figures move by themselves, and a press of a button holds it."""

import os

import pytest
from django.utils import timezone

from core import mailkinds, pausing
from core.actions import Recipient, queue_batch
from core.models import Batch, MailState, OutgoingMail
from tests.core.kinds import KINDS
from tests.factories import UserFactory


@pytest.fixture
def batch(live_server, monkeypatch):
    for kind in KINDS:
        monkeypatch.setitem(mailkinds._kinds, kind.key, kind)
    people = [Recipient(f"person:{n}", f"person{n}@stadt.example", f"Person {n}") for n in range(4)]
    made = queue_batch("test.business", people, title="Einladung zum Netzwerktreffen", by=None)
    Batch.objects.update(held_until=timezone.now())
    return made


def test_the_figures_of_a_batch_move_by_themselves_and_it_is_held(visit, mode, batch):
    office = visit(mode, UserFactory(staff=True))
    page = office.page
    page.goto(f"/verwaltung/e-mails/sammelsendungen/{batch.pk}/")
    page.get_by_text("0 von 4").first.wait_for()
    first, second, *_ = OutgoingMail.objects.order_by("pk")
    OutgoingMail.objects.filter(pk=first.pk).update(state=MailState.SENT)
    OutgoingMail.objects.filter(pk=second.pk).update(state=MailState.FAILED, reason="550 5.1.1 unknown")
    page.get_by_text("1 gesendet, 1 unzustellbar.").wait_for()  # without a click
    office.check()
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/batch-{mode}.png", full_page=True)
    page.get_by_role("button", name="Anhalten").click()
    page.get_by_role("button", name="Fortsetzen").wait_for()
    office.check()
    batch.refresh_from_db()
    assert batch.paused_at


def test_all_mail_stands_still_and_is_resumed(visit, mode, batch):
    pausing.stop_all("535 5.7.8 wrong password")
    office = visit(mode, UserFactory(staff=True))
    page = office.page
    page.goto("/verwaltung/e-mails/versand/")
    page.get_by_text("535 5.7.8 wrong password", exact=True).wait_for()
    office.check()
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/service-{mode}.png", full_page=True)
    page.get_by_role("button", name="Versand fortsetzen").click()
    page.get_by_text("E-Mails gehen hinaus", exact=True).wait_for()
    office.check()
