"""pending + sending + sent + failed + unknown + skipped = recipients, at every moment; what failed goes again."""

import datetime
import itertools

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from core import actions, delivery, repeating
from core.actions import Recipient
from core.models import Batch, Bounce, MailState, OutgoingMail


@pytest.fixture
def batch(recipients):
    return actions.queue_batch("test.business", recipients(6), title="Rundmail", by=None)


def at(batch, **later):
    return time_machine.travel(batch.held_until + datetime.timedelta(**later), tick=False)


def watched(batch, breaches):
    """Ask after every single statement of this process whether the accounts are whole."""
    asking = False

    def look(execute, sql, params, many, context):
        nonlocal asking
        result = execute(sql, params, many, context)
        if not asking:
            asking = True
            if not batch.accounts_for_all():
                breaches.append(sql)
            asking = False
        return result

    return connection.execute_wrapper(look)


def test_the_accounts_are_whole_after_every_statement_of_a_run_full_of_faults(start_server, recipients, office):
    start_server(
        faults=[
            {"to": "person1", "at": "rcpt", "reply": "550 5.1.1 unknown"},
            {"to": "person2", "at": "rcpt", "reply": "450 4.2.0 later", "times": 1},
            {"to": "person3", "at": "content", "reply": "cut"},
            {"to": "person4", "at": "data", "reply": "421 4.3.2 closing", "times": 1},
        ]
    )
    refused = Recipient("person:refused", "refused@stadt.example", data={"refused": "abbestellt"})
    everybody = [*recipients(6), refused, Recipient("bad", "no address")]
    batch = actions.queue_batch("test.business", everybody, title="Rundmail", by=None)
    breaches = []
    with at(batch, seconds=1) as clock, watched(batch, breaches):
        delivery.run_sender()
        clock.shift(datetime.timedelta(minutes=2))
        delivery.sweep()
        delivery.run_sender()
        actions.send_failed_again(batch, by=office)
        delivery.run_sender()
        actions.pause(batch, by=office)
        actions.resume(batch, by=office)
        actions.take_back(batch, by=office)
    assert breaches == []
    expected = {MailState.SENT: 4, MailState.FAILED: 2, MailState.UNKNOWN: 1, MailState.SKIPPED: 1}
    assert {state: count for state, count in batch.counts().items() if count} == expected


def test_accounts_with_a_row_too_few_are_not_whole(batch):
    """The question above can answer no."""
    assert batch.accounts_for_all()
    OutgoingMail.objects.filter(batch=batch).first().delete()
    assert not batch.accounts_for_all()


@pytest.mark.parametrize(("seconds", "phase"), [(-1, "held"), (1, "running")])
def test_the_phase_of_a_batch_by_the_clock(batch, seconds, phase):
    with at(batch, seconds=seconds):
        assert batch.phase(batch.counts()) == phase


def test_the_phase_of_a_batch_by_what_was_done(batch, office, start_server):
    start_server()
    with at(batch, seconds=1):
        actions.pause(batch, by=office)
        batch.refresh_from_db()
        assert batch.phase(batch.counts()) == "paused"
        actions.resume(batch, by=office)
        delivery.run_sender()
        batch.refresh_from_db()
        assert batch.phase(batch.counts()) == "done"
        actions.take_back(batch, by=office)
    batch.refresh_from_db()
    assert batch.phase(batch.counts()) == "stopped"


def settled(batch):
    """One row in each state in which a run can end, and two that failed beyond hope."""
    rows = OutgoingMail.objects.filter(batch=batch).order_by("pk")
    ends = (MailState.SENT, MailState.FAILED, MailState.UNKNOWN, MailState.SKIPPED, MailState.FAILED, MailState.FAILED)
    for mail, state in zip(rows, ends, strict=True):
        rows.filter(pk=mail.pk).update(state=state, reason="550", settled_at=timezone.now(), attempts=1)
    rows.filter(pk=rows[4].pk).update(reason=actions.BAD_ADDRESS)
    for other in OutgoingMail.objects.filter(batch=batch)[:2]:
        Bounce.objects.create(mail=other, address="person5@stadt.example", points=Bounce.HARD)
    rows.filter(pk=rows[5].pk).update(to_address="Person5@Stadt.example")
    return list(rows.all())


def test_only_what_failed_and_has_hope_is_sent_again(batch, office):
    before = settled(batch)
    with at(batch, minutes=5):
        assert actions.send_failed_again(batch, by=office) == 1
        assert actions.send_failed_again(batch, by=office) == 0
    after = OutgoingMail.objects.filter(batch=batch).order_by("pk")
    changed = [row for row, old in itertools.zip_longest(after, before) if row.state != old.state]
    assert [(row.to_address, row.state, row.decided_by) for row in changed] == [
        ("person1@stadt.example", MailState.PENDING, office)
    ]
    assert batch.accounts_for_all()


def test_who_has_another_address_by_now_gets_it_there(batch, office, monkeypatch):
    """Also where the old address was none, or stopped; but not at an address that is stopped itself."""
    settled(batch)
    book = {1: "new1@stadt.example", 4: "new4@stadt.example", 5: "PERSON5@stadt.example", 0: "new0@stadt.example"}
    asked = []
    monkeypatch.setitem(repeating._books, "person", lambda numbers: asked.append(numbers) or book)
    assert sorted(repeating.worth_repeating(batch).values()) == ["new1@stadt.example", "new4@stadt.example"]
    assert asked == [{1, 4, 5}]
    with at(batch, minutes=5):
        assert actions.send_failed_again(batch, by=office) == 2
    waiting = OutgoingMail.objects.filter(batch=batch, state=MailState.PENDING).order_by("pk")
    assert [row.to_address for row in waiting] == ["new1@stadt.example", "new4@stadt.example"]
    assert batch.accounts_for_all()


def test_nothing_of_a_batch_taken_back_is_sent_again(batch, office):
    settled(batch)
    actions.take_back(batch, by=office)
    with pytest.raises(ValidationError):
        actions.send_failed_again(batch, by=office)
    assert not OutgoingMail.objects.filter(state=MailState.PENDING).exists()


def test_batches_are_never_confused(batch, recipients, office):
    other = actions.queue_batch("test.business", recipients(2), title="Andere", by=None)
    settled(batch)
    assert actions.send_failed_again(other, by=office) == 0
    assert Batch.objects.get(pk=other.pk).accounts_for_all()
