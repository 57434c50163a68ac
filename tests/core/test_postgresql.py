"""Waiting for PostgreSQL ends, also where neither it nor the network says anything."""

import time

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from django.db.models.signals import pre_migrate

from core import revision
from tests.network import Network

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the engine of operation"),
]


@pytest.fixture
def network():
    with Network(int(connection.settings_dict["PORT"])) as network:
        yield network


@pytest.fixture
def far(network):
    """A connection over that network."""
    settings = {**connection.settings_dict, "HOST": "127.0.0.1", "PORT": str(network.port)}
    far = type(connections["default"])(settings, alias="far")
    yield far
    far.close()


def ask(database):
    with database.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()


def test_a_query_without_an_answer_gives_its_connection_up(network, far):
    assert ask(far) == (1,)
    assert far.connection.patience == 9.0  # so that a page ends within 10 seconds
    far.connection.patience, network.swallows = 0.5, True
    before = time.monotonic()
    with pytest.raises(OperationalError):
        ask(far)
    assert time.monotonic() - before < 2
    network.swallows = False
    assert not far.is_usable()
    far.close()
    assert ask(far) == (1,)


def test_a_kept_connection_is_tried_for_two_seconds_only(network, far):
    assert ask(far) == (1,)
    network.swallows = True
    before = time.monotonic()
    assert not far.is_usable()
    assert 1.5 < time.monotonic() - before < 4


def test_a_new_connection_is_waited_for_three_seconds_only(network, far):
    network.swallows = True
    before = time.monotonic()
    with pytest.raises(OperationalError):
        ask(far)
    assert 2 < time.monotonic() - before < 5


def sleep(database, seconds):
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])


def test_a_block_without_limits_may_take_its_time_and_then_they_hold_again(far):
    far.settings_dict["OPTIONS"] = {**far.settings_dict["OPTIONS"], "options": "-c statement_timeout=300"}
    with far.without_limits():
        assert far.connection.patience is None
        sleep(far, 0.6)
    assert far.connection.patience == 9.0
    with pytest.raises(OperationalError, match="statement timeout"):
        sleep(far, 0.6)


def test_d6_no_step_of_a_migration_is_cut():
    def slow(using, **kwargs):
        sleep(connections[using], 0.6)

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 300")
    pre_migrate.connect(slow)
    try:
        call_command("migrate", verbosity=0)
    finally:
        pre_migrate.disconnect(slow)
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("8s",)


def number_on(database, monkeypatch):
    monkeypatch.setattr(revision, "connection", database)
    return revision.current()


def test_the_first_query_of_a_page_tries_the_connection_and_takes_a_new_one(far, monkeypatch):
    far.settings_dict["CONN_HEALTH_CHECKS"] = True
    number = number_on(far, monkeypatch)
    dead = far.connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [dead.info.backend_pid])
    far.close_if_unusable_or_obsolete()  # what Django does as a request begins
    assert number_on(far, monkeypatch) == number
    assert far.connection is not dead


def test_the_first_query_of_a_page_waits_two_seconds_for_a_kept_connection(network, far, monkeypatch):
    far.settings_dict["CONN_HEALTH_CHECKS"] = True
    number_on(far, monkeypatch)
    network.swallows = True
    far.close_if_unusable_or_obsolete()
    before = time.monotonic()
    with pytest.raises(OperationalError):
        number_on(far, monkeypatch)
    assert 4 < time.monotonic() - before < 8  # the try, and the three seconds of a new connection
    network.swallows = False
    assert number_on(far, monkeypatch) >= 0
    assert far.connection.patience == 9.0
