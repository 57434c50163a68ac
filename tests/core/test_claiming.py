"""Which row a sender takes: never one that may not go out any more, and never one that another sender has."""

import datetime
import time

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from core import actions, claiming, delivery
from core.actions import queue_batch
from core.claiming import Claiming
from core.lease import Lease
from core.models import Batch, MailState, OutgoingMail, SenderSlot
from core.statements import Given, Update


@pytest.fixture
def sender(db):
    """Another sender with a right to a connection."""

    def make():
        lease = Lease()
        assert lease.take()
        return Claiming(lease.token)

    return make


@pytest.fixture
def batch(recipients):
    """A batch that may go out at once."""
    batch = queue_batch("test.business", recipients(12), title="Rundmail", by=None)
    Batch.objects.update(held_until=timezone.now())
    OutgoingMail.objects.update(due_at=timezone.now())
    return batch


def number_of(claim):
    return int(claim.mail.to_address.removeprefix("person").partition("@")[0])


def test_two_senders_take_all_rows_and_none_twice(batch, sender):
    senders = [sender(), sender()]
    numbers = []
    for turn in range(24):  # towards the end one may have set aside all that is left
        if claim := senders[turn % 2].claim_next():
            assert claim.is_held()
            numbers.append(number_of(claim))
    assert sorted(numbers) == list(range(12))
    assert senders[0].claim_next() is senders[1].claim_next() is None


def test_what_a_dead_sender_had_set_aside_is_soon_taken_by_another(batch, sender):
    dead, alive = sender(), sender()
    dead.claim_next().is_held()
    dead._set_aside(only_access=False)
    assert number_of(alive.claim_next()) == 5  # 1 to 4 are set aside
    SenderSlot.objects.update(set_aside_until=timezone.now())
    alive._set_aside(only_access=False)
    assert number_of(alive.claim_next()) == 1


@pytest.mark.parametrize("deed", [actions.pause, actions.take_back])
def test_what_is_stopped_between_letter_and_claim_does_not_go_out(batch, sender, deed):
    claim = sender().claim_next()
    deed(batch, by=None)
    assert not claim.is_held()
    assert not OutgoingMail.objects.filter(state=MailState.SENDING).exists()


def test_a_row_that_another_took_meanwhile_is_not_held(queue, sender):
    queue()
    first, second = sender(), sender()
    claim = first.claim_next()
    SenderSlot.objects.update(set_aside_until=timezone.now())
    assert second.claim_next().is_held()
    assert not claim.is_held()


def test_a_letter_written_for_another_address_does_not_go_out(queue, sender):
    queue()
    claim = sender().claim_next()
    OutgoingMail.objects.update(to_address="other@stadt.example")
    assert not claim.is_held()


def test_a_batch_paused_in_the_middle_stops_at_once(start_server, batch, monkeypatch):
    server = start_server()
    send = delivery.settle

    def settle_and_pause(mail, outcome):
        send(mail, outcome)
        if number_of(delivery.Claim(mail, {})) == 6:
            actions.pause(batch, by=None)

    monkeypatch.setattr(delivery, "settle", settle_and_pause)
    delivery.run_sender()
    assert len(server.recipients()) == 7


def test_a_sign_in_code_does_not_wait_behind_what_was_set_aside(batch, queue, sender, monkeypatch):
    monkeypatch.setattr(claiming, "LOOK_ANEW_SECONDS", 0.05)
    one = sender()
    for _ in range(3):
        one.claim_next().is_held()
    queue("code@stadt.example", kind="access")
    time.sleep(0.06)
    assert one.claim_next().mail.to_address == "code@stadt.example"


def test_a_slow_sender_sets_aside_one_row_at_a_time(batch, sender, monkeypatch):
    monkeypatch.setattr(claiming, "LOOK_ANEW_SECONDS", 0.0)
    one = sender()
    one.claim_next()
    one.claim_next()
    assert [len(slot.set_aside) for slot in SenderSlot.objects.exclude(set_aside=[])] == [1]


