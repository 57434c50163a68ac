"""Thanks after a meeting: once, whatever the meeting is called since, and again if they were taken back."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core import actions as core_actions
from meetings import actions, planning
from meetings.models import Meeting
from tests.factories import MeetingFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def past():
    """A meeting that is over, with one person who was there."""
    meeting = MeetingFactory(day=timezone.localdate() - datetime.timedelta(days=1))
    with time_machine.travel(meeting.begins_at - datetime.timedelta(hours=1)):
        actions.check_in(actions.register(meeting, person=PersonFactory(), mode="on_site"))
    return meeting


def test_nobody_is_thanked_twice_though_the_meeting_has_another_name(past, office, client_of):
    batch = planning.thank(past, by=office)
    past = Meeting.objects.get()
    past.title = "Engagement im ländlichen Raum, Teil 2"
    planning.save(past)
    with pytest.raises(ValidationError, match="schon hinausgegangen"):
        planning.thank(past, by=office)
    page = client_of(office).get(reverse("meeting_board", args=[past.pk])).text
    assert reverse("batch", args=[batch.pk]) in page
    assert reverse("thank_participants", args=[past.pk]) not in page


def test_thanks_taken_back_may_be_said_again(past, office):
    core_actions.take_back(planning.thank(past, by=office), by=office)
    assert planning.thank(past, by=office).recipients == 1


def test_a_meeting_like_the_last_one_is_thanked_for_itself(past, office):
    planning.thank(past, by=office)
    new = planning.copy(Meeting.objects.get(), day=timezone.localdate() + datetime.timedelta(days=30))
    assert not new.is_thanked
