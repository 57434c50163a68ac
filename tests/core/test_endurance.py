"""What sending withstands (QUALITY M-1 to M-5, M-9 to M-13): after every fault nobody has got a mail twice, nobody is
lost silently, and at most one mail for each killed connection is uncertain. FULL=1: 2,000 recipients and ten kills.
"""

import os
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from bin.servers import redis
from core import actions, delivery
from core.actions import Recipient, queue_batch
from core.models import Batch, MailState, OutgoingMail, SenderSlot
from tests.core.processes import kill, outcome, start, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FULL = bool(os.environ.get("FULL"))
PEOPLE, KILLS, CUTS = (2_000, 10, 5) if FULL else (80, 2, 2)
PATIENCE = 600 if FULL else 60
REDIS = django_settings.CELERY_BROKER_URL.startswith("redis")
needs_redis = pytest.mark.skipif(not REDIS, reason="the second engine's run has Redis and PostgreSQL")


@pytest.fixture
def batch():
    """A batch that may go out at once."""
    people = [Recipient(f"person:{n}", f"person{n}@stadt.example") for n in range(PEOPLE)]
    made = queue_batch("test.business", people, title="Rundmail", by=None)
    now = timezone.now()
    Batch.objects.filter(pk=made.pk).update(held_until=now)
    OutgoingMail.objects.update(due_at=now)
    return made


@pytest.fixture
def judge(batch, figures):
    """Look at rows and mailbox when all is over, and say in figures what came out."""

    def look(server, *, kills=0, unknown=None):
        addresses = {
            state: set(OutgoingMail.objects.filter(state=state).values_list("to_address", flat=True))
            for state in MailState
        }
        arrived = server.recipients()
        everybody = {f"person{n}@stadt.example" for n in range(PEOPLE)}
        doubled = len(arrived) - len(set(arrived))
        lost = everybody - set(arrived) - addresses[MailState.UNKNOWN] - addresses[MailState.FAILED]
        figures(
            recipients=PEOPLE, arrived=len(arrived), doubled=doubled, lost=len(lost),
            unknown=len(addresses[MailState.UNKNOWN]), kills=kills,
        )  # fmt: skip
        assert (doubled, lost) == (0, set())
        assert addresses[MailState.SENT] <= set(arrived)
        assert not addresses[MailState.PENDING] | addresses[MailState.SENDING]
        assert batch.accounts_for_all()
        assert len(addresses[MailState.UNKNOWN]) <= (kills if unknown is None else unknown)

    return look


def address_of(server):
    return f"smtp://127.0.0.1:{server.port}"


def time_passes_for_dead_senders():
    """Let the leases run out without waiting for it."""
    SenderSlot.objects.update(held_until=timezone.now())
    delivery.sweep()


def finish(server):
    """Send what is left."""
    time_passes_for_dead_senders()
    outcome(start("send", EMAIL_URL=address_of(server)), PATIENCE)


def test_m1_killed_senders_double_nothing_and_lose_nothing(start_server, batch, judge):
    server = start_server(delay=0.01 if FULL else 0.03)
    senders = [start("send", EMAIL_URL=address_of(server)) for _ in range(2)]
    for number, place in zip(range(KILLS), cycle([0, 1]), strict=False):
        enough = (number + 1) * PEOPLE // (KILLS + 2)
        assert wait_until(lambda enough=enough: len(server.recipients()) >= enough, PATIENCE)
        kill(senders[place])
        time_passes_for_the_dead_alone()
        senders[place] = start("send", EMAIL_URL=address_of(server))
    for sender in senders:
        outcome(sender, PATIENCE)
    finish(server)
    judge(server, kills=KILLS)


def time_passes_for_the_dead_alone():
    """Give up the leases that nobody renews: of those whose connection to the database has ended, by their age."""
    oldest = SenderSlot.objects.exclude(holder="").order_by("held_until").first()
    if oldest:
        SenderSlot.objects.filter(pk=oldest.pk).update(held_until=timezone.now())


