"""Processes that the tests start against their own database: `python tests/core/processes.py <what> [argument]`.

They run with the portal's real settings, so mail goes to the SMTP server that the test names in the environment.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]


def environment(**changes):
    """The environment of a process that shall use the database of the running test."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "netzwerk.settings",
        "PYTHONPATH": str(ROOT),
        "SECRET_KEY": "only-for-tests",
        "SITE_URL": "http://localhost",
        "MAIL_FROM": "Kommunen-Netzwerk <portal@netzwerk.example>",
        "MAIL_PER_MINUTE": "0",
        "CELERY_BROKER_URL": "memory://localhost",
        "DEMO": "false",
        "DATABASE_URL": database_url(),
    } | changes  # fmt: skip


def database_url():
    from django.db import connection  # noqa: PLC0415 - the processes themselves come here before Django's set-up

    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    login = f"{quote(values['USER'])}:{quote(values['PASSWORD'])}"
    return f"postgres://{login}@{quote(values['HOST'], safe='')}:{values['PORT']}/{values['NAME']}"


def start(what, *arguments, **changes):
    """Start a process of this file, at the head of a group of its own, and return it."""
    command = [sys.executable, __file__, what, *arguments]
    return subprocess.Popen(
        command, env=environment(**changes), stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def kill(process):
    """End the process and all it started at once, as a power cut does."""
    with suppress(ProcessLookupError):  # it has ended by itself
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def outcome(process, seconds=60):
    """Wait for the process and return what it printed last, read as JSON."""
    output, _ = process.communicate(timeout=seconds)
    assert process.returncode == 0
    return json.loads(output.splitlines()[-1])


def wait_until(condition, seconds=20):
    """Look again and again until the condition holds; say whether it did."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(0.02)
    return False


def send():
    """Send until nothing is due."""
    from core import delivery  # noqa: PLC0415

    while delivery.run_sender():
        pass
    return {}


def embed(seconds_between_sweeps):
    """Be a web process with worker and clock inside; report how long a woken and a forgotten row waited."""
    from celery import current_app  # noqa: PLC0415

    from core import jobs  # noqa: PLC0415
    from core.actions import queue_mail  # noqa: PLC0415
    from core.models import OutgoingMail  # noqa: PLC0415

    current_app.conf.beat_schedule["sweep-mail"]["schedule"] = float(seconds_between_sweeps)
    sent = OutgoingMail.objects.filter(state="sent")
    OutgoingMail.objects.create(kind="test.business", mail_class="business", to_address="left@stadt.example")
    started = jobs.start_embedded() and jobs.start_embedded()
    left = wait_until(lambda: sent.filter(to_address="left@stadt.example").exists())
    before = time.monotonic()
    mail = queue_mail("test.business", to_address="woken@stadt.example", recipient_key="woken")
    woken = wait_until(lambda: sent.filter(pk=mail.pk).exists()) and time.monotonic() - before
    OutgoingMail.objects.create(kind="test.business", mail_class="business", to_address="forgotten@stadt.example")
    forgotten = wait_until(lambda: sent.filter(to_address="forgotten@stadt.example").exists())
    return {"started": started, "left": left, "woken": woken, "forgotten": forgotten, "threads": _thread_names()}


def _thread_names():
    import threading  # noqa: PLC0415

    return [thread.name for thread in threading.enumerate()]


def ask_for_code(address):
    """Press the button of the sign-in page; report the answer and how long it took."""
    from django.test import Client  # noqa: PLC0415

    # The first request of a process loads the portal; only the second one is timed, and it meets the broker first.
    Client(HTTP_HOST="localhost").get("/konto/anmelden/code/")
    before = time.monotonic()
    answer = Client(HTTP_HOST="localhost").post("/konto/anmelden/", {"email": address})
    return {"status": answer.status_code, "seconds": time.monotonic() - before}


def look(address):
    """Tell what a database holds, and whether that person can sign in there by code."""
    from django.apps import apps  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from core.models import Batch, OutgoingMail  # noqa: PLC0415
    from tests.users import walk  # noqa: PLC0415

    found = {
        "rows": {model._meta.label: model._base_manager.count() for model in apps.get_models()},
        "paused": sorted(Batch.objects.exclude(paused_at=None).values_list("title", flat=True)),
        "states": dict(OutgoingMail.objects.values_list("to_address", "state")),
        "reasons": dict(OutgoingMail.objects.values_list("to_address", "reason")),
    }
    client = Client(HTTP_HOST="localhost")
    walk.sign_in(client, address)
    return found | {"signed_in": "_auth_user_id" in client.session}


def work(pool="threads"):
    """Be a Celery worker until killed: of threads with a clock that sweeps every second, or of two processes."""
    from netzwerk.celery import app  # noqa: PLC0415

    app.conf.beat_schedule["sweep-mail"]["schedule"] = 1.0
    app.conf.beat_scheduler = "celery.beat:Scheduler"
    clock = ["--beat", "--concurrency=3"] if pool == "threads" else ["--concurrency=2"]
    app.worker_main(["worker", f"--pool={pool}", "--loglevel=WARNING", *clock])
    return {}


def tick():
    """Be the clock until killed: sweep every second, also if the database is away for a while."""
    from django.db import DatabaseError, connection  # noqa: PLC0415

    from core.tasks import sweep_mail  # noqa: PLC0415

    while True:
        try:
            sweep_mail()
        except DatabaseError:
            connection.close()
        time.sleep(1)


def fill(people):
    """Queue a batch for so many that may go out at once."""
    from django.utils import timezone  # noqa: PLC0415

    from core.actions import Recipient, queue_batch  # noqa: PLC0415
    from core.models import Batch, OutgoingMail  # noqa: PLC0415

    everybody = [Recipient(f"person:{n}", f"person{n}@stadt.example") for n in range(int(people))]
    queue_batch("test.business", everybody, title="Rundmail", by=None)
    Batch.objects.update(held_until=timezone.now())
    OutgoingMail.objects.update(due_at=timezone.now())
    return {}


def main():
    import django  # noqa: PLC0415

    django.setup()
    from core import mailkinds  # noqa: PLC0415
    from tests.core.kinds import KINDS  # noqa: PLC0415

    mailkinds.register(*KINDS)
    deeds = (send, embed, ask_for_code, look, work, tick, fill)
    deed = {deed.__name__: deed for deed in deeds}[sys.argv[1]]
    sys.stdout.write(json.dumps(deed(*sys.argv[2:])) + "\n")


if __name__ == "__main__":
    main()
