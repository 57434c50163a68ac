"""Sends the mails of the bench and prints the figures as JSON: `python -m bin.bench.mail_run PID-OF-THE-WORKER`."""

import json
import sys
import time
from pathlib import Path

import django

from bin.bench import mail_worker
from bin.bench.mail import RECIPIENTS
from bin.bench.servers import resident

LOOPED = min(1_000, RECIPIENTS)
_PATIENCE_SECONDS = 300


def main(worker: int) -> None:
    django.setup()
    mail_worker.register()
    before = loop()
    print(f"Schleife: {before:.0f} Nachrichten je Sekunde", file=sys.stderr, flush=True)
    figures = queue(worker)
    after = loop()
    sys.stdout.write(json.dumps(figures | {"loop": [before, after]}) + "\n")


def loop() -> float:
    """Return how many messages a second a plain loop sends over one connection."""
    from django.core.mail import EmailMultiAlternatives, get_connection

    began = time.perf_counter()
    with get_connection() as connection:
        for number in range(LOOPED):
            subject, text, html = mail_worker.letter_of(f"Person {number}")
            message = EmailMultiAlternatives(subject, text, to=[f"person{number}@stadt.example"], connection=connection)
            message.attach_alternative(html, "text/html")
            message.send()
    return LOOPED / (time.perf_counter() - began)


def queue(worker: int) -> dict:
    """Send all through the queue, and a sign-in code in the middle."""
    from django.utils import timezone

    from core.actions import Recipient, queue_batch, queue_mail
    from core.jobs import DELIVER_MAIL, wake
    from core.models import Batch, OutgoingMail

    ready = queue_mail("bench.code", to_address="ready@stadt.example", recipient_key="ready")
    while not OutgoingMail.objects.filter(pk=ready.pk, state="sent").exists():  # the worker has to start first
        time.sleep(0.1)
    people = [Recipient(f"person:{n}", f"person{n}@stadt.example", f"Person {n}") for n in range(RECIPIENTS)]
    batch = queue_batch("bench.mail", people, title="Messung", by=None)
    OutgoingMail.objects.update(due_at=timezone.now())
    Batch.objects.update(held_until=timezone.now())
    rows = OutgoingMail.objects.filter(batch=batch)
    memory = [memory_of(worker)]
    began = time.perf_counter()
    for _ in range(2):
        wake(DELIVER_MAIL)
    code = code_seconds = None
    while (done := rows.filter(state="sent").count()) < RECIPIENTS and time.perf_counter() - began < _PATIENCE_SECONDS:
        if code is None and done >= RECIPIENTS / 2:
            asked = time.perf_counter()
            memory.append(memory_of(worker))
            code = queue_mail("bench.code", to_address="code@stadt.example", recipient_key="code")
        elif code and code_seconds is None and OutgoingMail.objects.filter(pk=code.pk, state="sent").exists():
            code_seconds = time.perf_counter() - asked
        time.sleep(0.1)
    seconds = time.perf_counter() - began
    memory.append(memory_of(worker))
    counts = {str(state): count for state, count in batch.counts().items() if count}
    return {"rate": done / seconds, "code_seconds": code_seconds, "memory": memory, "counts": counts}


def memory_of(worker: int) -> float:
    """Return the resident memory of the worker's processes together, in MiB."""
    children = Path(f"/proc/{worker}/task/{worker}/children").read_text().split()
    return sum(resident(int(pid)) for pid in children) / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]))
