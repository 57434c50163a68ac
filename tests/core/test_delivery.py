"""The proofs of the queue against a real mail server (QUALITY M-7 to M-12): what is in the row, what arrived."""

import dataclasses
import datetime

import pytest
import time_machine
from django.core import mail as outbox
from django.utils import timezone

from core import delivery, mailkinds
from core.actions import queue_batch
from core.lease import Lease
from core.mailkinds import Letter, MailClass
from core.models import MailState, OutgoingMail, SenderSlot
from tests.core.conftest import claim_next, untouched
from tests.core.processes import wait_until

START = datetime.datetime(2027, 3, 1, 9, tzinfo=datetime.UTC)


def state_of(mail):
    mail.refresh_from_db()
    return mail.state


def test_sends_what_is_due_and_says_so(start_server, queue):
    server = start_server()
    mail = queue()
    assert delivery.run_sender() is False
    assert state_of(mail) == MailState.SENT
    assert (mail.subject, mail.attempts, mail.reason) == ("Nachricht an Anna Muster", 1, "")
    assert server.recipients() == ["anna@stadt.example"]
    assert not SenderSlot.objects.filter(held_until__gt=timezone.now()).exists()


def test_leaves_what_is_not_due(start_server, queue):
    server = start_server()
    OutgoingMail.objects.filter(pk=queue().pk).update(due_at=timezone.now() + datetime.timedelta(minutes=1))
    delivery.run_sender()
    assert server.recipients() == []


def test_m7_greylisted_mail_arrives_at_the_second_try(start_server, queue):
    server = start_server(faults=[{"at": "rcpt", "reply": "450 4.2.0 greylisted", "times": 1}])
    with time_machine.travel(START, tick=False) as clock:
        mail = queue()
        delivery.run_sender()
        assert state_of(mail) == MailState.PENDING
        assert "450 4.2.0 greylisted" in mail.reason
        clock.shift(datetime.timedelta(seconds=61))
        delivery.run_sender()
    assert state_of(mail) == MailState.SENT
    assert server.recipients() == ["anna@stadt.example"]


def test_m7_tries_for_72_hours_and_then_fails(start_server, queue):
    start_server(faults=[{"at": "rcpt", "reply": "450 4.2.0 greylisted"}])
    minutes = []
    with time_machine.travel(START, tick=False) as clock:
        mail = queue()
        while state_of(mail) == MailState.PENDING:
            clock.move_to(mail.due_at)
            minutes.append((timezone.now() - START).total_seconds() / 60)
            delivery.run_sender()
    assert minutes[:7] == [0, 1, 6, 21, 81, 141, 201]
    assert minutes[-1] == 72 * 60
    assert mail.state == MailState.FAILED
    assert mail.reason == "72 Stunden lang vergeblich versucht, zuletzt: 450 4.2.0 greylisted"


@pytest.mark.parametrize("at", ["rcpt", "data", "content"])
def test_m8_refused_mail_fails_at_once_and_the_next_one_goes_out(start_server, queue, at):
    server = start_server(faults=[{"to": "gone", "at": at, "reply": "550 5.1.1 unknown user"}])
    gone, next_one = queue("gone@stadt.example"), queue()
    delivery.run_sender()
    assert state_of(gone) == MailState.FAILED
    assert gone.reason == "vom Mailserver abgelehnt: 550 5.1.1 unknown user"
    assert state_of(next_one) == MailState.SENT
    assert server.recipients()[-1] == "anna@stadt.example"


@pytest.mark.parametrize("at", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("reply", ["421 4.3.2 closing", "cut", "hang"])
def test_m9_connection_lost_before_the_content_is_opened_again(start_server, queue, at, reply):
    server = start_server(faults=[{"at": at, "reply": reply, "times": 1}])
    mail = queue()
    delivery.run_sender()
    assert (state_of(mail), mail.attempts) == (MailState.SENT, 1)
    assert server.recipients() == ["anna@stadt.example"]


def test_m9_row_that_always_ends_the_connection_waits_and_lets_others_pass(start_server, queue):
    server = start_server(faults=[{"to": "poison", "at": "rcpt", "reply": "421 4.3.2 closing"}])
    poison, next_one = queue("poison@stadt.example"), queue()
    delivery.run_sender()
    assert (state_of(poison), poison.attempts) == (MailState.PENDING, 1)
    assert poison.due_at > timezone.now()
    assert state_of(next_one) == MailState.SENT
    assert server.recipients() == ["anna@stadt.example"]


@pytest.mark.parametrize("reply", ["cut", "hang"])
def test_m10_no_answer_after_the_content_is_uncertain_and_never_resent(start_server, queue, reply):
    server = start_server(faults=[{"to": "anna", "at": "content", "reply": reply}])
    mail, next_one = queue(), queue("bert@stadt.example")
    delivery.run_sender()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=4)):
        delivery.sweep()
        delivery.run_sender()
    assert state_of(mail) == MailState.UNKNOWN
    assert "ungewiss" in mail.reason
    assert state_of(next_one) == MailState.SENT
    assert server.recipients() == ["anna@stadt.example", "bert@stadt.example"]