def test_who_ends_leaves_nothing_set_aside(start_server, batch):
    start_server()
    delivery.run_sender()
    assert not SenderSlot.objects.exclude(set_aside=[]).exists()


@pytest.mark.django_db(transaction=True)
def test_no_sender_runs_inside_a_transaction_of_somebody_else(queue):
    queue()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        delivery.run_sender()


# --- a connection that ends ---------------------------------------------------------------------------------------


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connection to cut")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["_written", "build_message", "content_of", "settle"])
def test_a_cut_leaves_one_row_uncertain_at_most_and_the_slot_free(start_server, queue, monkeypatch, place):
    server, module = start_server(), claiming if place == "_written" else delivery
    for name in "abc":
        queue(f"{name}@stadt.example")
    go_on = getattr(module, place)

    def cut_before(*given):
        result = go_on(*given) if place == "content_of" else None  # there the claim is under way
        cut(number)
        return result or go_on(*given)

    number = number_of_connection()
    with monkeypatch.context() as patch:
        patch.setattr(module, place, cut_before)
        with pytest.raises(OperationalError):
            delivery.run_sender()
    assert not SenderSlot.objects.filter(held_until__gt=timezone.now()).exists()
    assert OutgoingMail.objects.filter(state=MailState.SENDING).count() <= 1
    delivery.sweep()
    delivery.run_sender()
    ends = dict(OutgoingMail.objects.values_list("to_address", "state"))
    uncertain = {address for address, state in ends.items() if state == MailState.UNKNOWN}
    arrived = server.recipients()
    assert len(uncertain) <= 1
    assert len(arrived) == len(set(arrived))
    assert set(ends) - uncertain == {address for address, state in ends.items() if state == MailState.SENT}
    assert set(ends) - uncertain <= set(arrived)


def number_of_connection():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def cut(number):
    """End a connection to the database as its restart does; one that is gone already stays so."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid = %s", [number])
    other.close()


# --- statements ---------------------------------------------------------------------------------------------------

waiting = Update(
    lambda: OutgoingMail.objects.filter(
        pk=Given(OutgoingMail, "id"), state=MailState.PENDING, claim=Given(OutgoingMail, "claim")
    )
)


def changes(claim):
    return {
        "claim": claim,
        "attachments": [{"name": "Ü.ics", "text": "'%s' \\ \n"}],
        "claimed_at": datetime.datetime(2027, 3, 1, 9, tzinfo=datetime.UTC),
        "settled_at": None,
        "text": "100 % 'O''Neill' \\ 🎉\n",
        "attempts": 3,
    }


@pytest.mark.parametrize("way", ["run", "begin"])
@pytest.mark.django_db(transaction=True)
def test_a_statement_writes_what_it_is_given_each_time_anew(queue, way):
    mails = [queue("a@stadt.example"), queue("b@stadt.example")]
    for mail in mails:
        expected = changes(mail.to_address)
        changed = getattr(waiting, way)(expected, id=mail.pk, claim="")
        assert (changed() if way == "begin" else changed) == 1
        mail.refresh_from_db()
        assert {name: getattr(mail, name) for name in expected} == expected
    assert waiting.run(changes(""), id=mails[0].pk, claim="somebody else") == 0


@pytest.mark.django_db(transaction=True)
def test_the_error_of_a_statement_comes_to_who_waits_for_it(queue):
    mail = queue()
    with pytest.raises(Exception, match="mail_state_known"):
        waiting.begin({"state": "nowhere"}, id=mail.pk, claim="")()
    assert OutgoingMail.objects.get().state == MailState.PENDING


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite does not cut a value that is too long")
@pytest.mark.django_db(transaction=True)
def test_the_connection_is_good_again_after_such_an_error(queue):
    mail = queue()
    with pytest.raises(Exception, match="too long"):
        waiting.begin({"claim": "x" * 33}, id=mail.pk, claim="")()
    assert waiting.run({"claim": "x"}, id=mail.pk, claim="") == 1
