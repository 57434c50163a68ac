"""Runs the checks and the suite: `bin/test.py checks` or `bin/test.py all`. FULL=1 runs every mode and size.

The suite runs on SQLite, then all of it that asks a database on a PostgreSQL and a Redis of its own, and the browser
journeys once on SQLite.
All steps run even if one fails; the exit status is 0 only if all went well.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from servers import postgresql, redis

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
# Nothing else of the caller's shell may decide what the tests see.
KEPT = ("PATH", "HOME", "USER", "LANG", "TMPDIR", "FULL", "CHROMIUM")
ENVIRONMENT = {name: os.environ[name] for name in KEPT if name in os.environ}
ENVIRONMENT["DJANGO_SETTINGS_MODULE"] = "netzwerk.settings_test"

CHECKS = (
    ("Stil (ruff)", ["ruff", "check", "--quiet"]),
    ("Formatierung (ruff)", ["ruff", "format", "--check", "--quiet"]),
    ("Importe (import-linter)", ["lint-imports"]),
    ("Django", ["python", "manage.py", "check", "--fail-level", "WARNING"]),
    ("Migrationen", ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("Vorlagen (djlint)", ["djlint", "templates", "--lint", "--quiet"]),
    ("Typen (mypy)", ["mypy"]),
    ("Dockerfile (hadolint)", ["hadolint", "Dockerfile"]),
    ("Compose-Schema", ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]),
)
# A worker that has nothing left takes over from the other: some tests are a hundred times longer than others.
PYTEST = ["pytest", "--numprocesses=2", "--dist=worksteal"]


class Steps:
    """Runs commands one after the other and remembers which failed."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.started = time.monotonic()

    def run(self, title: str, command: list[str], **variables: str) -> None:
        print(f"\n== {title} ({time.monotonic() - self.started:.0f} s)", flush=True)
        program = str(PROGRAMS / command[0])
        result = subprocess.run([program, *command[1:]], cwd=ROOT, env=ENVIRONMENT | variables, check=False)
        if result.returncode:
            self.failed.append(title)
            print(f"-- FEHLER: {title}", flush=True)


def run_suite(steps: Steps) -> None:
    steps.run("Tests auf SQLite", [*PYTEST, "-m", "not browser"])
    with postgresql() as database, redis() as broker:
        # What PostgreSQL copies for each new database: so the tables are made once, not for each worker.
        model = database.removesuffix("postgres") + "template1"
        steps.run("Tabellen auf PostgreSQL", ["python", "manage.py", "migrate", "--verbosity=0"], DATABASE_URL=model)
        steps.run(
            "Tests auf PostgreSQL mit Redis", [*PYTEST, "-m", "not browser", "--database-only"],
            DATABASE_URL=database, CELERY_BROKER_URL=broker,
        )  # fmt: skip
    steps.run("Wege im Browser, auf SQLite", [*PYTEST, "-m", "browser"])


def main(what: str) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped
    steps = Steps()
    for title, command in CHECKS:
        steps.run(title, command)
    if what == "all":
        run_suite(steps)
    if steps.failed:
        print(f"\nNicht bestanden: {', '.join(steps.failed)}", flush=True)
    return 1 if steps.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
