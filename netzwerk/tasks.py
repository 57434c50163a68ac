"""Celery entry points of the portal as a whole."""

from celery import shared_task

from core.history import Actor, acting_as
from members import actions as members_actions
from members import handing_over
from netzwerk import actions
from netzwerk.celery import TIDY


@shared_task(name=TIDY)
def tidy() -> None:
    """Every night: forget what was kept long enough, and do what follows where a function has ended by its date."""
    with acting_as(Actor("system", "nächtliche Löschung")):
        actions.keep_periods()
        members_actions.end_unused_accounts()
    with acting_as(Actor("system", "Nachrücken")):
        handing_over.move_up()
