"""Celery entry points of the portal as a whole."""

import logging

from celery import shared_task

from core import privacy as core_privacy
from netzwerk import privacy as own_privacy
from netzwerk.celery import TIDY
from users import privacy as users_privacy

logger = logging.getLogger(__name__)

_FORGETTING = (users_privacy.forget_traces, core_privacy.forget_recipients, own_privacy.forget_reporters)


@shared_task(name=TIDY)
def tidy() -> None:
    """Every night: forget what was kept long enough. A part that fails does not stop the others."""
    for forget in _FORGETTING:
        try:
            forget()
        except Exception:
            logger.exception("%s.%s failed, the next night tries again", forget.__module__, forget.__name__)
