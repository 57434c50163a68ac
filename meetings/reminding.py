"""Reminders a week and a day before a meeting, planned in wall time: at 9 in Berlin, each once."""

import datetime

from django.db import transaction
from django.utils import timezone

from core.actions import queue_batch
from core.dates import today
from core.models import Batch
from meetings import emails, filling
from meetings.models import Meeting

AT = datetime.time(9)
# If nothing ran on the day itself, a reminder a week before still makes sense so many days later.
_LATE = 2


def remind() -> list[Batch]:
    """Queue the reminders that are due; what the clock does every hour. Return the batches, one for each meeting."""
    if timezone.localtime().time() < AT:
        return []
    days = [today() + datetime.timedelta(days=days) for days in (1, *range(7 - _LATE, 8))]
    meetings = Meeting.objects.taking_place().filter(day__in=days)
    return [batch for meeting in meetings if (batch := _remind(meeting)) is not None]


@transaction.atomic
def _remind(meeting: Meeting) -> Batch | None:
    meeting = filling.locked(meeting)
    tomorrow = meeting.day == today() + datetime.timedelta(days=1)
    kind, field = (emails.DAY_BEFORE, "reminded_day_at") if tomorrow else (emails.WEEK_BEFORE, "reminded_week_at")
    if not meeting.is_announced or getattr(meeting, field) is not None:
        return None
    setattr(meeting, field, timezone.now())
    meeting.save(update_fields=[field])
    recipients = emails.recipients(meeting.registrations.registered().select_related("person"))
    title = f"Erinnerung {'am Tag' if tomorrow else 'eine Woche'} vorher: {meeting}"
    return queue_batch(kind, recipients, title=title, by=None) if recipients else None
