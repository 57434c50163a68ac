"""Celery entry points of core."""

from celery import shared_task

from core import bouncing, delivery
from core.jobs import DELIVER_MAIL, READ_BOUNCES, SWEEP_MAIL, wake


@shared_task(name=DELIVER_MAIL)
def deliver_mail() -> None:
    """Send what is due, and wake the next run if something is left."""
    if delivery.run_sender():
        wake(DELIVER_MAIL)


@shared_task(name=SWEEP_MAIL)
def sweep_mail() -> None:
    """Every minute: give up rows of dead senders, and find mail whose wake-up was lost or whose pause is over."""
    for _ in range(delivery.sweep()):
        wake(DELIVER_MAIL)


@shared_task(name=READ_BOUNCES)
def read_bounces() -> None:
    """Every five minutes: read what came back (nothing, where no mailbox is set)."""
    bouncing.read_mailbox()
