"""What a search finds and how words are compared. Each app's search.py says what it offers, and to whom."""

import re
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.dates import long_date
from core.folding import fold
from core.models import Batch
from core.text import one_line

_WORD = re.compile(r"\w+")
_INSIDE_A_WORD = 4  # from so many letters on a word is also found inside a longer one: "karte" in "Ehrenamtskarte"
_BEFORE, _LENGTH = 60, 180
_NEWEST_BATCHES = 500


@dataclass(frozen=True)
class Result:
    """One thing found. kind: plural, the heading under which it stands ("Kommunen"); line: what it is, may be empty."""

    kind: str
    title: str
    line: str
    url: str


def holds(text: str, query: str, *, inside: bool = True) -> bool:
    """Whether each word of the query begins a word of the text or, with `inside`, stands in one.

    "ü" may be typed "u" or "ue". Long texts are better asked without `inside` first: "rhein" is in every "Nordrhein".
    """
    words = {word for spelling in fold(text) for word in spelling.split()}
    spellings = [spelling.split() for spelling in fold(query)]
    return any(
        spelling and all(any(_fits(wanted, word, inside) for word in words) for wanted in spelling)
        for spelling in spellings
    )


def _fits(wanted: str, word: str, inside: bool) -> bool:
    return word.startswith(wanted) or (inside and len(wanted) >= _INSIDE_A_WORD and wanted in word)


def snippet(text: str, query: str) -> str:
    """Return the part of a text around the first word that the query names, else its beginning; on one line."""
    text = " ".join(text.split())
    start = max(_place_of(text, query) - _BEFORE, 0)
    if start:
        start = text.find(" ", start) + 1
    end = start + _LENGTH
    part = text[start:end].rpartition(" ")[0] if end < len(text) else text[start:]
    return f"{'… ' if start else ''}{part}{' …' if end < len(text) else ''}"


def _place_of(text: str, query: str) -> int:
    """Where the first word of the query stands: at the beginning of a word if there is one, else inside a word."""
    wanted = {word for spelling in fold(query) for word in spelling.split()}
    for inside in (False, True):
        for match in _WORD.finditer(text):
            words = {word for spelling in fold(match[0]) for word in spelling.split()}
            if any(_fits(one, word, inside) for word in words for one in wanted):
                return match.start()
    return 0


def batches(user: Any, query: str) -> list[Result]:
    """Return the newest batches of mail whose title fits, for staff who may see them."""
    if not user.has_perm("core.view_batch"):
        return []
    rows = Batch.objects.values_list("pk", "title", "created_at", "recipients")[:_NEWEST_BATCHES]
    return [
        Result(
            "Sammelsendungen",
            title,
            f"{long_date(timezone.localdate(created_at))}, Empfänger: {recipients}",
            reverse("admin:core_batch_change", args=[pk]),
        )
        for pk, title, created_at, recipients in rows
        if holds(one_line(title, 200), query)
    ]
