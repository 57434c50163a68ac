"""The Celery app and its clock: every periodic job of the portal stands in `beat_schedule`."""

import os

from celery import Celery
from celery.schedules import crontab

from core.jobs import READ_BOUNCES, SWEEP_MAIL

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netzwerk.settings")

TIDY = "netzwerk.tidy"

app = Celery("netzwerk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # Finds mail whose wake-up was lost, whose pause is over, or whose sender died.
    "sweep-mail": {"task": SWEEP_MAIL, "schedule": 60.0},
    # Takes in what did not arrive; does nothing where no mailbox is set.
    "read-bounces": {"task": READ_BOUNCES, "schedule": 300.0},
    # Forgets what was kept long enough. At 3 in Berlin, an hour that every day has once.
    "tidy": {"task": TIDY, "schedule": crontab(hour=3, minute=0)},
    # Who has left an application lying is reminded when people come to work.
    "remind-applicants": {
        "task": "declarations.remind_applicants",
        "schedule": crontab(hour=7, minute=45, day_of_week="mon-fri"),
    },
    # What bodies changed in their profiles since yesterday lies on the desk in the morning.
    "profile-digest": {"task": "members.profile_digest", "schedule": crontab(hour=7, minute=0)},
    # Offers that lapse, guests who did not confirm, waiting lists whose day has come.
    "keep-moving": {"task": "meetings.keep_moving", "schedule": 60.0},
    # PDF of documentations whose wake-up was lost or whose process died.
    "sweep-documentations": {"task": "meetings.sweep_documentations", "schedule": 60.0},
    # From 9 on in wall time; each reminder once, whatever the clock did that night.
    "remind": {"task": "meetings.remind", "schedule": crontab(minute=5)},
    # Informations-E-Mails that were released for a time that has come.
    "send-planned": {"task": "mailings.send_planned", "schedule": 60.0},
    # "Stimmt noch?" and its reminders lie on the desk when people come to work.
    "keep-asking": {"task": "members.keep_asking", "schedule": crontab(hour=7, minute=30, day_of_week="mon-fri")},
}
