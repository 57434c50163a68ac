"""One way to ask for a page, and what came of asking for it again and again."""

import json
import statistics
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field

from bin.bench.servers import PROGRAMS, ROOT, WebServer


@dataclass(frozen=True)
class Way:
    """A page asked for in one way: kept, made anew, as ready bytes, as a plain page. cookie: of a session."""

    name: str
    server: WebServer
    paths: tuple[str, ...]
    queries: int | None = None
    cookie: str = ""

    def requests(self) -> Iterable[str]:
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        for path in self.paths:
            yield f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n{cookie}\r\n"


@dataclass
class Result:
    """What a page cost, over all turns. own_cpu: seconds that the load itself worked; mebibytes: of the
    larger process afterwards."""

    size: int
    page: str
    way: str
    queries: int | None = None
    kilobytes: float = 0
    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0
    cpu_seconds: float = 0
    own_cpu: float = 0
    failed: int = 0
    mebibytes: float = 0

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.milliseconds) / self.seconds

    @property
    def cpu(self) -> float:
        """CPU milliseconds that the answering processes spent on one answer."""
        return 1000 * self.cpu_seconds / len(self.milliseconds)

    def percentile(self, percent: int) -> float:
        """Milliseconds within which so many of a hundred answers were there."""
        return statistics.quantiles(self.milliseconds, n=100, method="inclusive")[percent - 1]


def load(result: Result, ways: Iterable[Way], people: int, seconds: float) -> None:
    """Let so many people ask for so long, and add what they saw to the result; all ways lead to one server."""
    ways = list(ways)
    server = ways[0].server
    plan = {
        "port": server.port,
        "requests": [request for way in ways for request in way.requests()],
        "people": people,
        "seconds": seconds,
    }
    before = server.cpu_seconds()
    command = [PROGRAMS / "python", "-m", "bin.bench.load"]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(plan), check=True, stdout=subprocess.PIPE, text=True)
    seen = json.loads(done.stdout)
    result.cpu_seconds += server.cpu_seconds() - before
    result.milliseconds += seen["milliseconds"]
    result.seconds += seen["seconds"]
    result.own_cpu += seen["own_cpu"]
    result.failed += seen["failed"]
    result.mebibytes = max(server.mebibytes())
