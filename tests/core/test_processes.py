"""The proofs that need processes of their own: senders killed, broker lost, worker and clock inside the web process."""

import datetime
import socket
import time

import pytest
import redis
from celery import current_app
from django.conf import settings as django_settings
from django.utils import timezone

from core import delivery
from core.actions import queue_mail
from core.models import MailState, OutgoingMail, SenderSlot
from tests.core.processes import outcome, start, wait_until
from tests.factories import UserFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

REDIS = django_settings.CELERY_BROKER_URL.startswith("redis")


def queue_many(number):
    for n in range(number):
        queue_mail("test.business", to_address=f"person{n}@stadt.example", recipient_key=f"person:{n}")


def time_passes_for_dead_senders():
    """Let the leases run out without waiting for it."""
    SenderSlot.objects.update(held_until=timezone.now() - datetime.timedelta(seconds=1))
    delivery.sweep()


def states():
    return {state: count for state, count in OutgoingMail.objects.all().counts().items() if count}


def test_two_senders_at_once_send_everything_once(start_server):
    server = start_server()
    queue_many(60)
    url = f"smtp://127.0.0.1:{server.port}"
    for sender in [start("send", EMAIL_URL=url), start("send", EMAIL_URL=url)]:
        outcome(sender)
    assert sorted(server.recipients()) == sorted(f"person{n}@stadt.example" for n in range(60))
    assert states() == {MailState.SENT: 60}


def test_worker_and_clock_inside_the_web_process(start_server):
    """Without Redis: a woken mail goes out at once, one whose wake-up was lost with the next sweep (M-4)."""
    server = start_server()
    found = outcome(start("embed", "1", EMAIL_URL=f"smtp://127.0.0.1:{server.port}"))
    assert found["started"] is True
    assert found["threads"].count("worker") == found["threads"].count("Beat") == 1
    assert 0 < found["woken"] < 3
    assert (found["left"], found["forgotten"]) == (True, True)
    assert server.recipients() == ["left@stadt.example", "woken@stadt.example", "forgotten@stadt.example"]


def test_the_clock_sweeps_every_minute():
    assert current_app.conf.beat_schedule["sweep-mail"] == {"task": "core.sweep_mail", "schedule": 60.0}


@pytest.fixture
def silent_port():
    """A port that takes connections and never says a word, like a Redis behind a dead firewall."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield server.getsockname()[1]


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.mark.parametrize("redis_is", ["down", "silent"])
def test_m6_without_redis_the_page_answers_and_the_mail_goes_out_with_the_sweep(start_server, silent_port, redis_is):
    server = start_server()
    user = UserFactory()
    port = closed_port() if redis_is == "down" else silent_port
    url = f"smtp://127.0.0.1:{server.port}"
    broker = f"redis://127.0.0.1:{port}/0"
    found = outcome(start("ask_for_code", user.email, EMAIL_URL=url, CELERY_BROKER_URL=broker))
    assert found["status"] == 302
    assert found["seconds"] < 5  # connecting and asking wait a second each; the rest is for a busy machine
    assert delivery.sweep() == 1
    outcome(start("send", EMAIL_URL=url))
    assert server.recipients() == [user.email]


def test_a_silent_redis_does_not_tell_who_has_an_account(silent_port):
    broker = f"redis://127.0.0.1:{silent_port}/0"
    url = "smtp://127.0.0.1:1"
    # The quickest of three times each: on a busy machine a single one says little.
    known, unknown = (
        min(outcome(start("ask_for_code", address, EMAIL_URL=url, CELERY_BROKER_URL=broker))["seconds"] for _ in "123")
        for address in (UserFactory().email, "nobody@stadt.example")
    )
    assert known > 0.9  # it did wait for Redis
    assert abs(known - unknown) < 0.5


@pytest.mark.skipif(not REDIS, reason="the second engine's run has Redis; without it see the embedded worker")
def test_m4_redis_flushed_loses_nothing(start_server, figures):
    server = start_server()
    broker = redis.Redis.from_url(django_settings.CELERY_BROKER_URL)
    queue_many(20)
    assert wait_until(lambda: broker.llen("celery") >= 1)
    broker.flushall()
    assert broker.llen("celery") == 0
    began = time.monotonic()
    url = f"smtp://127.0.0.1:{server.port}"
    worker = start("work", EMAIL_URL=url, CELERY_BROKER_URL=django_settings.CELERY_BROKER_URL)
    try:
        assert wait_until(lambda: states() == {MailState.SENT: 20})
        broker.flushall()  # once more, under a running worker
        queue_mail("test.business", to_address="late@stadt.example", recipient_key="late")
        assert wait_until(lambda: states() == {MailState.SENT: 21})
    finally:
        worker.terminate()  # not killed: its clock is a child of its own
        worker.communicate(timeout=20)
        broker.close()
    arrived = server.recipients()
    everybody = set(OutgoingMail.objects.values_list("to_address", flat=True))
    doubled, lost = len(arrived) - len(set(arrived)), len(everybody - set(arrived))
    seconds = round(time.monotonic() - began, 1)
    figures(recipients=len(everybody), arrived=len(arrived), doubled=doubled, lost=lost, seconds=seconds)
    assert (len(everybody), doubled, lost) == (21, 0, 0)