def test_m10_a_refusal_after_the_content_is_an_answer(start_server, queue):
    start_server(faults=[{"at": "content", "reply": "421 4.3.2 closing", "times": 1}])
    mail = queue()
    delivery.run_sender()
    assert (state_of(mail), mail.reason) == (MailState.PENDING, "vom Mailserver vertagt: 421 4.3.2 closing")


def test_m11_a_row_put_back_keeps_what_was_known_of_it(start_server, queue):
    start_server(faults=[{"at": "mail", "reply": "451 4.3.0 overloaded"}])
    mail = queue()
    earlier = timezone.now() - datetime.timedelta(hours=1)
    known = {"reason": "vom Mailserver vertagt: 450", "claimed_at": earlier, "first_tried_at": earlier, "attempts": 2}
    OutgoingMail.objects.filter(pk=mail.pk).update(**known)
    assert delivery.run_sender() is False
    assert state_of(mail) == MailState.PENDING
    assert {name: getattr(mail, name) for name in known} == known


def test_a_server_with_one_connection_gets_everything(start_server, queue, settings):
    """MAXCONN=1 while we believe in two: the second sender is greeted with 421 and leaves its row alone."""
    server = start_server(max_connections=1)
    mails = [queue(f"person{n}@stadt.example") for n in range(5)]
    lease = Lease()
    lease.take()
    first = delivery.transport_for(lease.keep)
    first.open()
    assert delivery.run_sender() is False
    assert all(untouched(mail) for mail in mails)
    first.close()
    lease.give_back()
    assert wait_until(lambda: delivery.run_sender() or server.recipients())  # the goodbye may take a moment
    delivery.run_sender()
    assert sorted(server.recipients()) == sorted(mail.to_address for mail in mails)


def test_no_more_senders_than_connections(start_server, queue, settings):
    server = start_server()
    settings.MAIL_CONNECTIONS = 2
    leases = [Lease() for _ in range(3)]
    assert [lease.take() for lease in leases] == [True, True, False]
    queue()
    assert delivery.run_sender() is False
    assert server.recipients() == []
    with time_machine.travel(timezone.now() + Lease.LENGTH):
        delivery.run_sender()  # a holder that has died stands in nobody's way
    assert server.recipients() == ["anna@stadt.example"]


def test_sign_in_code_overtakes_fifty_waiting_mails(start_server, queue):
    server = start_server()
    for n in range(50):
        queue(f"person{n}@stadt.example", kind="information" if n % 2 else "business")
    queue("code@stadt.example", kind="access")
    delivery.run_sender()
    arrived = server.recipients()
    assert len(arrived) == 51
    assert arrived[:2] == ["code@stadt.example", "person0@stadt.example"]
    assert arrived[26] == "person1@stadt.example"  # Information goes after all Dienstliches


def test_classes_sort_by_rank():
    assert sorted(MailClass.values) == [MailClass.ACCESS, MailClass.BUSINESS, MailClass.INFORMATION]


def test_rate_holds_back_everything_but_sign_in_mail(start_server, queue, settings, monkeypatch):
    server = start_server()
    settings.MAIL_PER_MINUTE = 3
    monkeypatch.setattr(delivery, "RUN_SECONDS", 1.5)
    for n in range(5):
        queue(f"person{n}@stadt.example")
    assert delivery.run_sender() is True
    assert len(server.recipients()) == 3
    queue("code@stadt.example", kind="access")
    delivery.run_sender()
    assert server.recipients()[3:] == ["code@stadt.example"]
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=61)):
        assert delivery.run_sender() is False
    assert len(server.recipients()) == 6


def test_a_run_ends_after_its_rows_and_asks_for_the_next(start_server, queue, monkeypatch):
    server = start_server()
    monkeypatch.setattr(delivery, "RUN_ROWS", 3)
    for n in range(4):
        queue(f"person{n}@stadt.example")
    assert [delivery.run_sender(), delivery.run_sender()] == [True, False]
    assert len(server.recipients()) == 4


def test_refused_at_the_claim_is_skipped(start_server, queue):
    server = start_server()
    mail = queue(refused="abbestellt")
    delivery.run_sender()
    assert (state_of(mail), mail.reason) == (MailState.SKIPPED, "abbestellt")
    assert server.recipients() == []


def test_mail_that_cannot_be_written_fails_and_the_next_one_goes_out(start_server, queue, caplog):
    server = start_server()
    broken, next_one = queue("broken@stadt.example", broken=True), queue()
    delivery.run_sender()
    assert (state_of(broken), broken.reason) == (
        MailState.FAILED,
        "Die E-Mail ließ sich nicht erstellen (LookupError).",
    )
    assert state_of(next_one) == MailState.SENT
    assert server.recipients() == ["anna@stadt.example"]
    assert "the meeting is gone" in caplog.text


