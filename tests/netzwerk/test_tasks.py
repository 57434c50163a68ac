"""The nightly task and its place in the clock."""

import datetime

import pytest
from celery import current_app
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from core.models import OutgoingMail
from core.retention import all_retentions
from netzwerk import tasks
from netzwerk.models import TidyRun
from tests.factories import UserFactory

LONG_AGO = timezone.now() - datetime.timedelta(days=400)


@pytest.fixture
def old_mail(db):
    return OutgoingMail.objects.create(kind="test", to_address="a@stadt.example", state="sent", settled_at=LONG_AGO)


def test_every_part_forgets(old_mail, client_of):
    client_of(UserFactory())
    Session.objects.update(expire_date=LONG_AGO)
    tasks.tidy()
    old_mail.refresh_from_db()
    assert (old_mail.to_address, Session.objects.count()) == ("", 0)


def test_a_part_that_fails_changes_nothing_is_noted_and_does_not_stop_the_others(old_mail, settings, caplog):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "gone"}}
    tasks.tidy()
    old_mail.refresh_from_db()
    assert old_mail.to_address == ""
    assert "the period users.counters failed" in caplog.text
    failed = TidyRun.objects.get(key="users.counters")
    error = "OperationalError" if connection.vendor == "sqlite" else "ProgrammingError"
    assert (failed.rows, failed.error) == (0, error)


def test_every_night_leaves_a_line_for_each_period(old_mail):
    tasks.tidy()
    found = dict(TidyRun.objects.values_list("key", "rows"))
    assert found.keys() == {retention.key for retention in all_retentions() if retention.forget}
    assert found["core.recipients"] == 1
    assert not any(rows for key, rows in found.items() if key != "core.recipients")


def test_old_lines_of_the_log_and_of_the_latest_changes_go_too(administrator):
    TidyRun.objects.create(key="users.traces", started_at=LONG_AGO - datetime.timedelta(days=700))
    content_type = ContentType.objects.get_for_model(administrator)
    entry = {"user": administrator, "content_type": content_type, "object_repr": "Rosa Beispiel", "action_flag": 2}
    LogEntry.objects.create(**entry, action_time=LONG_AGO)
    LogEntry.objects.create(**entry)
    tasks.tidy()
    assert not TidyRun.objects.filter(started_at__lt=LONG_AGO).exists()
    assert LogEntry.objects.count() == 1


def test_the_clock_calls_it_at_three_in_berlin():
    entry = current_app.conf.beat_schedule["tidy"]
    assert entry["task"] in current_app.tasks
    assert current_app.conf.timezone == "Europe/Berlin"
    assert (entry["schedule"].hour, entry["schedule"].minute) == ({3}, {0})
