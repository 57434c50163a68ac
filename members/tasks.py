"""Celery entry points of members."""

from celery import shared_task

from core.history import Actor, acting_as
from members import confirming, publishing


@shared_task(name="members.keep_asking")
def keep_asking() -> None:
    """Every working day: begin the round of "Stimmt noch?" that is due, remind who is silent."""
    with acting_as(Actor("system", "Stimmt noch?")):
        confirming.keep_asking()


@shared_task(name="members.profile_digest")
def profile_digest() -> None:
    """Every morning: tell the office which bodies changed their profile."""
    publishing.send_digest()