def test_a_server_that_refuses_cuts_and_hangs_in_turn(start_server, batch, judge, monkeypatch):
    """Every tenth each: 421 before the content, cut before and after it, silence after it, 450 at first, 550."""
    server = start_server(
        faults=[
            {"to": r"person\d*0@", "at": "data", "reply": "421 4.3.2 closing", "times": 1},
            {"to": r"person\d*1@", "at": "rcpt", "reply": "cut", "times": 1},
            {"to": r"person\d*2@", "at": "rcpt", "reply": "450 4.2.0 later", "times": 1},
            {"to": r"person\d*3@", "at": "rcpt", "reply": "550 5.1.1 unknown"},
            {"to": r"person\d*4@", "at": "content", "reply": "cut"},
            {"to": r"person[12]5@", "at": "content", "reply": "hang"},
        ]
    )
    for _ in range(PEOPLE):
        while delivery.run_sender():
            pass
        if not OutgoingMail.objects.filter(state=MailState.PENDING).exists():
            break
        OutgoingMail.objects.filter(state=MailState.PENDING).update(due_at=timezone.now())
    judge(server, unknown=PEOPLE // 10 + 2)
    assert OutgoingMail.objects.filter(state=MailState.FAILED).count() == PEOPLE // 10


@contextmanager
def own_redis(port):
    """A Redis that the test may kill."""
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def nothing_waits():
    return not OutgoingMail.objects.filter(state=MailState.PENDING).exists()


def all_settled():
    return not OutgoingMail.objects.filter(state__in=[MailState.PENDING, MailState.SENDING]).exists()


@needs_redis
def test_m5_m13_redis_killed_under_two_workers_with_two_schedulers(start_server, batch, judge):
    server, port = start_server(delay=0.02), free_port()
    changes = {"EMAIL_URL": address_of(server), "CELERY_BROKER_URL": f"redis://127.0.0.1:{port}/0"}
    workers = []
    try:
        with own_redis(port):
            workers = [start("work", **changes), start("work", **changes)]  # each with a scheduler of its own
            assert wait_until(lambda: len(server.recipients()) >= PEOPLE // 4, PATIENCE)
        with own_redis(port):
            assert wait_until(all_settled, PATIENCE)
    finally:
        for worker in workers:
            kill(worker)
    judge(server)


@needs_redis
def test_m2_celery_processes_killed(start_server, batch, judge):
    """In turn one process of the pool, which the worker replaces, and the worker with all its processes."""
    server, killed = start_server(delay=0.01 if FULL else 0.03), 0
    with redis() as broker:
        changes = {"EMAIL_URL": address_of(server), "CELERY_BROKER_URL": broker}
        clock, worker = start("tick", **changes), start("work", "prefork", **changes)
        try:
            for number in range(KILLS):
                enough = (number + 1) * PEOPLE // (KILLS + 2)
                assert wait_until(lambda enough=enough: len(server.recipients()) >= enough, PATIENCE)
                if number % 2:
                    kill(worker)
                    SenderSlot.objects.update(held_until=timezone.now())
                    worker, killed = start("work", "prefork", **changes), killed + 2
                else:
                    os.kill(pool_of(worker)[0], signal.SIGKILL)
                    time_passes_for_the_dead_alone()
                    killed += 1
            assert wait_until(nothing_waits, PATIENCE)
            worker.terminate()  # what it has begun it ends
            worker.wait(PATIENCE)
        finally:
            kill(worker)
            kill(clock)
    time_passes_for_dead_senders()
    judge(server, kills=killed)


def pool_of(worker):
    """The processes that a Celery worker has for its tasks."""
    return [int(pid) for pid in Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()]


@needs_redis
def test_connections_to_postgresql_cut_under_the_senders(start_server, batch, judge):
    """A sender whose connection ends in the middle of a mail dies, and another follows it, as in operation."""
    server = start_server(delay=0.02)
    sender, cuts, deaths = start("send", EMAIL_URL=address_of(server)), 0, 0
    ends = time.monotonic() + PATIENCE
    try:
        while not all_settled() and time.monotonic() < ends:
            if sender.poll() is not None:
                sender.communicate()
                deaths += sender.returncode != 0
                time_passes_for_dead_senders()
                sender = start("send", EMAIL_URL=address_of(server))
            elif cuts < CUTS and len(server.recipients()) >= (cuts + 1) * PEOPLE // (CUTS + 1):
                cut_all_others()
                cuts += 1
            time.sleep(0.02)
        sender.wait(PATIENCE)
    finally:
        kill(sender)
    assert cuts == CUTS
    judge(server, kills=deaths)


def cut_all_others():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_m13_two_people_press_the_same_button(batch, office):
    """Both repeat what failed, at the same moment: each mail goes into the queue once, and one is told of none."""
    OutgoingMail.objects.update(state=MailState.FAILED, reason="550")
    barrier, answers = threading.Barrier(2), []

    def press():
        barrier.wait()
        answers.append(actions.send_failed_again(batch, by=office))
        connection.close()

    people = [threading.Thread(target=press) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(answers) == [0, PEOPLE]
    assert OutgoingMail.objects.filter(state=MailState.PENDING, decided_by=office).count() == PEOPLE
