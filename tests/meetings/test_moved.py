"""A meeting put off into another year is found under its old address, by those who may see it."""

import datetime

import pytest
from django.urls import reverse

from meetings import planning
from meetings.models import Meeting
from tests.factories import MeetingFactory
from tests.meetings.documented import documented, published

pytestmark = pytest.mark.django_db

NAMES = ("meeting", "register", "meeting_calendar")


def put_off(meeting) -> None:
    meeting.day = meeting.last_day = meeting.day + datetime.timedelta(days=366)
    meeting.register_until = None
    planning.save(meeting)


def old_urls(meeting, *names) -> dict[str, str]:
    return {name: reverse(name, args=[meeting.year, meeting.slug]) for name in names}


def test_each_page_leads_to_its_new_address_with_what_was_asked(client):
    meeting = MeetingFactory()
    old = old_urls(meeting, *NAMES)
    put_off(meeting)
    for name, url in old.items():
        answer = client.get(f"{url}?von=mail")
        assert answer.status_code == 302
        assert answer.url == f"{reverse(name, args=[meeting.year, meeting.slug])}?von=mail"
        assert client.get(answer.url).status_code == 200
    assert client.get(reverse("documentation", args=[meeting.year - 1, meeting.slug]), follow=True).status_code == 404


def test_the_documentation_goes_along(client, office):
    meeting = documented(office)
    published(office, meeting)
    [old] = old_urls(meeting, "documentation").values()
    put_off(meeting)
    assert client.get(old, follow=True).status_code == 200


def test_whoever_has_the_address_today_is_shown(client):
    first = MeetingFactory(title="Junges Engagement")
    [old] = old_urls(first, "meeting").values()
    put_off(first)
    second = MeetingFactory(title="Junges Engagement")
    assert second.get_absolute_url() == old
    assert client.get(old).context["meeting"] == second


@pytest.mark.parametrize("values", [{"summit": True}, {"state": "draft"}])
def test_what_is_not_public_is_not_betrayed(client, values):
    meeting = MeetingFactory(**values)
    [old] = old_urls(meeting, "meeting").values()
    put_off(meeting)
    assert client.get(old).status_code == 404


def test_a_meeting_that_was_never_there_is_not_found(client):
    meeting = MeetingFactory()
    Meeting.objects.filter(pk=meeting.pk).delete()
    for year in (meeting.year, 10**30):
        assert client.get(reverse("meeting", args=[year, meeting.slug])).status_code == 404
