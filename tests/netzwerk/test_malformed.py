"""Malformed requests as visitor, contact person and staff, against the web server as operation runs it."""

import os
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as project
from django.core.cache import cache
from django.core.management import call_command

from tests.core.processes import database_url
from tests.netzwerk.malformed import Malformer, Request
from tests.netzwerk.web_server import WebServer, running
from tests.world import World

REQUESTS = 10_000 if os.environ.get("FULL") else 300
EACH = 500  # then the tables are emptied and filled anew: what the office sends also deletes
SLOWEST = 10  # seconds

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not project.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="once, in the second engine's run"
    ),
]


def status_and_seconds(server: WebServer, request: Request) -> tuple[int | None, float]:
    """Send it and wait for the end of the answer; None where the server closed the line without one."""
    before, answer = time.monotonic(), b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        try:
            connection.sendall(request.raw)
            connection.shutdown(socket.SHUT_WR)  # no more will come: a body that is too short ends here
            while received := connection.recv(1 << 16):
                answer += received
        except OSError:
            pass  # the server had read enough and closed the line
    words = answer[:100].split()
    return int(words[1]) if len(words) > 1 else None, time.monotonic() - before


def test_b1_no_malformed_request_ends_in_an_error_of_ours(tmp_path, record_property):
    log, statuses, slowest, bad = tmp_path / "web.log", Counter(), 0.0, []
    with running(database_url(), log) as server, ThreadPoolExecutor(8) as pool:
        for seed in range(-(-REQUESTS // EACH)):
            call_command("flush", verbosity=0, interactive=False)
            cache.clear()
            requests = list(Malformer(World(), seed).requests(min(EACH, REQUESTS)))
            answers = pool.map(lambda request: status_and_seconds(server, request), requests)
            for request, (status, seconds) in zip(requests, answers, strict=True):
                statuses[status] += 1
                slowest = max(slowest, seconds)
                if (status or 0) >= 500 or seconds > SLOWEST:
                    bad.append(f"{status} after {seconds:.1f} s: {request}")
    figures = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items(), key=str))
    record_property("figures", f"requests {REQUESTS}, slowest {slowest:.1f} s, {figures}")
    assert "\n".join(bad) == ""
    assert sum(statuses.values()) == REQUESTS
    assert [line for line in log.read_text(errors="replace").splitlines() if line.startswith("Traceback")] == []
