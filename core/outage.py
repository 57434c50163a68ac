"""Tells an outage of the database from an error of ours."""

from collections.abc import Iterator

from django.db import InterfaceError, OperationalError


def is_outage(error: BaseException | None) -> bool:
    """Whether the error is, or comes from, a database that is away, hangs, or has no room.

    PostgreSQL's OperationalError and InterfaceError mean just that. SQLite also calls a mistake in our SQL an
    OperationalError; it has the bare code SQLITE_ERROR.
    """
    return any(
        isinstance(cause, (OperationalError, InterfaceError))
        and getattr(cause.__cause__, "sqlite_errorname", "") != "SQLITE_ERROR"
        for cause in _causes(error)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and whatever was being handled when it was raised."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
