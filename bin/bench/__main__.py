"""`make bench`: how fast the portal is on PostgreSQL with two gunicorn processes, held against bare Django.

Ways that are compared are measured in turns, so that whatever else the machine does falls on all of them. What a page
costs is the CPU time of the processes that answer; the load comes from another one. At the end: how fast mail goes out.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg

from bin.bench import mail, report
from bin.bench.measurement import Result, Way, load
from bin.bench.pages import PAGES, Page
from bin.bench.servers import PROGRAMS, ROOT, web_server
from bin.servers import postgresql

FULL, OTHERS = 432, (40, 4320)
FOLDER = ROOT / "var" / "bench"
CONNECTIONS, USERS, TURNS = 8, 20, 2
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


def environment(database: str) -> dict[str, str]:
    """Production's settings, without https; nothing else of the caller's shell."""
    return {name: os.environ[name] for name in KEPT if name in os.environ} | {
        "DJANGO_SETTINGS_MODULE": "netzwerk.settings",
        "DATABASE_URL": database,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": "http://localhost",
        "EXTRA_HOSTS": "127.0.0.1",
        "MAIL_FROM": "Kommunen-Netzwerk <portal@netzwerk.example>",
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",  # nobody is woken here
        "DATA_DIR": str(FOLDER),
        "BENCH_PAGES": str(FOLDER),
        "LOG_LEVEL": "WARNING",
        "MALLOC_ARENA_MAX": "2",  # as in the Dockerfile
    }


def python(variables: dict[str, str], *arguments: str) -> str:
    command = [PROGRAMS / "python", *arguments]
    return subprocess.run(command, cwd=ROOT, env=variables, check=True, stdout=subprocess.PIPE, text=True).stdout


class Bench:
    """Portal and floor over one database with so many bodies."""

    def __init__(self, size: int, database: str, seconds: float):
        self.size, self.database, self.seconds = size, database, seconds
        self.variables = environment(database)
        # What the filling prints: slug of the body shown, all slugs, a contact person's session, queries by page.
        self.known = json.loads(python(self.variables, "-m", "bin.bench.fill", str(size)))

    def run(self) -> list[Result]:
        floor = self.variables | {"DJANGO_SETTINGS_MODULE": "bin.bench.floor_settings"}
        with (
            web_server(self.variables, FOLDER / "portal.log") as self.portal,
            web_server(floor, FOLDER / "floor.log") as self.floor,
        ):
            pages = PAGES if self.size == FULL else [page for page in PAGES if page.floor]
            results = [result for page in pages for result in self.measure(page)]
            if self.size == FULL:
                results += [self.users(), self.every_profile()]
            return results

    def measure(self, page: Page) -> list[Result]:
        print(f"{self.size} Kommunen: {page.name} …", file=sys.stderr, flush=True)
        ways = list(self.ways(page))
        results = [self.result(page.name, way) for way in ways]
        for _ in range(TURNS):
            for way, result in zip(ways, results, strict=True):
                load(result, [way], CONNECTIONS, self.seconds / TURNS)
        if not page.is_signed_in:
            results.append(self.after_a_change(page))
        return results

    def result(self, name: str, way: Way) -> Result:
        """Return an empty result, the way being warm: each thread has its connection, each process its templates."""
        load(Result(0, "", ""), [way], CONNECTIONS, min(self.seconds, 1) / 2)
        answer = way.server.get(way.paths[0], {"Accept-Encoding": "gzip", "Cookie": way.cookie})
        return Result(self.size, name, way.name, way.queries, len(answer) / 1000)

    def ways(self, page: Page) -> Iterator[Way]:
        path, queries = page.path.format(**self.known), self.known["queries"][page.name]
        if page.is_signed_in:
            yield Way("angemeldet", self.portal, (path,), queries["again"], self.cookie)
            return
        number = PAGES.index(page)
        (FOLDER / str(number)).write_bytes(self.portal.get(path, {"Accept-Encoding": "gzip"}))
        yield Way("aus dem Speicher", self.portal, (path,), queries["again"])
        yield Way("neu erzeugt", self.portal, (page.anew(path),), queries["anew"])
        yield Way("fertige Bytes", self.floor, (f"/ready/{number}/",), 0)
        if page.floor:
            yield Way("schlichte Seite", self.floor, (page.floor.format(**self.known),), 1)

    @property
    def cookie(self) -> str:
        return f"sessionid={self.known['session']}"

    def after_a_change(self, page: Page) -> Result:
        """How long the first visitor after a public change waits: the process has to read the directory anew."""
        path = page.anew(page.path.format(**self.known))
        result = Result(self.size, page.name, "nach einer Änderung", self.known["queries"][page.name]["changed"])
        with psycopg.connect(self.database.replace("postgres:", "postgresql:"), autocommit=True) as connection:
            for _ in range(6):
                connection.execute("UPDATE core_revision SET number = number + 1")
                before = time.perf_counter()
                result.kilobytes = len(self.portal.get(path)) / 1000
                result.milliseconds.append(1000 * (time.perf_counter() - before))
        return result

    def users(self) -> Result:
        """Twenty at once, none of whom ever pauses: pages kept, made anew, searched, and those of a contact person."""
        paths = [page.path.format(**self.known) for page in PAGES if not page.is_signed_in]
        anew = [page.anew(path) for page, path in zip(PAGES, paths, strict=False)]
        visitor = Way("", self.portal, (*paths, *anew, "/kommunen/?q=rhein", "/kommunen/?q=Mnster"))
        contact = Way("", self.portal, (*paths, "/intern/"), cookie=self.cookie)
        result = Result(self.size, f"{USERS} Personen zugleich", "alles gemischt")
        load(result, [visitor, contact], USERS, self.seconds)
        return result

    def every_profile(self) -> Result:
        """All profiles one after the other, so that memory is measured with all of them kept."""
        way = Way("", self.portal, tuple(f"/kommunen/{slug}/" for slug in self.known["slugs"]))
        result = Result(self.size, "alle Profile", "reihum")
        load(result, [way], CONNECTIONS, self.seconds)
        return result


def main(seconds: float) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped
    FOLDER.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    results = []
    with postgresql() as server:
        python(environment(server), "manage.py", "collectstatic", "--no-input", "--verbosity=0")
        for size in (FULL, *OTHERS):
            database = f"{server.rpartition('/')[0]}/bench{size}"
            with psycopg.connect(server.replace("postgres:", "postgresql:"), autocommit=True) as connection:
                template = "template1" if size == FULL else f"bench{FULL}"
                connection.execute(f"CREATE DATABASE bench{size} TEMPLATE {template}")
            results += Bench(size, database, seconds).run()
    print(report.page(results))
    print(mail.run(environment, FOLDER))
    print(f"Gedauert hat es {time.monotonic() - started:.0f} Sekunden.")
    return 1 if any(result.failed for result in results) else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
