"""Celery entry points of meetings."""

from celery import shared_task

from core.history import Actor, acting_as
from meetings import actions, releasing, reminding


@shared_task(name="meetings.keep_moving")
def keep_moving() -> None:
    """Every minute: let lapsed offers pass on, forget guests who did not confirm, move up whose day has come."""
    with acting_as(Actor("system", "Warteliste")):
        actions.keep_moving()


@shared_task(name="meetings.remind")
def remind() -> None:
    """Every hour: remind those who have a place, a week and a day before."""
    with acting_as(Actor("system", "Erinnerung")):
        reminding.remind()


@shared_task(name=releasing.BUILD)
def build_documentation(pk: int) -> None:
    """Make one PDF of a documentation."""
    releasing.make(pk)


@shared_task(name="meetings.sweep_documentations")
def sweep_documentations() -> None:
    """Every minute: find PDF whose wake-up was lost or whose process died."""
    releasing.sweep()
