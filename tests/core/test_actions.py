"""Queueing, batches and the decisions about uncertain rows: what stands in the rows."""

import datetime
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core import actions, delivery
from core.actions import Recipient
from core.lease import Lease
from core.models import Batch, MailState, OutgoingMail
from tests.core.conftest import claim_next


def identity_holds(batch):
    batch.refresh_from_db()
    return sum(batch.counts().values()) == batch.recipients == OutgoingMail.objects.filter(batch=batch).count()


def after_the_hold():
    return time_machine.travel(timezone.now() + Batch.HOLD + datetime.timedelta(seconds=1))


def test_a_row_is_written_with_its_cause_or_not_at_all(queue):
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()


def test_unknown_kind_is_a_mistake_of_the_programmer(db):
    with pytest.raises(KeyError):
        actions.queue_mail("test.nothing", to_address="a@stadt.example", recipient_key="a")


@pytest.mark.parametrize(
    "address", ["", "anna", "a@\x00", "a b@stadt.example", "a@stadt.example\nBcc: b@stadt.example"]
)
def test_impossible_address_fails_at_once_with_a_reason(queue, address):
    mail = queue(address)
    assert (mail.state, mail.reason) == (MailState.FAILED, actions.BAD_ADDRESS)
    assert delivery.run_sender() is False
    mail.refresh_from_db()
    assert mail.attempts == 0


def test_a_code_for_an_impossible_address_is_kept_nowhere(queue, settings):
    mail = queue("no address", kind="access", code="123-456")
    assert (mail.state, mail.data) == (MailState.FAILED, {})
    settings.DEMO = True
    assert queue("no address", kind="access", code="123-456").data == {"code": "123-456"}


def test_name_becomes_one_clean_line(queue):
    assert queue(name="Anna\r\nBcc: x@evil.example \u202egnirts").to_name == "Anna Bcc: x@evil.example gnirts"


def test_empty_batch_means_nobody(db):
    with pytest.raises(ValidationError, match="Noch ist niemand ausgewählt"):
        actions.queue_batch("test.business", [], title="Einladung", by=None)
    assert not Batch.objects.exists()


def test_batch_holds_count_names_and_author(recipients, office):
    batch = actions.queue_batch("test.business", recipients(3), title="Einladung", by=office)
    names = batch.outgoingmail_set.order_by("pk").values_list("to_name", flat=True)
    assert (batch.recipients, list(names)) == (3, ["Person 0", "Person 1", "Person 2"])
    assert (batch.created_by, batch.history.get().history_user) == (office, office)
    assert identity_holds(batch)


def test_who_is_given_twice_gets_one_mail(db):
    twice = [Recipient("person:1", "first@stadt.example"), Recipient("person:1", "second@stadt.example")]
    batch = actions.queue_batch("test.business", twice, title="Einladung", by=None)
    assert batch.outgoingmail_set.get().to_address == "first@stadt.example"
    assert identity_holds(batch)


def test_one_more_recipient_joins_a_batch_once(recipients, queue):
    batch = actions.queue_batch("test.business", recipients(1), title="Einladung", by=None)
    late = {"to_address": "late@stadt.example", "recipient_key": "person:9", "batch": batch}
    first, second = actions.queue_mail("test.business", **late), actions.queue_mail("test.business", **late)
    assert first == second
    assert identity_holds(batch)
    assert batch.recipients == 2


@pytest.mark.django_db
def test_a_sign_in_mail_is_no_part_of_a_batch(recipients):
    with pytest.raises(ValueError, match="batch"):
        actions.queue_batch("test.access", recipients(1), title="Codes", by=None)


def test_the_database_refuses_a_second_row_for_the_same_recipient(recipients):
    batch = actions.queue_batch("test.business", recipients(1), title="Einladung", by=None)
    mail = batch.outgoingmail_set.get()
    mail.pk, mail.public_id, mail.message_id = None, "another", "<another@localhost>"
    with pytest.raises(IntegrityError), transaction.atomic():
        mail.save(force_insert=True)


def test_taken_back_within_the_minute_nothing_goes_out(recipients, mailoutbox, office):
    batch = actions.queue_batch("test.business", recipients(5), title="Einladung", by=None)
    delivery.run_sender()
    assert actions.take_back(batch, by=office) == 5
    assert actions.take_back(batch, by=office) == 0
    with after_the_hold():
        delivery.run_sender()
    assert mailoutbox == []
    assert set(batch.outgoingmail_set.values_list("state", "reason")) == {(MailState.SKIPPED, "zurückgenommen")}
    assert batch.history.first().history_user == office
    assert identity_holds(batch)


def test_taken_back_later_what_is_gone_is_gone(recipients, mailoutbox, monkeypatch):
    monkeypatch.setattr(delivery, "RUN_ROWS", 2)
    batch = actions.queue_batch("test.business", recipients(5), title="Einladung", by=None)
    with after_the_hold():
        delivery.run_sender()
        assert actions.take_back(batch, by=None) == 3
        delivery.run_sender()
    assert len(mailoutbox) == 2
    assert (batch.counts()[MailState.SENT], batch.counts()[MailState.SKIPPED]) == (2, 3)


def test_paused_batch_waits_until_it_is_resumed(recipients, mailoutbox):
    batch = actions.queue_batch("test.business", recipients(2), title="Einladung", by=None)
    actions.pause(batch, by=None)
    with after_the_hold():
        delivery.run_sender()
        assert mailoutbox == []
        actions.resume(batch, by=None)
        delivery.run_sender()
    assert len(mailoutbox) == 2


