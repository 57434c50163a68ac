"""The database as one file and back, by each engine's own means, with a fingerprint of every table.

PostgreSQL: pg_dump, pg_restore and psql, which must be of the server's version or newer. SQLite: its backup API.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

# Name of a table -> its number of rows and the sum over them; equal sums mean equal content in any order.
Tables = dict[str, dict[str, Any]]

# Who still works with the tables holds locks: then say so soon instead of waiting for hours.
_LOAD_OPTIONS = "-c lock_timeout=10000 -c statement_timeout=0"


class DumpError(Exception):
    """A database program failed; the message is what it said."""


def write(path: Path) -> Tables:
    """Write the database to this file and return the fingerprints of the same moment; others may go on working."""
    return _write_postgresql(path) if connection.vendor == "postgresql" else _write_sqlite(path)


def load(path: Path) -> None:
    """Replace the whole database by that file, wholly or not at all (DumpError)."""
    connection.close()
    if connection.vendor == "postgresql":
        _load_postgresql(path)
    else:
        _load_sqlite(path)


def tables() -> Tables:
    """Return the fingerprints of the database as it is now."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            return _tables_of_postgresql()
    return _tables_of_sqlite(_sqlite_file())


def fingerprint(rows: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """Return number and sum of these rows, whatever their order."""
    number = total = 0
    for row in rows:
        number += 1
        total += int.from_bytes(hashlib.sha256(repr(row).encode()).digest()[:16])
    return {"rows": number, "sum": f"{total % 2**128:032x}"}


# --- SQLite -------------------------------------------------------------------------------------------------------


def _sqlite_file() -> str:
    return str(connection.settings_dict["NAME"])


def _write_sqlite(path: Path) -> Tables:
    with closing(sqlite3.connect(_sqlite_file(), timeout=20)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    return _tables_of_sqlite(str(path))


def _load_sqlite(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(_sqlite_file(), timeout=20)) as target:
            (found,) = source.execute("PRAGMA quick_check").fetchone()
            if found != "ok":
                raise DumpError(found)
            source.backup(target)
    except sqlite3.Error as error:
        raise DumpError(str(error)) from error


def _tables_of_sqlite(file: str) -> Tables:
    with closing(sqlite3.connect(file)) as database:
        names = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        return {name: fingerprint(database.execute(f'SELECT * FROM "{name}"')) for (name,) in names}  # noqa: S608


# --- PostgreSQL ---------------------------------------------------------------------------------------------------


def _write_postgresql(path: Path) -> Tables:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            # One snapshot for dump and fingerprints, though the portal goes on working.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={path}"]
        _run(_program("pg_dump", *options))
        return _tables_of_postgresql()


def _tables_of_postgresql() -> Tables:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        names = sorted(connection.introspection.table_names(cursor))
    return {name: _fingerprint_of(name) for name in names}


def _fingerprint_of(table: str) -> dict[str, Any]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a name from the catalogue
        return fingerprint(cursor)


def _load_postgresql(path: Path) -> None:
    """Let psql do all in one transaction: drop what is there, then what pg_restore makes of the file."""
    names = ", ".join(connection.ops.quote_name(name) for name in connection.introspection.table_names())
    connection.close()
    drop = ["--command", f"DROP TABLE {names} CASCADE"] if names else []
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", *drop, "--file=-"]
    read = ["pg_restore", "--no-owner", "--no-privileges", "--file=-", str(path)]
    write: dict[str, Any] = {"env": _environment() | {"PGOPTIONS": _LOAD_OPTIONS}, "stdout": subprocess.DEVNULL}
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(read, stdout=subprocess.PIPE, stderr=said) as reader,  # noqa: S603
        subprocess.Popen(_program("psql", *options), stdin=subprocess.PIPE, stderr=said, **write) as writer,  # noqa: S603
    ):
        if not _handed_over(reader, writer):
            said.seek(0)
            raise DumpError(said.read().decode(errors="replace"))


def _handed_over(reader: subprocess.Popen[bytes], writer: subprocess.Popen[bytes]) -> bool:
    """Give the writer what the reader says. It sees the end, and so commits, only if the reader went well."""
    assert reader.stdout is not None  # noqa: S101 - for the type checker
    assert writer.stdin is not None  # noqa: S101
    try:
        shutil.copyfileobj(reader.stdout, writer.stdin)
        if reader.wait() != 0:
            writer.kill()
        writer.stdin.close()
    except BrokenPipeError:  # the writer has given up
        reader.kill()
    return writer.wait() == 0


def _program(name: str, *options: str) -> list[str]:
    """Return the command line of a PostgreSQL program for our database."""
    arguments, _ = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    return [name, *options, *arguments[1:]]


def _environment() -> dict[str, str]:
    _, variables = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    return {**os.environ, **(variables or {})}


def _run(command: list[str]) -> None:
    result = subprocess.run(command, env=_environment(), capture_output=True, text=True)  # noqa: S603
    if result.returncode:
        raise DumpError(result.stderr)
