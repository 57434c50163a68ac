"""Celery entry points of the portal as a whole."""

from celery import shared_task

from core.history import Actor, acting_as
from members import actions as members_actions
from netzwerk import actions
from netzwerk.celery import TIDY


@shared_task(name=TIDY)
def tidy() -> None:
    """Every night: forget what was kept long enough, and end the accounts whose persons' functions are over."""
    with acting_as(Actor("system", "nächtliche Löschung")):
        actions.keep_periods()
        members_actions.end_unused_accounts()
