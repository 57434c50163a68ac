"""The calendar entries in mails, read by two independent programs: the later one takes the place of the earlier."""

import datetime

import ics
import pytest
import time_machine
import vobject
from django.utils import timezone

from core import delivery
from core.models import Batch, OutgoingMail
from meetings import actions, planning
from tests.factories import MeetingFactory, PersonFactory

pytestmark = pytest.mark.django_db

FRIDAY = datetime.date(2027, 3, 12)


def send_all():
    with time_machine.travel(timezone.now() + 2 * Batch.HOLD):
        delivery.run_sender()


def entries():
    """The attached calendars, in the order in which they were sent."""
    mails = OutgoingMail.objects.order_by("pk").exclude(attachments=None)
    return [mail.attachments[0]["text"] for mail in mails if mail.attachments]


def by_vobject(text):
    calendar = vobject.readOne(text)
    event = calendar.vevent
    return event.uid.value, int(event.sequence.value), event.dtstart.value.isoformat(), event.status.value


def by_ics(text):
    (event,) = ics.Calendar(text).events
    sequence = next(int(line.value) for line in event.extra if line.name == "SEQUENCE")
    return event.uid, sequence, event.begin.isoformat(), event.status


@pytest.mark.parametrize("read", [by_vobject, by_ics])
def test_update_and_cancellation_are_applied(settings, read):
    settings.DEMO = True  # keeps what was attached
    meeting = MeetingFactory(day=FRIDAY, begin_time=datetime.time(10))
    row = actions.register(meeting, person=PersonFactory(), mode="on_site")
    send_all()
    meeting.begin_time = datetime.time(11)
    planning.save(meeting)
    planning.tell_change(meeting, by=None)
    send_all()
    actions.cancel(row)
    send_all()
    kept, seen = {}, []
    for uid, sequence, begin, status in map(read, entries()):
        if uid not in kept or kept[uid][0] < sequence:
            kept[uid] = (sequence, begin, status)
        seen.append(kept[uid][1:])
    assert len(kept) == 1
    assert seen == [
        ("2027-03-12T10:00:00+01:00", "CONFIRMED"),
        ("2027-03-12T11:00:00+01:00", "CONFIRMED"),
        ("2027-03-12T11:00:00+01:00", "CANCELLED"),
    ]
