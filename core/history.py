"""History of every change: who, when, old and new values (django-simple-history), and the acting person's name as text.

Several persons may share one account, and a person may be erased; so a history row keeps the account and, beside
it, the key and name of whoever acted. Set the actor with `acting_as`; the web does so in a middleware of `members`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords


@dataclass(frozen=True)
class Actor:
    """Who acts: an opaque key ("person:17", "system") and the name as it shall be read later."""

    key: str = ""
    name: str = ""


_actor: ContextVar[Actor] = ContextVar("actor", default=Actor())  # noqa: B039 - an Actor is frozen


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Name the actor of all changes made inside the block."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def actor_key() -> str:
    return _actor.get().key


def actor_name() -> str:
    return _actor.get().name


class ActingHistory(models.Model):
    """Base of all history rows; the defaults read the actor at the moment of the change."""

    actor_key = models.CharField(max_length=40, blank=True, default=actor_key)
    actor_name = models.CharField(max_length=200, blank=True, default=actor_name)

    class Meta:
        abstract = True


def keep_history(**options: Any) -> HistoricalRecords:
    """Declare on a model that its changes are kept: `history = keep_history()`."""
    return HistoricalRecords(bases=[ActingHistory], **options)
