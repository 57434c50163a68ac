"""What all lists and records of the back office share."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin

# A message that names more than these is no longer read.
_NAMED = 10


class RecordAdmin(SimpleHistoryAdmin):
    """A record with its history. Two people saving what cannot both be true: the second is told, her input stays."""

    list_per_page = 50
    show_full_result_count = False

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Run the form again when action or database refuse the row: by then it sees what the other person saved."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (IntegrityError, ValidationError):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return super().history_view(request, str(_number(object_id)), extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return super().history_form_view(request, str(_number(object_id)), str(_number(version_id)), extra_context)


def _number(part: str) -> int:
    """A row's number out of an address; Http404 for anything else, which django-simple-history would not survive."""
    text = unquote(part)
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    return int(text)


def for_each(request: HttpRequest, rows: Iterable[Any], verb: Callable[[Any], Any], *, done: str) -> list[Any]:
    """Do a verb to each chosen row of a list; tell to how many and to whom, and to whom not and why.

    verb: an action that takes the row and refuses with ValidationError; `functools.partial` gives it who acts.
    done: what has happened, in one or two words that fit one and many ("Gesperrt"). Rows are named by their text.
    Returns what the verb answered for each row it was done to.
    """
    names: list[str] = []
    answers: list[Any] = []
    refused: dict[str, list[str]] = {}
    for row in rows:
        try:
            answers.append(verb(row))
            names.append(str(row))
        except ValidationError as error:
            refused.setdefault(" ".join(error.messages), []).append(str(row))
    if names:
        messages.success(request, f"{done} ({len(names)}): {_listed(names)}.")
    for reason, whom in refused.items():
        # Some reasons name the row themselves.
        messages.warning(request, reason if whom[0] in reason else f"{_listed(whom)}: {reason}")
    return answers


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" und {more} weitere" if more > 0 else "")
