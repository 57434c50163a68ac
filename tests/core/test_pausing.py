"""When sending waits and who lets it go on (QUALITY M-9, M-11, M-12): what the rows say, and what resumes."""

import datetime
import smtplib
import ssl

import pytest
import time_machine
from django.utils import timezone

from core import actions, delivery, pausing, transport
from core.lease import Lease
from core.models import Batch, MailService, MailState, OutgoingMail
from tests.core.conftest import untouched

START = datetime.datetime(2027, 3, 1, 9, tzinfo=datetime.UTC)
LATER = datetime.timedelta(minutes=5, seconds=1)


def seconds(number):
    return datetime.timedelta(seconds=number)


def test_m11_an_hour_without_mail_server_touches_no_row_and_ends_by_itself(start_server, queue, settings):
    server = start_server()
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    mail, pauses = queue(), []
    with time_machine.travel(START, tick=False) as clock:
        while timezone.now() < START + datetime.timedelta(hours=1):
            assert delivery.run_sender() is False
            service = MailService.now()
            assert untouched(mail)
            assert delivery.sweep() == 0  # nobody is woken for nothing
            pauses.append((service.retry_at - timezone.now()).total_seconds())
            clock.move_to(service.retry_at)
        assert (pauses[:6], service.away_since) == ([15, 30, 60, 120, 300, 300], START)
        settings.EMAIL_PORT = there
        assert delivery.sweep() == 1
        delivery.run_sender()
    assert server.recipients() == ["anna@stadt.example"]
    service = MailService.now()
    assert (service.away_since, service.retry_at, service.tries) == (None, None, 0)


def test_all_workers_share_the_pause_and_notice_an_outage_once(db):
    pausing.note_away("421 closing")
    first = MailService.now()
    pausing.note_away("421 closing")
    assert MailService.now().tries == first.tries == 1
    assert MailService.now().retry_at == first.retry_at


def test_a_second_connection_too_many_is_no_outage(start_server, queue, settings):
    start_server(max_connections=0)
    queue()
    other = Lease()
    other.take()
    delivery.run_sender()
    assert MailService.now().lets_send
    other.give_back()
    delivery.run_sender()
    assert not MailService.now().lets_send


@pytest.mark.parametrize(
    ("faults", "login"),
    [
        ([], "535 5.7.8 wrong password"),
        ([{"at": "mail", "reply": "550 5.7.1 sender unknown"}], None),
        ([{"at": "rcpt", "reply": "530 5.7.0 log in first"}], None),
    ],
)
def test_m12_a_server_that_will_not_have_us_stops_all_mail_and_fails_no_row(
    start_server, queue, settings, faults, login, office
):
    start_server(faults=faults, **({"login": login} if login else {}))
    if login:
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "wrong"
    mails = [queue(), queue("bert@stadt.example", kind="access")]
    assert delivery.run_sender() is False
    assert all(untouched(mail) for mail in mails)
    assert MailService.now().stop_reason.startswith((login or faults[0]["reply"])[:3])
    working = start_server(login="235 2.7.0 welcome")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        assert (delivery.sweep(), delivery.run_sender()) == (0, False)  # not by itself
        assert pausing.resume_all(by=office) is True
        delivery.run_sender()
    assert sorted(working.recipients()) == sorted(mail.to_address for mail in mails)
    resumed, stopped = MailService.history.all()[:2]
    assert (stopped.history_user, resumed.history_user, resumed.stopped_at) == (None, office, None)


@pytest.mark.once
@pytest.mark.parametrize(
    ("error", "reading"),
    [
        (smtplib.SMTPAuthenticationError(535, b"no"), transport.ServerRefusesError),
        (smtplib.SMTPAuthenticationError(454, b"later"), transport.ServerAwayError),
        (smtplib.SMTPNotSupportedError("STARTTLS not supported"), transport.ServerRefusesError),
        (ssl.SSLCertVerificationError("self-signed certificate"), transport.ServerRefusesError),
        (ssl.SSLError("handshake failure"), transport.ServerAwayError),
        (smtplib.SMTPConnectError(421, b"busy"), transport.ServerAwayError),
        (TimeoutError(), transport.ServerAwayError),
        (ConnectionRefusedError(), transport.ServerAwayError),
    ],
)
def test_which_words_of_a_server_ask_for_a_person(error, reading):
    assert transport._reading(error) is reading


