"""The web server as operation knows it: reloaded under load, its database restarted, hung.

`make test` tries each fault once, small and with much patience, because its machine is busy; the seconds that are
promised are measured by `make proof`.
"""

import os
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings as project

from bin.servers import postgresql_data, redis
from tests import smtp_server
from tests.core.processes import ROOT, database_url, kill, outcome, start, wait_until
from tests.network import Network
from tests.netzwerk.web_server import Crowd, running

FULL = bool(os.environ.get("FULL"))
REQUESTS = 1_000 if FULL else 200
RESTARTS = 5 if FULL else 1
MAILS = 2_000 if FULL else 80
GOOD_AGAIN_WITHIN = 1 if FULL else 20  # seconds
ENDED_WITHIN = 10 if FULL else 19  # seconds; whoever asks gives up after 20

pytestmark = pytest.mark.slow
ONCE = pytest.mark.skipif(
    not project.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="once, in the second engine's run"
)


@ONCE
@pytest.mark.django_db(transaction=True)
def test_d3_reloads_under_load_lose_no_request(register, tmp_path, record_property):
    with running(database_url(), tmp_path / "web.log") as server:
        before = server.children()
        with Crowd(server, "/kommunen/rheine/") as crowd:
            assert wait_until(lambda: len(crowd.answers) > REQUESTS // 4, seconds=60)
            server.reload()
            assert wait_until(lambda: len(crowd.answers) > REQUESTS // 2, seconds=60)
            server.reload()
            assert wait_until(lambda: len(crowd.answers) >= REQUESTS, seconds=60)
            assert wait_until(lambda: len(server.children()) == 2 and not server.children() & before, seconds=60)
    lost = [status for _, status, _ in crowd.answers if status != 200]
    record_property("figures", f"requests {len(crowd.answers)}, lost {len(lost)}, reloads 2")
    assert lost == []


@ONCE
@pytest.mark.django_db
def test_a4_the_web_server_writes_no_personal_link_into_its_log(tmp_path):
    log, token = tmp_path / "web.log", "abcdefghijklmnopqrstuvwxyz" * 2
    with running(database_url(), log) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(f"GET /einladung/{token}/\r\n\r\n".encode())
            assert b"400" in connection.recv(1_000)
        assert wait_until(lambda: "/einladung/[Link]/" in log.read_text())
    assert token not in log.read_text()


def migrate(address):
    """Migrate, on top of a copy of what the run's own server has made already (bin/test.py)."""
    made = urlsplit(database_url())._replace(scheme="postgresql", path="/template1").geturl()
    tables = subprocess.run(["pg_dump", made], stdout=subprocess.PIPE, check=True).stdout
    subprocess.run(["psql", "-q", address], input=tables, stdout=subprocess.DEVNULL, check=True)
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "netzwerk.settings_test"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def takes_connections(address):
    """Whether the database is there again: it listens a moment before it has put itself in order."""
    try:
        psycopg.connect(address.replace("postgres:", "postgresql:")).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture(scope="module")
def data():
    """A PostgreSQL of this module alone, so that it can be stopped, with the portal's tables."""
    with postgresql_data() as data:
        with data.running():
            migrate(data.address)
        yield data


@ONCE
def test_d1_while_the_database_restarts_pages_are_503_and_soon_after_good_again(data, tmp_path, record_property):
    waits = []
    with running(data.address, tmp_path / "web.log") as server:
        before = server.children()
        with Crowd(server, "/") as crowd:
            for _ in range(RESTARTS):
                assert wait_until(lambda: crowd.count(503) > 20, seconds=60)
                crowd.forget()
                with data.running():
                    assert wait_until(lambda: takes_connections(data.address), seconds=60)
                    returned = time.monotonic()
                    assert wait_until(lambda: crowd.count(200) > 20, seconds=60)
                    waits.append(crowd.first(200) - returned)
        assert server.children() == before
    answers = {(status, retry_after) for _, status, retry_after in crowd.all_answers}
    away = sum(status == 503 for _, status, _ in crowd.all_answers)
    slowest = f"first good answer after at most {max(waits):.2f} s"
    record_property("figures", f"restarts {RESTARTS}, answers {len(crowd.all_answers)}, of them 503 {away}, {slowest}")
    assert answers == {(200, None), (503, "5")}
    assert max(waits) < GOOD_AGAIN_WITHIN


def count(address, *states):
    """How many mails are in one of these states; asked outside of Django, which has another database here."""
    with psycopg.connect(address.replace("postgres:", "postgresql:")) as database:
        asked = database.execute("SELECT count(*) FROM core_outgoingmail WHERE state = ANY(%s)", [list(states)])
        return asked.fetchone()[0]


def time_passes(address):
    """Let the leases of all senders run out."""
    with psycopg.connect(address.replace("postgres:", "postgresql:")) as database:
        database.execute("UPDATE core_senderslot SET held_until = now()")


@ONCE
def test_m1_a_database_that_restarts_under_two_senders_doubles_nothing(data, tmp_path, record_property):
    """It ends as by a power cut. What it had not written to disk is lost, and still nobody gets a mail twice."""
    workers = []
    with smtp_server.running(tmp_path / "mail.jsonl", delay=0.02) as mail, redis() as broker:
        url = f"smtp://127.0.0.1:{mail.port}"
        changes = {"DATABASE_URL": data.address, "CELERY_BROKER_URL": broker, "EMAIL_URL": url}
        try:
            for number in range(RESTARTS + 1):
                with data.running(durable=True):
                    assert wait_until(lambda: takes_connections(data.address), seconds=60)
                    if workers:
                        time_passes(data.address)
                    else:
                        outcome(start("fill", str(MAILS), **changes))
                        workers = [start("work", "prefork", **changes), start("tick", **changes)]
                    if number < RESTARTS:
                        enough = (number + 1) * MAILS // (RESTARTS + 1)
                        assert wait_until(lambda enough=enough: len(mail.recipients()) >= enough, seconds=300)
                    else:
                        sent, unknown = end_of_sending(data.address, workers[0])
        finally:
            for process in workers:
                kill(process)
        arrived = mail.recipients()
    doubled, lost = len(arrived) - len(set(arrived)), MAILS - sent - unknown
    figures = f"recipients {MAILS}, arrived {len(arrived)}, doubled {doubled}, lost {lost}, unknown {unknown}"
    record_property("figures", f"{figures}, restarts {RESTARTS}")
    assert (doubled, lost) == (0, 0)
    assert len(arrived) >= sent
    assert unknown <= 2 * RESTARTS  # each restart ends two connections


def end_of_sending(address, worker):
    """Let a worker end its work, and the clock give up what the dead left; return how many are sent and uncertain."""
    assert wait_until(lambda: not count(address, "pending"), seconds=300)
    worker.terminate()  # what it has begun it ends
    worker.wait(60)
    time_passes(address)
    assert wait_until(lambda: not count(address, "sending"), seconds=60)
    return count(address, "sent"), count(address, "unknown")


@ONCE
def test_d2_a_database_that_says_nothing_ends_in_a_503_within_10_seconds(data, tmp_path, record_property):
    seconds = []
    with data.running(), Network(data.port) as network:
        assert wait_until(lambda: takes_connections(data.address), seconds=60)
        address = data.address.replace(str(data.port), str(network.port))
        with running(address, tmp_path / "web.log") as server:
            for _ in range(20):  # so that every thread has a connection that it keeps
                assert server.ask("/")[0] == 200
            network.swallows = True
            # A search, which is kept nowhere: a kept page may go out for another tenth of a second.
            for path in ("/kommunen/?q=rhein", "/kommunen/?q=rhein", "/readyz"):
                before = time.monotonic()
                assert server.ask(path)[0] == 503
                seconds.append(time.monotonic() - before)
            network.swallows = False
            assert server.ask("/readyz")[0] == 200
            assert server.ask("/healthz")[0] == 200
    record_property("figures", f"longest answer {max(seconds):.1f} s")
    assert max(seconds) < ENDED_WITHIN
