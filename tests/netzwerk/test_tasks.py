"""The nightly task and its place in the clock."""

import datetime

import pytest
from celery import current_app
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.models import OutgoingMail
from netzwerk import tasks
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


def test_a_part_that_fails_does_not_stop_the_others(old_mail, settings, caplog):
    settings.SESSION_ENGINE = "gone"
    tasks.tidy()
    old_mail.refresh_from_db()
    assert old_mail.to_address == ""
    assert "users.privacy.forget_traces failed" in caplog.text


def test_the_clock_calls_it_at_three_in_berlin():
    entry = current_app.conf.beat_schedule["tidy"]
    assert entry["task"] in current_app.tasks
    assert current_app.conf.timezone == "Europe/Berlin"
    assert (entry["schedule"].hour, entry["schedule"].minute) == ({3}, {0})
