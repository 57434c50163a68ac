"""The right to a connection: who has lost it must not act on what was decided while it slept."""

import datetime

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.utils import timezone

from core import delivery
from core.actions import settle_unknown
from core.lease import Lease
from core.letters import build_message
from core.models import MailState
from core.transport import Result, transport_for
from tests.core.conftest import claim_next
from tests.core.kinds import SlowBackend

START = datetime.datetime(2027, 3, 1, 9, tzinfo=datetime.UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def lease(db):
    lease = Lease()
    assert lease.take()
    return lease


def sleep_too_long(clock):
    clock.shift(Lease.LENGTH + datetime.timedelta(seconds=1))


def written(mail):
    message = build_message(mail)
    return message, message.message().as_bytes()


def test_renewed_in_time_it_lasts(clock, lease):
    for _ in range(4):
        clock.shift(Lease.LENGTH / 2)
        assert lease.keep()


def test_once_run_out_it_stays_lost_though_nobody_else_wants_it(clock, lease):
    sleep_too_long(clock)
    assert [lease.keep(), lease.keep()] == [False, False]


@pytest.mark.parametrize("phase", [0, 1, 2])
def test_a_conversation_ends_before_the_content_when_the_lease_is_lost(start_server, phase):
    server = start_server()
    answers = iter([True] * phase + [False] * 3)
    transport = transport_for(lambda: next(answers))
    transport.open()
    outcome = transport.send(EmailMessage("Betreff", "Text", to=["anna@stadt.example"]), b"Subject: Betreff\n\nText\n")
    transport.close()
    assert outcome.result == Result.INTERRUPTED
    assert server.recipients() == []


def test_a_sender_that_slept_does_not_send_what_the_office_sends_again(start_server, queue, clock, lease):
    server = start_server()
    mail = queue()
    transport = transport_for(lease.keep)
    transport.open()
    claim = claim_next(lease)
    sleep_too_long(clock)
    delivery.sweep()
    settle_unknown(mail, arrived=False, by=None)
    assert transport.send(*written(claim.mail)).result == Result.INTERRUPTED
    transport.close()
    delivery.run_sender()
    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    assert server.recipients() == ["anna@stadt.example"]


def test_nothing_is_claimed_when_opening_outlasted_the_lease(queue, clock, settings, monkeypatch, mailoutbox):
    settings.EMAIL_BACKEND = "tests.core.kinds.SlowBackend"
    monkeypatch.setattr(SlowBackend, "pass_time", lambda backend: sleep_too_long(clock))
    mail = queue()
    assert delivery.run_sender() is True
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mailoutbox) == (MailState.PENDING, 0, [])
    monkeypatch.setattr(SlowBackend, "pass_time", lambda backend: clock.shift(datetime.timedelta(seconds=40)))
    delivery.run_sender()
    mail.refresh_from_db()
    assert (mail.state, mail.settled_at) == (MailState.SENT, timezone.now() - datetime.timedelta(seconds=40))
