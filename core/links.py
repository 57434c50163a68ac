"""Personal links: whoever holds the address may do the one thing it is for, without an account.

A token is the random name of a row and a signature over row, purpose and version. It needs no table and can be written
again in a reminder; a copy of the database makes none, for that takes SECRET_KEY. Raising the version withdraws every
link of a row. When the task of a link has ended, its view says so: that is no matter of the token.
"""

import base64
import functools
import re
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare, salted_hmac

# 128 bits each; letters and digits that survive line breaks, capital letters on paper and the end of a sentence.
_BYTES, _LENGTH = 16, 26
_TOKEN = re.compile(f"[a-z2-7]{{{2 * _LENGTH}}}")


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def new_link_id() -> str:
    """Return a random name that nobody guesses, 26 characters long."""
    return _text(secrets.token_bytes(_BYTES))


class Linked(models.Model):
    """Base of models that personal links lead to.

    Added to a model that has rows, `link_id` comes in three migrations (nullable, filled row by row, unique): Django
    would give all rows the same default.
    """

    link_id = models.CharField(max_length=_LENGTH, unique=True, default=new_link_id, editable=False)
    link_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Leave the version alone: an object read before a withdrawal must not bring the old links back."""
        if not self._state.adding and kwargs.get("update_fields") is None:
            fields = {field.name for field in self._meta.concrete_fields if not field.primary_key}
            kwargs["update_fields"] = fields - self.get_deferred_fields() - {"link_version"}
        super().save(*args, **kwargs)


Row = TypeVar("Row", bound=Linked)


def token_for(row: Linked, purpose: str) -> str:
    """Return the token that leads to this row for this purpose: the same each time, until it is withdrawn.

    purpose: a word that the app chooses, one for each kind of link ("reply", "unsubscribe").
    """
    return row.link_id + _signature(row, purpose, row.link_version, settings.SECRET_KEY)


def row_for(rows: type[Row] | QuerySet[Row], purpose: str, token: str, *, withdrawn: bool = False) -> Row | None:
    """Return the row that this token leads to; None for one that is forged, cut, withdrawn or for something else.

    rows: a model, or a QuerySet of it that also says what else to load. Tokens signed with a key of
    SECRET_KEY_FALLBACKS still lead there. withdrawn: a token that was withdrawn does, too, for what it may still do.
    """
    if not _TOKEN.fullmatch(token):
        return None
    queryset = rows if isinstance(rows, QuerySet) else rows._default_manager.all()
    row = queryset.filter(link_id=token[:_LENGTH]).first()
    if row is None:
        return None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    given = token[_LENGTH:]
    versions = range(1, row.link_version + 1) if withdrawn else [row.link_version]
    known = (_signature(row, purpose, version, key) for version in versions for key in keys)
    return row if any(constant_time_compare(given, signature) for signature in known) else None


def row_or_404(rows: type[Row] | QuerySet[Row], purpose: str, token: str) -> Row:
    """Return the row as `row_for` does; Http404 where that is None, which `by_link` turns into a friendly page."""
    row = row_for(rows, purpose, token)
    if row is None:
        raise Http404
    return row


def withdraw(rows: QuerySet[Any]) -> int:
    """Make every link to these rows worthless, for all purposes; return of how many rows. New tokens hold at once.

    Rows in hand keep their old version: read them again before writing a new link.
    """
    return rows.update(link_version=F("link_version") + 1)


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view whose address holds a token: kept by no cache and no search engine, told to no other host.

    Http404 inside becomes the page "Dieser Link gilt nicht mehr" with what to do next. Opening must be safe, since mail
    programs open every link: what changes something is a POST.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            response = render(request, "core/link_gone.html", status=404)
        response.headers["Cache-Control"] = "private, no-store"
        # With "no-referrer" browsers send "Origin: null", and Django refuses every POST.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def _signature(row: Linked, purpose: str, version: int, key: str) -> str:
    model = row._meta.concrete_model or type(row)
    value = f"{model._meta.label_lower}:{purpose}:{row.link_id}:{version}"
    return _text(salted_hmac("core.links", value, secret=key, algorithm="sha256").digest()[:_BYTES])
