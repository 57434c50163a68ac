"""How fast mail goes out: through queue, Celery and PostgreSQL, beside a plain loop over one connection.

Both send the same personal messages to the same mail server (smtp-sink of Debian's package postfix, or our own where it
is not installed), in the same run, the loop before and after.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bin.bench.servers import PROGRAMS, ROOT
from bin.servers import postgresql, redis

# BENCH_MAILS: fewer for a quick look.
RECIPIENTS = int(os.environ.get("BENCH_MAILS", "5000"))


@contextmanager
def mail_server(folder: Path) -> Iterator[tuple[str, int]]:
    """Run a mail server that takes everything as long as the block lasts; yield what it is and its port."""
    program = shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own = json.dumps({"log": "/dev/null", "port": port})
    command = [program, f"127.0.0.1:{port}", "100"] if program else [PROGRAMS / "python", "tests/smtp_server.py", own]
    if program and os.geteuid() == 0:
        command[1:1] = ["-u", "nobody"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield ("smtp-sink" if program else "eigener Testserver"), port
    finally:
        process.kill()
        process.wait()


@contextmanager
def workers(variables: dict[str, str], log: Path) -> Iterator[subprocess.Popen]:
    """Run a Celery worker with two processes as long as the block lasts."""
    with log.open("wb") as output:
        command = [PROGRAMS / "python", "-m", "bin.bench.mail_worker"]
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def measure(variables: dict[str, str], folder: Path) -> dict:
    """Return the figures of the whole proof; variables: the environment with database and broker."""
    with mail_server(folder) as (server, port):
        variables = variables | {
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "MAIL_PER_MINUTE": "0",
            "MAIL_CONNECTIONS": "2",
            "BENCH_MAILS": str(RECIPIENTS),
        }
        with workers(variables, folder / "mail.log") as process:
            command = [PROGRAMS / "python", "-m", "bin.bench.mail_run", str(process.pid)]
            output = subprocess.run(command, cwd=ROOT, env=variables, check=True, stdout=subprocess.PIPE, text=True)
    return {"server": server} | json.loads(output.stdout.splitlines()[-1])


def run(environment: Callable[[str], dict[str, str]], folder: Path) -> str:
    """Measure on a PostgreSQL that writes as safely as in operation; return the report in German."""
    with postgresql(durable=True) as database, redis() as broker:
        given = environment(database) | {"CELERY_BROKER_URL": broker}
        print(f"{RECIPIENTS} E-Mails …", file=sys.stderr, flush=True)
        subprocess.run([PROGRAMS / "python", "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=given, check=True)
        return report(measure(given, folder))


def report(found: dict) -> str:
    """Return the figures as a table in Markdown."""
    code = "kam nicht" if found["code_seconds"] is None else f"{found['code_seconds']:.1f} s"
    rows = (
        ("Schleife, davor und danach, E-Mails/s", " und ".join(f"{rate:.0f}" for rate in found["loop"])),
        ("Portal, zwei Prozesse, E-Mails/s", f"{found['rate']:.0f}"),
        ("Portal gegen Schleife", f"{found['rate'] / max(found['loop']):.2f}"),
        # Says more than the rates where others use the machine, or its disk is slow at writing durably.
        (
            "Rechenzeit je E-Mail, Schleife davor und danach, Portal, ms",
            f"{found['loop_cpu'][0]:.1f} und {found['loop_cpu'][1]:.1f}, {found['cpu']:.1f}",
        ),
        ("Anmeldecode mittendrin", code),
        ("Arbeitsspeicher am Anfang, in der Mitte, am Ende, MiB", ", ".join(f"{size:.0f}" for size in found["memory"])),
        ("Zustellungen", ", ".join(f"{count} {state}" for state, count in found["counts"].items())),
    )
    lines = [f"| {name} | {value} |" for name, value in rows]
    heading = f"## Versand: {RECIPIENTS} E-Mails zu 15 kB an {found['server']}\n\n| | |\n|---|---:|"
    return "\n".join([heading, *lines, ""])


if __name__ == "__main__":
    from bin.bench.__main__ import FOLDER, environment

    FOLDER.mkdir(parents=True, exist_ok=True)
    print(run(environment, FOLDER))
