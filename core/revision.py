"""A number that every public change raises, so that what is cached in a process's memory is never stale.

The number lies in the database, so all processes see it; whoever caches puts it into the key. It is the sum of a few
rows: each change raises one that no other change holds at the moment. A single row would make every change wait for
each other one until its end, and two of them for one another without end.
"""

import secrets
import time
from typing import Any

from django.db import connection, models, transaction
from django.utils.http import quote_etag

from core.dates import today
from core.models import Revision

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


def forget() -> None:
    """Let the next one who asks for the recent number ask the database."""
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
    forget()


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
