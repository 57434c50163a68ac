"""A real web server with two processes over a database of the tests, and people who keep asking it."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class WebServer:
    """Gunicorn as production runs it, but for the settings of the tests: static files lie where they are written."""

    def __init__(self, database_url: str, log: Path, *application: str):
        self.port = free_port()
        variables = {
            "DJANGO_SETTINGS_MODULE": "netzwerk.settings_test",
            "DATABASE_URL": database_url,
            "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",  # nobody is woken here
            "BIND": f"127.0.0.1:{self.port}",
            "WEB_PROCESSES": "2",
        }
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [Path(sys.executable).parent / "gunicorn", *application],
                cwd=ROOT, env=os.environ | variables, stdout=output, stderr=output,
            )  # fmt: skip

    def ask(self, address: str):
        """Return status and headers, or (None, {}) if no whole answer came."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", address)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers
        except (OSError, HTTPException):
            return None, {}
        finally:
            connection.close()

    def children(self) -> set[str]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return set(listed.split())

    def reload(self) -> None:
        self.process.send_signal(signal.SIGHUP)


@contextmanager
def running(database_url: str, log: Path, *application: str) -> Iterator[WebServer]:
    """application: another one than production runs, as "module:name"."""
    server = WebServer(database_url, log, *application)
    try:
        ends = time.monotonic() + 60
        while server.ask("/healthz")[0] != 200:
            assert server.process.poll() is None, log.read_text()
            assert time.monotonic() < ends
            time.sleep(0.1)
        yield server
    finally:
        server.process.terminate()
        server.process.wait(30)


class Crowd:
    """Some people who ask for one address again and again, each time over a new connection."""

    def __init__(self, server: WebServer, address: str, people: int = 4):
        self.answers, self._former = [], []
        self._server, self._address = server, address
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._keep_asking) for _ in range(people)]

    def _keep_asking(self) -> None:
        while not self._over.is_set():
            status, headers = self._server.ask(self._address)
            self.answers.append((time.monotonic(), status, headers.get("Retry-After")))

    @property
    def all_answers(self):
        return self._former + self.answers

    def forget(self) -> None:
        """Begin to count anew."""
        self._former, self.answers = self.all_answers, []

    def count(self, status: int) -> int:
        return sum(found == status for _, found, _ in self.answers)

    def first(self, status: int) -> float:
        return min(at for at, found, _ in self.answers if found == status)

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *reason):
        self._over.set()
        for thread in self._threads:
            thread.join()
