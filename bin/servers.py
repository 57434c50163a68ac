"""Throw-away servers for the tests: on free ports, in folders of their own, gone afterwards even if something fails."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[str]:
    """Start a PostgreSQL and yield its address. durable: it writes as safely as in operation, for measurements."""
    with postgresql_data() as data, data.running(durable=durable):
        yield data.address


@dataclass
class PostgresqlData:
    """Where a PostgreSQL keeps its data; it may be started and stopped over it again and again, always on one port."""

    folder: Path
    account: str | None
    port: int

    @property
    def address(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def running(self, *, durable: bool = False) -> AbstractContextManager[None]:
        """Run it as long as the block lasts; its end is abrupt, as after a power cut."""
        options = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder}
        options |= {"max_connections": 200}
        if not durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            # It would count the rows between two tests, find none, and plan the next test's queries for empty tables.
            options |= {"autovacuum": "off"}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        command = [_postgresql_programs() / "postgres", "-D", self.folder / "data", *settings]
        return _server(command, self.port, self.folder, self.account, end=signal.SIGQUIT)


@contextmanager
def postgresql_data() -> Iterator[PostgresqlData]:
    """Make the folder of a PostgreSQL that is not started yet."""
    # PostgreSQL refuses to run as root; Debian's package brings an account for it.
    account = "postgres" if os.geteuid() == 0 else None
    with _folder("postgresql", owner=account) as folder:
        initialise = [_postgresql_programs() / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-N"]
        subprocess.run(
            [*initialise, "--encoding=UTF8", "--locale=C.UTF-8"],
            **_as(account), cwd=folder, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        yield PostgresqlData(folder, account, _free_port())


@contextmanager
def redis() -> Iterator[str]:
    """Start a Redis that keeps nothing on disk and yield its address."""
    port = _free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with _folder("redis") as folder, _server(["redis-server", *options], port, folder):
        yield f"redis://127.0.0.1:{port}/0"


def _postgresql_programs() -> Path:
    """Return the folder of the newest installed PostgreSQL, 15 or later."""
    found = {int(path.name): path / "bin" for path in Path("/usr/lib/postgresql").glob("[1-9][0-9]")}
    if max(found, default=0) < 15:
        raise RuntimeError("PostgreSQL ab Version 15 fehlt (Debian-Paket postgresql).")
    return found[max(found)]


def _as(account: str | None) -> dict[str, Any]:
    """Return the arguments that let subprocess run something under another account."""
    return {"user": account, "group": account, "extra_groups": []} if account else {}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def _folder(name: str, owner: str | None = None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f"netzwerk-{name}-"))
    if owner:
        shutil.chown(folder, owner)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def _server(
    command: list, port: int, folder: Path, account: str | None = None, end: signal.Signals = signal.SIGINT
) -> Iterator[None]:
    """Run a server as long as the block lasts; what it printed is shown if it does not start."""
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, **_as(account), cwd=folder, stdout=output, stderr=output)
    try:
        if not _answers(port, process):
            raise RuntimeError(f"{command[0]} ist nicht gestartet:\n{log.read_text(errors='replace')}")
        yield
    finally:
        process.send_signal(end)
        process.wait()


def _answers(port: int, process: subprocess.Popen) -> bool:
    """Wait up to 30 seconds until something listens on the port; False as soon as the process has ended."""
    for _ in range(300):
        if process.poll() is not None:
            return False
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.1)
    return False
