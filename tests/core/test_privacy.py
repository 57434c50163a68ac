"""After 12 months the queue knows no longer whom it wrote to, and still how much it sent."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from core import delivery, privacy
from core.actions import queue_batch, settle_unknown
from core.models import Batch, MailState, OutgoingMail

YEAR = datetime.timedelta(days=365)


def later(time):
    return time_machine.travel(timezone.now() + time)


def test_address_and_letter_are_forgotten_after_twelve_months(start_server, queue):
    start_server(faults=[{"to": "gone", "at": "rcpt", "reply": "550 <gone@stadt.example> unknown"}])
    mails = [queue(text="Guten Tag, Frau Muster.\n", meeting=7), queue("gone@stadt.example"), queue("no address")]
    delivery.run_sender()
    with later(YEAR - datetime.timedelta(hours=1)):
        assert privacy.forget_recipients() == 0
    with later(YEAR + datetime.timedelta(hours=1)):
        assert [privacy.forget_recipients(), privacy.forget_recipients()] == [3, 0]
    for row in OutgoingMail.objects.all():
        forgotten = (row.to_address, row.to_name, row.subject, row.text, row.html, row.data, row.reason)
        assert forgotten == ("", "", "", "", "", {}, "")
        assert "gelöscht" in str(row)
    assert [mail.refresh_from_db() or mail.state for mail in mails] == ["sent", "failed", "failed"]


def test_counts_of_a_batch_stay(mailoutbox, recipients):
    batch = queue_batch("test.business", recipients(3), title="Einladung", by=None)
    with later(Batch.HOLD):
        delivery.run_sender()
    with later(2 * YEAR):
        privacy.forget_recipients()
    assert (batch.recipients, batch.counts()[MailState.SENT]) == (3, 3)


def test_what_still_waits_keeps_its_address(queue):
    queue()
    with later(2 * YEAR):
        assert privacy.forget_recipients() == 0


def test_what_is_forgotten_cannot_be_sent_again(queue):
    queue()
    OutgoingMail.objects.update(state=MailState.UNKNOWN, settled_at=timezone.now() - 2 * YEAR)
    privacy.forget_recipients()
    with pytest.raises(ValidationError, match="nach zwölf Monaten gelöscht"):
        settle_unknown(OutgoingMail.objects.get(), arrived=False, by=None)
