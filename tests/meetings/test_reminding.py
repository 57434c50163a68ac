"""Reminders: a week and a day before, at 9 in Berlin wall time, each once, to those who have a place."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from core.models import OutgoingMail
from meetings import actions, planning
from meetings.tasks import remind
from tests.factories import MeetingFactory, PersonFactory

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")


def at(*moment):
    return time_machine.travel(datetime.datetime(*moment, tzinfo=BERLIN), tick=False)


def reminded():
    kinds = OutgoingMail.objects.filter(kind__contains="reminder").order_by("pk").values_list("kind", flat=True)
    return [kind.rpartition("_")[2] for kind in kinds]


def meeting_on(day, count=1):
    with at(day.year - 1, 12, 1, 12):
        meeting = MeetingFactory(day=day, seats_on_site=1)
        for _ in range(count + 1):  # one more waits
            actions.register(meeting, person=PersonFactory(), mode="on_site")
    return meeting


# The clock changes on these Sundays: the day before has 23 or 25 hours to the same wall time.
@pytest.mark.parametrize("sunday", [datetime.date(2027, 3, 28), datetime.date(2027, 10, 31)])
def test_r6_once_each_at_the_right_wall_time_also_when_the_clock_changes(sunday):
    meeting_on(sunday)
    saturday, week = sunday - datetime.timedelta(days=1), sunday - datetime.timedelta(days=7)
    for day, hour, expected in (
        (week, 8, []), (week, 9, ["week"]), (week, 10, ["week"]), (saturday, 8, ["week"]),
        (saturday, 9, ["week", "day"]), (saturday, 23, ["week", "day"]), (sunday, 9, ["week", "day"]),
    ):  # fmt: skip
        with at(day.year, day.month, day.day, hour, 5):
            remind()
        assert reminded() == expected, (day, hour)


def test_who_waits_or_cancelled_is_not_reminded_and_nobody_of_a_meeting_called_off():
    meeting, off = (meeting_on(datetime.date(2027, 5, 20)) for _ in range(2))
    with at(2027, 5, 1, 9):
        planning.call_off(off, reason="", by=None)
    with at(2027, 5, 19, 9):
        remind()
    keys = OutgoingMail.objects.filter(kind="meetings.reminder_day").values_list("recipient_key", flat=True)
    assert list(keys) == [meeting.registrations.registered().get().person.key]


def test_a_reminder_that_nothing_sent_on_its_day_goes_out_a_little_later():
    meeting_on(datetime.date(2027, 5, 20))
    with at(2027, 5, 15, 9):
        remind()
    assert reminded() == ["week"]


def test_a_meeting_that_moved_is_reminded_of_anew():
    meeting = meeting_on(datetime.date(2027, 5, 20))
    with at(2027, 5, 19, 9):
        remind()
        meeting.refresh_from_db()
        meeting.day = meeting.last_day = datetime.date(2027, 6, 17)
        planning.save(meeting)
    with at(2027, 6, 16, 9):
        remind()
    assert reminded() == ["day", "day"]
