"""The web server as production runs it, with two processes, and what its processes use."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class WebServer:
    """A running gunicorn with its processes that answer."""

    port: int
    master: int

    @property
    def processes(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()]

    def cpu_seconds(self) -> float:
        """Return what all processes that answer have worked so far, also those that have ended (see max_requests)."""
        working = [_stat(pid)[11:13] for pid in self.processes]
        ended = _stat(self.master)[13:15]
        return sum(int(ticks) for pair in (*working, ended) for ticks in pair) / _TICKS

    def mebibytes(self) -> list[float]:
        """Return the resident memory of each process that answers."""
        return [resident(pid) / 1024 for pid in self.processes]

    def get(self, path: str, headers: dict[str, str] | None = None) -> bytes:
        """Return the body of an answer that must be good."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return body


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/<pid>/stat behind the name: 11 to 14 are ticks, its own and of its ended children."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def worked(pid: int) -> float:
    """Return the CPU time of a process so far, in seconds."""
    return sum(int(ticks) for ticks in _stat(pid)[11:13]) / _TICKS


def resident(pid: int) -> int:
    """Return the resident memory of a process in KiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


@contextmanager
def web_server(environment: dict[str, str], log: Path) -> Iterator[WebServer]:
    """Run gunicorn with the portal's own configuration as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    variables = environment | {"BIND": f"127.0.0.1:{port}", "WEB_PROCESSES": "2"}
    with log.open("wb") as output:
        process = subprocess.Popen([PROGRAMS / "gunicorn"], cwd=ROOT, env=variables, stdout=output, stderr=output)
    try:
        _wait_for(port, process, log)
        yield WebServer(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen, log: Path) -> None:
    """Wait until a process answers, whatever it says; RuntimeError with gunicorn's own words if none does."""
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"gunicorn antwortet nicht:\n{log.read_text(errors='replace')}")
