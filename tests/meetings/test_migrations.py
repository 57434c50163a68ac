"""Migrations of a filled database, there and back: nothing is lost that both sides can hold."""

import datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from core import actions as core_actions
from core.dates import today
from meetings import actions, planning
from meetings.models import CalendarLink, Meeting, Registration
from tests.factories import MeetingFactory, PersonFactory
from tests.journeys.browsing import FULL

DAY = datetime.timedelta(days=1)


@pytest.fixture
def filled(office):
    """Three meetings that are over, one of them thanked for; an offer that lapsed; a person with two calendars."""
    thanked, taken_back, _ = (held(title) for title in ("Bedankt", "Zurückgenommen", "Unbedankt"))
    planning.thank(thanked, by=office)
    core_actions.take_back(planning.thank(taken_back, by=office), by=office)
    row = Registration.objects.order_by("pk").first()
    Registration.objects.filter(pk=row.pk).update(state="cancelled", offered_until=timezone.now())
    for _ in range(2):
        CalendarLink.objects.create(person=row.person)


def held(title):
    """A meeting that is over and had one guest."""
    meeting = MeetingFactory(title=title, day=today() + DAY)
    actions.check_in(actions.register(meeting, person=PersonFactory(), mode="on_site"))
    meeting.day = meeting.last_day = today() - DAY
    meeting.save()
    return meeting


def assert_nothing_lost():
    [thanked] = Meeting.objects.exclude(thanks=None)
    assert (thanked.title, thanked.thanks.title) == ("Bedankt", f"Dank: {thanked}")
    assert list(Registration.objects.order_by("pk").values_list("state", "offered_until")) == [
        ("cancelled", None),
        ("registered", None),
        ("registered", None),
    ]
    assert CalendarLink.objects.count() == 1


@pytest.mark.django_db
def test_thanks_are_recognised_and_what_the_older_side_cannot_hold_is_let_go(filled):
    Meeting.objects.update(thanks=None)
    import_module("meetings.migrations.0005_thanks").recognise(apps, None)
    import_module("meetings.migrations.0006_calendar_links").keep_the_first(apps, None)
    import_module("meetings.migrations.0007_offers_that_lapsed").forget_what_lapsed(apps, None)
    assert_nothing_lost()


def migrate(*targets):
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())


@pytest.mark.skipif(not FULL, reason="takes eight seconds: make proof")
@pytest.mark.django_db(transaction=True)
def test_there_and_back_on_a_filled_database(filled):
    try:
        migrate(("meetings", "0004_programme_days"))
        with connection.cursor() as cursor:
            columns = connection.introspection.get_table_description(cursor, "meetings_meeting")
        assert "thanks_id" not in [column.name for column in columns]
    finally:
        migrate()
    assert_nothing_lost()
