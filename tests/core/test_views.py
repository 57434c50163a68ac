"""The probes, security.txt, and the page shown while the database is away."""

import datetime
import json
import sqlite3

import pytest
from django.conf import settings as project
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import path
from django.utils import timezone

from core.models import OutgoingMail
from netzwerk import urls as site_map

PROBES = ("/healthz", "/readyz")


def lose_database(request):
    raise OperationalError("server closed the connection unexpectedly")


def lose_cursor(request):
    raise InterfaceError("connection already closed")


def lose_session(request):
    """As django.contrib.sessions does when the database goes before the session is saved."""
    try:
        raise OperationalError("server closed the connection unexpectedly")
    except OperationalError:
        raise SessionInterrupted("The request's session was deleted") from None


def misspell(request):
    """As SQLite says it: a mistake of ours in an OperationalError."""
    try:
        sqlite3.connect(":memory:").execute("SELECT * FROM gone")
    except sqlite3.OperationalError as error:
        raise OperationalError(*error.args) from error


urlpatterns = [
    *site_map.urlpatterns,
    path("lost/", lose_database),
    path("closed/", lose_cursor),
    path("interrupted/", lose_session),
    path("misspelt/", misspell),
]
handler400, handler500 = site_map.handler400, site_map.handler500


@pytest.fixture
def client(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.fixture
def _no_database(db):
    """From here on every query meets a connection that is gone (test_operation has the real one)."""

    def fail(*query):
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(fail):
        yield


@pytest.mark.parametrize("address", ["/lost/", "/closed/", "/interrupted/"])
def test_a_lost_database_is_a_german_503_that_says_when_to_come_back(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Das Portal ist gerade nicht erreichbar." in answer.content.decode()
    assert answer.cookies == {}


def test_a_mistake_in_our_sql_stays_an_error(client):
    answer = client.get("/misspelt/")
    assert answer.status_code == 500
    assert "Retry-After" not in answer.headers


@pytest.mark.django_db
@pytest.mark.parametrize("address", PROBES)
def test_probes_need_no_https_no_host_and_leave_no_cookie(client, settings, address):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get(address, headers={"host": "10.0.0.7:8000"})
    assert (answer.status_code, answer.cookies) == (200, {})
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.post(address).status_code == 405


def test_alive_without_a_database_even_with_a_session(client):
    """Without the mark for the database, any query would fail here."""
    client.cookies[project.SESSION_COOKIE_NAME] = "some-session"
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_ready_tells_of_broker_storage_and_the_mail_that_waits_longest(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    due_at = timezone.now() - datetime.timedelta(minutes=11)
    OutgoingMail.objects.create(kind="x", mail_class="business", to_address="a@stadt.example", due_at=due_at)
    OutgoingMail.objects.create(kind="x", mail_class="business", to_address="b@stadt.example")
    state = json.loads(client.get("/readyz").content)
    assert 660 <= state["mail_waits_seconds"] < 670
    assert state["broker"] is True
    assert state["storage"]["writable"] is True
    assert state["storage"]["free_mb"] > 0


@pytest.mark.django_db
def test_ready_without_broker_and_storage_says_so_and_stays_ready(client, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path / "gone"
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:1/0")  # Celery itself looks there, too
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert json.loads(answer.content) == {
        "database": True,
        "broker": False,
        "storage": {"writable": False, "free_mb": 0},
        "mail_waits_seconds": 0,
    }


@pytest.mark.usefixtures("_no_database")
def test_not_ready_without_a_database(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert json.loads(answer.content)["database"] is False


@pytest.mark.usefixtures("_no_database")
def test_pages_without_a_database_are_503_also_when_it_is_missed_before_the_view(client):
    """With a session cookie the accounts' middleware is the first to ask."""
    client.cookies[project.SESSION_COOKIE_NAME] = "some-session"
    for address in ("/", "/kommunen/", "/intern/"):
        assert client.get(address).status_code == 503


def test_the_security_text_names_contact_and_a_date_within_a_year(client, settings):
    settings.SECURITY_CONTACT = "sicherheit@netzwerk.example"
    answer = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:sicherheit@netzwerk.example"
    expires = datetime.datetime.fromisoformat(fields["Expires"])
    assert timezone.now() < expires < timezone.now() + datetime.timedelta(days=365)
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"
    assert answer.cookies == {}


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("https://netzwerk.example/melden", "https://netzwerk.example/melden"),
        ("", "mailto:amt@netzwerk.example"),
    ],
)
def test_the_contact_for_weaknesses_is_a_web_address_or_else_the_office(client, settings, contact, expected):
    settings.SECURITY_CONTACT, settings.MAIL_OFFICE = contact, "amt@netzwerk.example"
    assert f"Contact: {expected}\n" in client.get("/.well-known/security.txt").content.decode()
