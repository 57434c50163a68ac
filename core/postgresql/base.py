"""PostgreSQL for people who wait in front of a browser: a server that says nothing becomes an error within seconds.

The time-outs of the settings are kept by the server, so they do not help when it hangs itself or the network swallows
its answer. psycopg can wait with a limit; this hands it one.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel
from psycopg import generators
from psycopg.adapt import PyFormat, Transformer

# Longer than the server's own statement_timeout (netzwerk/settings.py), which gives the better error.
PATIENCE_SECONDS = 9.0
# A kept connection is tried before use; together with connect_timeout a dead one costs five seconds, not ten.
TRY_SECONDS = 2.0


class Connection(psycopg.Connection):
    """A connection that gives itself up when an answer does not come."""

    patience: float | None = PATIENCE_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names: dict[str, bytes] = {}
        self._values: Any = None

    def name_of(self, statement: str, places: int) -> bytes:
        """Return the name by which the server knows a statement with so many values; told once, it need not parse it
        again, which costs it as much as carrying it out."""
        if statement not in self._names:
            name, text = b"netzwerk_%d" % len(self._names), statement % tuple(f"${n + 1}" for n in range(places))
            self.pgconn.send_prepare(name, text.encode())
            self.result()
            self._names[statement] = name
        return self._names[statement]

    def texts_of(self, values: Sequence[Any]) -> Sequence[Any]:
        """Return values as the server reads them. How to write each kind of value is looked up once."""
        self._values = self._values or Transformer(self)
        return self._values.dump_sequence(values, [PyFormat.TEXT] * len(values))

    def result(self) -> psycopg.pq.abc.PGresult:
        """Wait for the end of what was sent; psycopg's errors if it failed."""
        result = self.wait(generators.execute(self.pgconn))[-1]
        if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(result, self.info.encoding)
        return result

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout or self.patience)
        except psycopg.errors._WaitTimeout as error:
            self.pgconn.finish()  # its answer may still come: nobody must take it for that to the next question
            raise psycopg.OperationalError("no answer from the database") from error


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's engine with the connection above. Leaves out connection pools and other isolation levels."""

    health_check_done: bool

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        self.isolation_level = IsolationLevel.READ_COMMITTED
        return Connection.connect(**conn_params)

    def is_usable(self) -> bool:
        if self.connection is None:
            return False
        self.connection.patience = TRY_SECONDS
        try:
            return super().is_usable()
        finally:
            if self.connection is not None:
                self.connection.patience = PATIENCE_SECONDS

    def first_value(self, query: str) -> Any:
        """Return the one value that a query answers with, wherever in a request it stands.

        As a request's first query it tries the kept connection itself, which saves Django's own try before it; if the
        connection has died, the query goes out once more on a new one.
        """
        if self.connection is None or self.in_atomic_block or self.health_check_done:
            return self._value(query)
        self.health_check_done = True
        self.connection.patience = TRY_SECONDS
        try:
            return self._value(query)
        except (OperationalError, InterfaceError):
            self.close()
            return self._value(query)
        finally:
            if self.connection is not None:
                self.connection.patience = PATIENCE_SECONDS

    def _value(self, query: str) -> Any:
        with self.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]

    def send_off(self, statement: str, params: Sequence[Any]) -> Callable[[], int]:
        """Send a statement, a transaction of its own, without waiting; return what waits and tells how many rows.

        Nothing else may use the connection until then. For who has something better to do while the disk writes. The
        server keeps each statement as long as the connection lasts: for a few that run often.
        """
        self.ensure_connection()
        assert isinstance(self.connection, Connection) and self.get_autocommit()  # noqa: S101, PT018 - for the types
        link = self.connection
        with self.wrap_database_errors:
            values = link.texts_of(params)
            link.pgconn.send_query_prepared(link.name_of(statement, len(params)), values)
            link.pgconn.flush()

        def wait() -> int:
            with self.wrap_database_errors:
                return link.result().command_tuples or 0

        return wait

    @contextmanager
    def without_limits(self) -> Iterator[None]:
        """Let each statement in the block take as long as it needs: nobody waits for it in front of a browser.

        Waiting for a lock stays short: behind a statement that queues for one, every page would queue, too.
        """
        self.ensure_connection()
        self.connection.patience = None
        with self.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        try:
            yield
        finally:
            if self.connection is not None and not self.connection.closed:
                self.connection.patience = PATIENCE_SECONDS
                if not self.needs_rollback:
                    with self.cursor() as cursor:
                        cursor.execute("RESET statement_timeout")
