"""Traces of signing in are gone after 7 days; who is still signed in stays signed in."""

import datetime

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from tests.factories import UserFactory
from users import actions, privacy

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client_of):
    """Somebody who is signed in, with the trace that allauth's own sign-in leaves."""

    def make(**account):
        user = UserFactory(**account)
        client = client_of(user)
        key = client.session.session_key
        UserSession.objects.create(user=user, ip="192.0.2.1", session_key=key, user_agent="Browser")
        return client

    return make


def forget():
    """As the nightly task does, in its order."""
    return [privacy.forget_counters(), privacy.forget_sessions(), privacy.forget_traces()]


def after(**time):
    return time_machine.travel(timezone.now() + datetime.timedelta(**time))


def test_a_session_that_lives_stays_with_its_trace(signed_in):
    client = signed_in()
    with after(days=8):
        forget()
        assert client.get("/intern/").status_code == 200
    assert UserSession.objects.count() == 1


def test_an_ended_session_leaves_no_trace_after_seven_days(signed_in):
    signed_in()
    Session.objects.all().delete()
    with after(days=6):
        forget()
        assert UserSession.objects.count() == 1
    with after(days=8):
        forget()
    assert not UserSession.objects.exists()


def test_a_session_that_was_ended_from_elsewhere_counts_as_ended(signed_in):
    signed_in()
    actions.end_sessions(UserSession.objects.get().user)
    with after(days=8):
        forget()
    assert not UserSession.objects.exists()


def test_sessions_of_staff_are_over_by_then(signed_in):
    signed_in(staff=True)
    with after(days=8):
        forget()
    assert not UserSession.objects.exists()
    assert not Session.objects.exists()


def test_each_part_says_how_many_it_forgot(signed_in):
    signed_in(), signed_in()
    with after(days=31):
        assert forget() == [0, 2, 2]
        assert forget() == [0, 0, 0]


def test_expired_sessions_are_deleted(signed_in):
    signed_in()
    with after(days=31):
        forget()
    assert not Session.objects.exists()


def test_rate_limits_that_are_over_are_deleted():
    cache.set("allauth:rl:ip:192.0.2.1", [1], timeout=60)
    cache.set("lasting", 1, timeout=3600)
    with after(minutes=2):
        forget()
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM core_cache")
        assert cursor.fetchall() == [(":1:lasting",)]
