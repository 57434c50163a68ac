"""The Celery app and its clock: every periodic job of the portal stands in `beat_schedule`."""

import os

from celery import Celery

from core.jobs import SWEEP_MAIL

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netzwerk.settings")

app = Celery("netzwerk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # Finds mail whose wake-up was lost, whose pause is over, or whose sender died.
    "sweep-mail": {"task": SWEEP_MAIL, "schedule": 60.0},
}
