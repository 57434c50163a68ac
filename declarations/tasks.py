"""Celery entry points of declarations."""

from celery import shared_task

from core.history import Actor, acting_as
from declarations import applying


@shared_task(name="declarations.remind_applicants")
def remind_applicants() -> None:
    """Every working day: remind those whose application waits for them."""
    with acting_as(Actor("system", "Erinnerung an Anträge")):
        applying.remind()
