"""A number that every public change raises, so that what is cached in a process's memory is never stale.

The number lies in the database, so all processes see it; whoever caches puts it into the key. It is the sum of a few
rows: each change raises one that no other change holds at the moment. A single row would make every change wait for
each other one until its end, and two of them for one another without end.
"""

import datetime
import secrets
import time
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.utils.http import quote_etag

from core.dates import today
from core.models import Revision

Rows = TypeVar("Rows")

# Every visit asks this: building the query with the ORM would take as long as all the rest of a kept page.
_NUMBER = "SELECT CAST(COALESCE(SUM(number), 0) AS bigint) FROM core_revision"


def current() -> int:
    """Return the number of the newest public change (one query)."""
    if connection.vendor == "postgresql":
        return int(connection.first_value(_NUMBER))  # type: ignore[attr-defined]  # core.postgresql
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER)
        return int(cursor.fetchone()[0])


# How long a process relies on the number it read last: less than anybody needs from a press to the next page.
_RECENT_SECONDS = 0.1
_read: tuple[float, int] = (float("-inf"), 0)  # when, and which number
_clear_kept: list[Callable[[], None]] = []


def recent() -> int:
    """Return the number as it was at most a tenth of a second ago, and after each change of this process's own.

    For what is asked hundreds of times a second: then nearly no one asks the database.
    """
    global _read
    at, number = _read
    now = time.monotonic()
    if now - at > _RECENT_SECONDS:
        number = current()
        _read = now, number
    return number


def kept(read: Callable[[datetime.date], Rows]) -> Callable[[], Rows]:
    """Decorate a function that reads `Published` rows as of a day: the result is kept until the next public change.

    Who calls it gets today's, shared with everybody else: nobody may change it. Asking costs one query; what was kept
    before is dropped with the first new one, so nothing of an erased person stays.
    """

    @lru_cache(maxsize=1)
    def read_once(_number: int, day: datetime.date) -> Rows:
        return read(day)

    @wraps(read)
    def rows_of_today() -> Rows:
        return read_once(current(), today())

    _clear_kept.append(read_once.cache_clear)
    return rows_of_today


def forget() -> None:
    """Forget all that this process has read."""
    _forget_recent()
    for clear in _clear_kept:
        clear()


def _forget_recent() -> None:
    global _read
    _read = float("-inf"), 0


def tag(form: int) -> str:
    """Return the ETag of a file made of public data and of today's date (one query).

    form: a number that the file's maker raises when the file changes its form, so that nobody keeps the old one.
    """
    return quote_etag(f"{form}-{current()}-{today()}")


def raise_number() -> None:
    """Record a public change; part of the caller's transaction, so readers see number and data together.

    The step is random: whoever reads in a transaction that fails later has kept what never came to be, under a number
    that must not come again.
    """
    step = 1 + secrets.randbelow(1 << 31)  # the field holds 63 bits
    with transaction.atomic(savepoint=False):
        row = Revision.objects.select_for_update(skip_locked=True).first() or Revision()
        row.number += step
        row.save()
    _forget_recent()


class PublishedQuerySet(models.QuerySet[Any]):
    """Changes of many rows at once raise the number, too."""

    def update(self, **values: Any) -> int:
        count = super().update(**values)
        raise_number()
        return count

    def delete(self) -> tuple[int, dict[str, int]]:
        result = super().delete()
        raise_number()
        return result

    def bulk_create(self, *args: Any, **options: Any) -> list[Any]:
        result = super().bulk_create(*args, **options)
        raise_number()
        return result


class Published(models.Model):
    """Base of models that public pages show: every change raises the number. Own QuerySets build on PublishedQuerySet.

    Rows of a many-to-many field are the one thing that does not: save the object in the same transaction.
    """

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        raise_number()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        result = super().delete(*args, **kwargs)
        raise_number()
        return result