def test_nobody_joins_a_batch_that_was_taken_back(recipients):
    batch = actions.queue_batch("test.business", recipients(1), title="Einladung", by=None)
    actions.take_back(batch, by=None)
    with pytest.raises(ValidationError, match="zurückgenommen"):
        actions.queue_mail("test.business", to_address="a@stadt.example", recipient_key="person:9", batch=batch)
    assert identity_holds(batch)


def test_a_row_of_a_batch_taken_back_is_not_ready_whatever_its_state_says(recipients):
    actions.queue_batch("test.business", recipients(1), title="Einladung", by=None)
    Batch.objects.update(taken_back_at=timezone.now())
    with after_the_hold():
        assert not OutgoingMail.objects.ready().exists()


def test_what_the_mail_server_put_off_is_skipped_when_its_batch_was_taken_back(start_server, recipients):
    """At the moment of taking back it was being sent; then it came back to wait."""
    start_server(faults=[{"at": "rcpt", "reply": "450 4.2.0 later"}])
    batch = actions.queue_batch("test.business", recipients(1), title="Einladung", by=None)
    with after_the_hold():
        delivery.run_sender()
        Batch.objects.update(taken_back_at=timezone.now())
        assert batch.counts()[MailState.PENDING] == 1
        delivery.sweep()
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.reason, bool(mail.settled_at)) == (MailState.SKIPPED, "zurückgenommen", True)


def test_an_uncertain_mail_of_a_batch_taken_back_is_not_sent_again(recipients):
    batch = actions.queue_batch("test.business", recipients(1), title="Einladung", by=None)
    OutgoingMail.objects.update(state=MailState.UNKNOWN)
    actions.take_back(batch, by=None)
    with pytest.raises(ValidationError, match="zurückgenommen"):
        actions.settle_unknown(OutgoingMail.objects.get(), arrived=False, by=None)
    assert OutgoingMail.objects.get().state == MailState.UNKNOWN


@pytest.mark.django_db(transaction=True)
def test_two_deeds_at_once_queue_one_mail_for_one_recipient(recipients):
    batch = actions.queue_batch("test.business", recipients(1), title="Einladung", by=None)
    late = {"to_address": "late@stadt.example", "recipient_key": "person:9", "batch": batch}

    def second():
        try:
            return actions.queue_mail("test.business", **late)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            first = actions.queue_mail("test.business", **late)
            waiting = other.submit(second)
            time.sleep(0.3)  # by now it waits for the first one's commit
        assert waiting.result(timeout=10) == first
    assert identity_holds(batch)


@pytest.mark.parametrize("deed", [actions.pause, actions.resume])
def test_taken_back_batch_can_neither_pause_nor_resume(recipients, deed):
    batch = actions.queue_batch("test.business", recipients(1), title="Einladung", by=None)
    actions.take_back(batch, by=None)
    with pytest.raises(ValidationError, match="zurückgenommen"):
        deed(batch, by=None)


def test_accounts_add_up_at_every_moment(start_server, recipients):
    """pending + sending + sent + failed + unknown + skipped = recipients, through every kind of fate."""
    fates = {"person0@": "550 gone", "person1@": "450 later", "person2@": "cut"}
    start_server(faults=[{"to": to, "at": "content", "reply": reply} for to, reply in fates.items()])
    people = [
        *recipients(6),
        Recipient("bad", "no address"),
        Recipient("left", "l@stadt.example", data={"refused": "ab"}),
    ]
    batch = actions.queue_batch("test.business", people, title="Einladung", by=None)
    assert identity_holds(batch)
    with after_the_hold():
        lease = Lease()
        lease.take()
        claim_next(lease)
        assert batch.counts()[MailState.SENDING] == 1
        assert identity_holds(batch)
        lease.give_back()
        delivery.run_sender()
        assert identity_holds(batch)
        delivery.sweep()
        actions.take_back(batch, by=None)
    assert {state.value: count for state, count in batch.counts().items()} == {
        "pending": 0, "sending": 0, "sent": 3, "failed": 1, "unknown": 2, "skipped": 2,
    }  # fmt: skip
    assert identity_holds(batch)


@pytest.fixture
def uncertain(queue):
    mail = queue()
    changes = {"state": MailState.UNKNOWN, "claim": "dead sender", "attempts": 1, "first_tried_at": timezone.now()}
    OutgoingMail.objects.filter(pk=mail.pk).update(**changes)
    mail.refresh_from_db()
    return mail


def test_office_notes_that_an_uncertain_mail_arrived(uncertain, office, mailoutbox):
    actions.settle_unknown(uncertain, arrived=True, by=office)
    uncertain.refresh_from_db()
    assert (uncertain.state, uncertain.decided_by) == (MailState.SENT, office)
    delivery.run_sender()
    assert mailoutbox == []


def test_office_sends_an_uncertain_mail_again_under_the_same_message_id(uncertain, office, mailoutbox):
    message_id = uncertain.message_id
    actions.settle_unknown(uncertain, arrived=False, by=office)
    delivery.run_sender()
    uncertain.refresh_from_db()
    assert (uncertain.state, uncertain.attempts, uncertain.decided_by) == (MailState.SENT, 1, office)
    assert mailoutbox[0].extra_headers["Message-ID"] == message_id


def test_only_one_decides(uncertain, office):
    actions.settle_unknown(uncertain, arrived=True, by=office)
    with pytest.raises(ValidationError, match="schon entschieden"):
        actions.settle_unknown(uncertain, arrived=False, by=office)
    uncertain.refresh_from_db()
    assert uncertain.state == MailState.SENT


def test_sign_in_mail_is_not_sent_again(queue):
    mail = queue(kind="access")
    OutgoingMail.objects.update(state=MailState.UNKNOWN)
    with pytest.raises(ValidationError, match="neuen Code"):
        actions.settle_unknown(mail, arrived=False, by=None)
