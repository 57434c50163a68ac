"""UPDATE statements that are put together once and run many times, each time with other values.

To turn a query into SQL takes Django longer than the database needs for the statement. Where thousands of rows change
one by one (the mail queue), that is most of the work; everywhere else `QuerySet.update` is right.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.sql import UpdateQuery


class Given(Expression):
    """Stands in a query for a value that each run brings, of the kind of this field."""

    def __init__(self, model: type[Model], name: str, *, new: bool = False) -> None:
        super().__init__(output_field=cast("Field[Any, Any]", model._meta.get_field(name)))
        # The same field may stand on both sides: what it shall be, and what it is now.
        self.key = (name, new)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class Update:
    """One UPDATE. rows: makes the query of the rows, with `Given` for all that is not the same each time."""

    def __init__(self, rows: Callable[[], "QuerySet[Any]"]) -> None:
        self._rows = rows
        self._written: dict[tuple[str, ...], tuple[str, tuple[Any, ...]]] = {}

    def run(self, changes: Mapping[str, Any], **given: Any) -> int:
        """Change the rows; return how many. given: a value for each `Given` of the query."""
        return self.begin(changes, **given)()

    def begin(self, changes: Mapping[str, Any], **given: Any) -> Callable[[], int]:
        """Send the statement off, a transaction of its own; return what waits for its end and tells how many rows.

        Until that has been called nothing else may use the connection. Within a transaction, and on SQLite, the
        statement simply runs at once.
        """
        if connection.vendor == "postgresql" and not connection.in_atomic_block:
            return connection.send_off(*self._statement(changes, given))  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute(*self._statement(changes, given))
            changed = cursor.rowcount
        return lambda: changed

    def _statement(self, changes: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[str, list[Any]]:
        own = connections[connection.alias]  # each question to Django's stand-in for it costs a look-up
        key = (own.vendor, *changes)
        if key not in self._written:
            self._written[key] = self._write(changes)
        sql, params = self._written[key]
        values = {(name, False): value for name, value in given.items()}
        values |= {(name, True): value for name, value in changes.items()}
        return sql, [_prepared(param, values, own) if isinstance(param, Given) else param for param in params]

    def _write(self, names: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        rows = self._rows()
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values({name: Given(rows.model, name, new=True) for name in names})
        sql, params = query.get_compiler(connection=connection).as_sql()
        return sql, params


def _prepared(param: Given, values: Mapping[tuple[str, bool], Any], own: BaseDatabaseWrapper) -> Any:
    return param.output_field.get_db_prep_save(values[param.key], connection=own)
