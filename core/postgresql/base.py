"""PostgreSQL for people who wait in front of a browser: a server that says nothing becomes an error within seconds.

The time-outs of the settings are kept by the server, so they do not help when it hangs itself or the network swallows
its answer. psycopg can wait with a limit; this hands it one.
"""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel

# Longer than the server's own statement_timeout (netzwerk/settings.py), which gives the better error.
PATIENCE_SECONDS = 9.0
# A kept connection is tried before use; together with connect_timeout a dead one costs five seconds, not ten.
TRY_SECONDS = 2.0


class Connection(psycopg.Connection):
    """A connection that gives itself up when an answer does not come."""

    patience = PATIENCE_SECONDS

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout or self.patience)
        except psycopg.errors._WaitTimeout as error:
            self.pgconn.finish()  # its answer may still come: nobody must take it for that to the next question
            raise psycopg.OperationalError("no answer from the database") from error


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's engine with the connection above. Leaves out connection pools and other isolation levels."""

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
