"""Celery entry points of mailings."""

from celery import shared_task

from core.history import Actor, acting_as
from mailings import releasing


@shared_task(name="mailings.send_planned")
def send_planned() -> None:
    """Every minute: send what was released for a time that has come."""
    with acting_as(Actor("system", "Versand")):
        releasing.send_planned()