def test_a_worker_learns_within_a_second_that_all_mail_stopped(start_server, queue, monkeypatch):
    server = start_server()
    monkeypatch.setattr(delivery, "ASK_SECONDS", 0)
    settle = delivery.settle

    def settle_and_stop(mail, outcome):  # what another worker does meanwhile
        settle(mail, outcome)
        pausing.stop_all("535 wrong password")

    monkeypatch.setattr(delivery, "settle", settle_and_stop)
    mails = [queue(f"person{n}@stadt.example") for n in range(3)]
    delivery.run_sender()
    assert server.recipients() == ["person0@stadt.example"]
    assert untouched(mails[2])


def sent_batch(recipients, number):
    return actions.queue_batch("test.business", recipients(number), title="Rundmail", by=None)


def after(batch):
    return time_machine.travel(batch.held_until + LATER, tick=False)


def test_twenty_refused_rows_in_a_row_pause_their_batch_and_nothing_else(start_server, queue, recipients, office):
    server = start_server(faults=[{"to": "person", "at": "rcpt", "reply": "554 5.7.1 spam"}])
    batch = sent_batch(recipients, 25)
    with after(batch):
        other = queue("late@stadt.example")
        delivery.run_sender()
        batch.refresh_from_db()
        assert batch.counts() == dict.fromkeys(MailState, 0) | {MailState.PENDING: 5, MailState.FAILED: 20}
        assert batch.pause_reason == "20 E-Mails hintereinander waren nicht zustellbar, zuletzt: " + (
            "vom Mailserver abgelehnt: 554 5.7.1 spam"
        )
        assert all(untouched(mail) for mail in OutgoingMail.objects.filter(batch=batch, state=MailState.PENDING))
        other.refresh_from_db()
        assert (other.state, server.recipients()) == (MailState.SENT, ["late@stadt.example"])
        start_server()
        actions.resume(batch, by=office)
        delivery.run_sender()
    batch.refresh_from_db()
    assert (batch.paused_at, batch.pause_reason, batch.counts()[MailState.SENT]) == (None, "", 5)


@pytest.mark.parametrize("good", [9, 19])
def test_nineteen_refused_rows_beside_a_good_one_pause_nothing(start_server, recipients, good):
    start_server(faults=[{"to": f"(?!person{good}@)person", "at": "rcpt", "reply": "550 5.1.1 unknown"}])
    batch = sent_batch(recipients, 20)
    with after(batch):
        delivery.run_sender()
    batch.refresh_from_db()
    assert (batch.paused_at, batch.counts()[MailState.FAILED]) == (None, 19)


def test_impossible_addresses_and_refusals_before_a_resume_do_not_count(start_server, recipients, office):
    start_server(faults=[{"at": "rcpt", "reply": "554 5.7.1 spam"}])
    batch = actions.queue_batch(
        "test.business",
        [*recipients(15), *(actions.Recipient(f"bad:{n}", "no address") for n in range(10))],
        title="Rundmail",
        by=None,
    )
    with after(batch):
        delivery.run_sender()
        batch.refresh_from_db()
        assert (batch.paused_at, batch.counts()[MailState.FAILED]) == (None, 25)
    many = sent_batch(recipients, 39)
    with after(many) as clock:
        delivery.run_sender()
        clock.shift(seconds(1))
        actions.resume(many, by=office)
        delivery.run_sender()
        many.refresh_from_db()
    assert (many.paused_at, many.counts()[MailState.FAILED]) == (None, 39)


def test_a_batch_its_kind_cannot_write_is_paused_too(recipients):
    broken = [
        actions.Recipient(recipient.key, recipient.address, data={"broken": True}) for recipient in recipients(30)
    ]
    batch = actions.queue_batch("test.business", broken, title="Rundmail", by=None)
    with after(batch):
        delivery.run_sender()
    batch.refresh_from_db()
    assert batch.paused_at
    assert batch.counts()[MailState.PENDING] == 10


def test_a_planned_batch_waits_for_its_time_and_can_be_taken_back_until_then(recipients, office):
    planned = timezone.now() + datetime.timedelta(days=3)
    batch = actions.queue_batch("test.business", recipients(2), title="Rundmail", by=None, send_at=planned)
    assert (batch.send_at, batch.held_until, batch.is_held) == (planned, planned, True)
    with time_machine.travel(planned - seconds(1)):
        assert not OutgoingMail.objects.ready().exists()
    with time_machine.travel(planned + seconds(1)):
        assert OutgoingMail.objects.ready().count() == 2
    assert actions.take_back(batch, by=office) == 2


def test_a_time_that_is_nearly_over_leaves_the_minute_to_take_back(recipients):
    batch = actions.queue_batch("test.business", recipients(1), title="Jetzt", by=None, send_at=timezone.now())
    assert abs(batch.held_until - batch.created_at - Batch.HOLD) < seconds(1)
