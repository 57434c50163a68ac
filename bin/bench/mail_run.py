"""Sends the mails of the bench and prints the figures as JSON: `python -m bin.bench.mail_run PID-OF-THE-WORKER`."""

import json
import sys
import time
from pathlib import Path

import django

from bin.bench import mail_worker
from bin.bench.mail import RECIPIENTS
from bin.bench.servers import resident, worked

LOOPED = min(1_000, RECIPIENTS)
_PATIENCE_SECONDS = 300


def main(worker: int) -> None:
    django.setup()
    mail_worker.register()
    before, cpu_before = loop()
    print(f"Schleife: {before:.0f} Nachrichten je Sekunde", file=sys.stderr, flush=True)
    figures = queue(worker)
    after, cpu_after = loop()
    loops = {"loop": [before, after], "loop_cpu": [cpu_before, cpu_after]}
    sys.stdout.write(json.dumps(figures | loops) + "\n")


def loop() -> tuple[float, float]:
    """Return how many messages a second a plain loop sends over one connection, and its CPU time for each in ms."""
    from django.core.mail import EmailMultiAlternatives, get_connection

    began, worked_before = time.perf_counter(), time.process_time()
    with get_connection() as connection:
        for number in range(LOOPED):
            subject, text, html = mail_worker.letter_of(f"Person {number}")
            message = EmailMultiAlternatives(subject, text, to=[f"person{number}@stadt.example"], connection=connection)
            message.attach_alternative(html, "text/html")
            message.send()
    cpu = 1000 * (time.process_time() - worked_before) / LOOPED
    return LOOPED / (time.perf_counter() - began), cpu


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
    began, worked_before = time.perf_counter(), cpu_of(worker)
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
    cpu = 1000 * (cpu_of(worker) - worked_before) / max(done, 1)
    counts = {str(state): count for state, count in batch.counts().items() if count}
    return {"rate": done / seconds, "cpu": cpu, "code_seconds": code_seconds, "memory": memory, "counts": counts}


def memory_of(worker: int) -> float:
    """Return the resident memory of the worker's processes together, in MiB."""
    return sum(map(resident, pool_of(worker))) / 1024


def cpu_of(worker: int) -> float:
    """Return the CPU time of the worker's processes together so far, in seconds."""
    return sum(map(worked, pool_of(worker)))


def pool_of(worker: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{worker}/task/{worker}/children").read_text().split()]


if __name__ == "__main__":
    main(int(sys.argv[1]))
