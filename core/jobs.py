"""Background work: waking a task by its name, and worker and clock inside the web process when there is no Redis.

A task only wakes somebody up. What must not be lost is a row in the database that a sweep finds, so an absent
broker costs at most a minute and never a page.
"""

import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

from celery import Celery, current_app
from celery.beat import EmbeddedService, Scheduler
from celery.worker import WorkController
from django.conf import settings
from django.db import connection, transaction

logger = logging.getLogger(__name__)

# Tasks are started by name: nobody imports them, and the clock (netzwerk.celery) is set before they exist.
DELIVER_MAIL = "core.deliver_mail"
SWEEP_MAIL = "core.sweep_mail"
READ_BOUNCES = "core.read_bounces"

# So long nobody tries again after a failed publication: a page that queues twenty mails waits once, not twenty times.
_SILENCE_SECONDS = 5.0
_silent_until = 0.0
# Kombu would try again for four seconds; one try within the time-outs of the settings is enough for a wake-up.
_ONE_TRY = {"max_retries": 0}

# How often the embedded worker looks for tasks: short enough that a sign-in code seems to come at once.
_POLL_SECONDS = 0.2
# Threads beside the senders, so that a long campaign does not hold up other work.
_SPARE_THREADS = 2
_embedded_lock = threading.Lock()
_embedded: list[threading.Thread] = []


def wake(task_name: str, *args: Any, after: float = 0) -> None:
    """Start a task by name once the caller's transaction has committed (at once if there is none).

    args: primitive values. after: seconds to wait. Never raises and never waits longer than about a second; if the
    broker is away the wake-up is lost and the sweep of the task's rows takes its place. However often a transaction
    asks for the same, it is published once.
    """
    publish = _Publishing(task_name, args, after)
    if not _will_be_published(publish):
        transaction.on_commit(publish, robust=True)


@dataclass(frozen=True)
class _Publishing:
    task_name: str
    args: tuple[Any, ...]
    after: float

    def __call__(self) -> None:
        _publish(self.task_name, self.args, self.after)


def _will_be_published(publish: _Publishing) -> bool:
    """Whether this transaction publishes the same anyway, unless the savepoint we are in is rolled back."""
    here = set(connection.savepoint_ids)
    waiting: Any = connection.run_on_commit
    return any(known == publish and savepoints <= here for savepoints, known, _ in waiting)


def _publish(task_name: str, args: tuple[Any, ...], after: float) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        with current_app.connection_for_write(transport_options=_ONE_TRY) as broker:
            current_app.send_task(
                task_name, args, countdown=after or None, ignore_result=True, retry=False, connection=broker
            )
    except Exception as error:
        # Broad on purpose: whatever ails the broker, the row is saved and the page must answer.
        _silent_until = time.monotonic() + _SILENCE_SECONDS
        logger.warning("cannot wake %s, the sweep will find its work: %s", task_name, error)


def broker_answers() -> bool:
    """Whether a task could be woken now; waits about a second at most."""
    try:
        with current_app.connection_for_write(transport_options=_ONE_TRY) as broker:
            broker.default_channel  # noqa: B018 - opening it is the question
    except Exception:  # whatever ails the broker, the answer is no
        return False
    return True


def runs_embedded() -> bool:
    """Whether worker and clock belong inside the web process: the in-memory broker's tasks live and die with it."""
    return settings.CELERY_BROKER_URL.startswith("memory://")


def start_embedded() -> bool:
    """Start worker and clock as threads of this process, once; answer whether they run here.

    Only for the in-memory broker (see `runs_embedded`); with any other nothing starts. Not to be called in the parent
    of the autoreloader.
    """
    if not runs_embedded():
        return False
    with _embedded_lock:
        if not _embedded:
            app = current_app._get_current_object()
            clock = EmbeddedService(app, thread=True, scheduler_cls=Scheduler)
            _embedded.extend([threading.Thread(target=_work, args=[app], name="worker", daemon=True), clock])
            for thread in _embedded:
                thread.start()
            # What the process before this one left behind need not wait for the clock's first minute.
            wake(SWEEP_MAIL)
    return True


def _work(app: Celery) -> None:
    """Run the worker in this thread; the plain WorkController installs no signal handlers and leaves logging alone."""
    app.set_current()
    app.conf.broker_transport_options = {"polling_interval": _POLL_SECONDS}
    WorkController(
        app=app,
        pool="threads",
        concurrency=settings.MAIL_CONNECTIONS + _SPARE_THREADS,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    ).start()
