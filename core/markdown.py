"""Texts of the office, written in Markdown, become safe HTML: headings from h2 on, links to elsewhere marked.

Only what an office writes is understood (headings, paragraphs, lists, emphasis, links, rules); everything else, HTML
included, shows as it was typed. nh3 then lets through only the tags listed here, should the parser ever be fooled.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from urllib.parse import urlsplit

import nh3
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

MAX_BYTES = 100_000
# Rendering takes time by signs, not by letters: so many take less than half a second on a slow machine, and a text of
# 100 kB in good order has a third of them.
MAX_SIGNS = 5_000
_SIGNS = re.compile(r"[\[\]*_<>&\\#!\n+-]|\d[.)]")

_UNDERSTOOD = ("heading", "list", "hr", "emphasis", "link", "autolink", "escape", "entity", "newline")
_TAGS = {"a", "br", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "span", "strong", "ul"}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "span": {"aria-hidden"}}
_CLASSES = {"span": {"kern-icon", "kern-icon--open-in-new", "kern-icon--small", "kern-sr-only"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_LEADS_AWAY_IN_WORDS = '<span class="kern-sr-only"> (andere Website)</span>'
_LEADS_AWAY = (
    f'<span class="kern-icon kern-icon--open-in-new kern-icon--small" aria-hidden="true"></span>{_LEADS_AWAY_IN_WORDS}'
)
_BLOCK_ENDS = re.compile(r"</(?:p|li|h\d)>|<br>|<hr>")
_PLACEHOLDER = re.compile(r"\[[^\][\n]+\](?!\()")


@dataclass(frozen=True)
class Part:
    """What stands under one heading: its text without marks, and the HTML below it."""

    title: str
    html: SafeString
    parts: tuple["Part", ...] = ()


def render(text: str, *, below: int = 1) -> SafeString:
    """Return the text as HTML. ValidationError for a text that `check_text` refuses.

    below: the level of the heading under which it stands, so that its own begin one further down.
    """
    return mark_safe(_render(text, below + 1))  # noqa: S308 - cleaned by nh3


def outline(text: str) -> tuple[SafeString, tuple[Part, ...]]:
    """Return the HTML before the first heading and the parts under the main headings, each with its own parts.

    `Part.html` of a main part is what stands before its first sub-heading. ValidationError as in `render`.
    """
    before, parts = _cut(_render(text), 2)
    return mark_safe(before), tuple(_with_parts(title, html) for title, html in parts)  # noqa: S308 - cleaned


def plain(text: str) -> str:
    """Return the words of the text on one line, without marks, headings included. ValidationError as in `render`."""
    return _plain(_render(text))


def placeholders(text: str) -> list[str]:
    """Return what the operator has still to fill in: words in square brackets that are no link."""
    return _PLACEHOLDER.findall(text)


def check_text(text: str) -> None:
    """Validator: ValidationError (German) for a text too long or too full of signs to be rendered in a second."""
    if len(text.encode()) > MAX_BYTES:
        raise ValidationError("Kürzen Sie den Text: Höchstens 100.000 Zeichen sind möglich.", code="too_long")
    if len(_SIGNS.findall(text)) > MAX_SIGNS:
        raise ValidationError(
            "Kürzen Sie den Text, oder nehmen Sie Zeilenwechsel, Klammern und Sternchen heraus: Es sind zu viele.",
            code="too_many_signs",
        )


def parse(text: str) -> list[Token]:
    """Return what stands in the text, for whoever writes something else than HTML. ValidationError as in `render`."""
    check_text(text)
    return _parser().parse(text)


# A parser and a cleaner for each text: neither is promised to be safe when threads share it.
def _parser() -> MarkdownIt:
    return MarkdownIt("zero").enable(list(_UNDERSTOOD))


@lru_cache(maxsize=64)
def _render(text: str, highest: int = 2) -> str:
    check_text(text)
    parser = _parser()
    tokens = parser.parse(text)
    _level_headings([token for token in tokens if token.tag in ("h1", "h2", "h3", "h4", "h5", "h6")], highest)
    for token in tokens:
        token.children = list(_mark_links(token.children or []))
    html = parser.renderer.render(tokens, parser.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )


def _level_headings(tokens: list[Token], first: int) -> None:
    """Let the highest heading be of this level, and none be more than one step below its forerunner."""
    highest = min((int(token.tag[1]) for token in tokens), default=first)
    level = first - 1
    for opening, closing in zip(tokens[::2], tokens[1::2], strict=True):
        level = min(int(opening.tag[1]) - highest + first, level + 1, 6)
        opening.tag = closing.tag = f"h{level}"


def _mark_links(tokens: list[Token]) -> Iterator[Token]:
    """Put a sign and a word into each link that leaves the portal."""
    leads_away = False
    for token in tokens:
        if token.type == "link_open":
            leads_away = _is_elsewhere(str(token.attrGet("href") or ""))
        if token.type == "link_close" and leads_away:
            yield Token("html_inline", "", 0, content=_LEADS_AWAY)
        yield token


def _is_elsewhere(address: str) -> bool:
    try:
        target = urlsplit(address)
    except ValueError:  # "https://[": no address that anybody could follow
        return False
    return bool(target.netloc) and target.netloc != urlsplit(settings.SITE_URL).netloc


def _cut(html: str, level: int) -> tuple[str, list[tuple[str, str]]]:
    """Cut HTML at its headings of a level: what stands before, and title and HTML of each piece."""
    opening, closing = f"<h{level}>", f"</h{level}>"
    before, *pieces = html.split(opening)
    cut = (piece.partition(closing) for piece in pieces)
    return before.strip(), [(title, body.strip()) for title, _, body in cut]


def _with_parts(title: str, html: str) -> Part:
    before, parts = _cut(html, 3)
    inner = tuple(_part(name, body) for name, body in parts)
    return Part(_words(title), mark_safe(before), inner)  # noqa: S308 - cleaned


def _plain(html: str) -> str:
    spaced = _BLOCK_ENDS.sub(" ", html.replace(_LEADS_AWAY_IN_WORDS, ""))
    return " ".join(unescape(nh3.clean(spaced, tags=set())).split())


def _part(title: str, html: str) -> Part:
    return Part(_words(title), mark_safe(html))  # noqa: S308 - cleaned


def _words(html: str) -> SafeString:
    """A heading's words, still escaped, without emphasis and links."""
    return mark_safe(nh3.clean(html, tags=set()))  # noqa: S308 - cleaned