def test_a_kind_that_writes_rubbish_stops_nobody(start_server, queue, monkeypatch):
    """A NUL or a subject that is too long would fail at the claim, which PostgreSQL refuses, again and again."""
    server = start_server()
    kind = mailkinds.kind_for("test.business")
    rubbish = dataclasses.replace(kind, render=lambda mail: Letter("\x00Ä" * 300, "\x00Text\r\n", "<p>\x00</p>"))
    monkeypatch.setitem(mailkinds._kinds, kind.key, rubbish)
    mail = queue()
    delivery.run_sender()
    assert (state_of(mail), mail.subject, mail.text) == (MailState.SENT, "Ä" * 250, "Text\n")
    assert server.recipients() == ["anna@stadt.example"]


def test_mail_of_a_kind_nobody_knows_fails(queue):
    mail = queue()
    OutgoingMail.objects.filter(pk=mail.pk).update(kind="gone.kind")
    delivery.run_sender()
    assert state_of(mail) == MailState.FAILED
    assert mail.kind_name == "gone.kind"


def test_sign_in_mail_is_emptied_on_sending(start_server, queue):
    server = start_server()
    mail = queue(kind="access", subject="Code 123-456", text="Ihr Code: 123-456\n")
    delivery.run_sender()
    assert state_of(mail) == MailState.SENT
    assert (mail.subject, mail.text, mail.html, mail.data) == ("Probe (Zugang)", "", "", {})
    assert "123-456" in server.messages()[0].get_body("plain").get_content()


@pytest.mark.parametrize("reply", ["450 4.2.0 later", "421 4.3.2 closing", "550 5.1.1 unknown", "cut"])
def test_sign_in_mail_leaves_no_text_behind_whatever_happens(start_server, queue, reply):
    start_server(faults=[{"at": "content", "reply": reply}])
    mail = queue(kind="access", text="Ihr Code: 123-456\n")
    delivery.run_sender()
    assert state_of(mail) != MailState.SENT
    assert (mail.text, mail.html) == ("", "")
    assert bool(mail.data) is (mail.state == MailState.PENDING)  # what it needs to be written again


def test_the_demonstration_keeps_sign_in_mail(queue, settings):
    settings.DEMO = True
    mail = queue(kind="access", text="Ihr Code: 123-456\n")
    delivery.run_sender()
    assert (state_of(mail), mail.text) == (MailState.SENT, "Ihr Code: 123-456\n")
    assert outbox.outbox[0].body == "Ihr Code: 123-456\n"


def claimed(queue, **data):
    queue(**data)
    lease = Lease()
    lease.take()
    return lease, claim_next(lease).mail


def test_sweep_gives_up_the_row_of_a_dead_sender_only(queue):
    _, mail = claimed(queue, kind="access", text="Ihr Code: 123-456\n")
    delivery.sweep()
    assert state_of(mail) == MailState.SENDING
    with time_machine.travel(timezone.now() + Lease.LENGTH + datetime.timedelta(seconds=1)):
        delivery.sweep()
    assert (state_of(mail), mail.text, mail.data) == (MailState.UNKNOWN, "", {})


def test_a_sender_that_was_only_asleep_may_still_tell(queue):
    _, mail = claimed(queue)
    OutgoingMail.objects.update(state=MailState.UNKNOWN)
    delivery.settle(mail, delivery.Outcome(delivery.Result.SENT))
    assert state_of(mail) == MailState.SENT


def test_nobody_settles_a_row_that_is_not_his(queue):
    _, mail = claimed(queue)
    OutgoingMail.objects.update(claim="somebody else")
    delivery.settle(mail, delivery.Outcome(delivery.Result.SENT))
    assert state_of(mail) == MailState.SENDING


def test_a_row_is_claimed_once(queue):
    lease, _ = claimed(queue)
    assert claim_next(lease) is None


def test_held_and_paused_batches_do_not_go_out(recipients, db):
    batch = queue_batch("test.information", recipients(2), title="Rundmail", by=None)
    assert not OutgoingMail.objects.ready().exists()
    with time_machine.travel(timezone.now() + batch.HOLD):
        assert OutgoingMail.objects.ready().count() == 2
        type(batch).objects.update(paused_at=timezone.now())
        assert not OutgoingMail.objects.ready().exists()


def test_a_backend_without_a_conversation_that_breaks_leaves_the_row_uncertain(queue, settings):
    settings.EMAIL_BACKEND = "tests.core.kinds.BreakingBackend"
    mail = queue()
    delivery.run_sender()
    assert state_of(mail) == MailState.UNKNOWN
