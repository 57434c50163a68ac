"""The office's Markdown in a letter: HTML without the marks of web pages, and a text part written for reading."""

from collections.abc import Iterator
from urllib.parse import urljoin

import nh3
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it.token import Token

from core.markdown import parse, render

_LINE = "-"


def letter_html(text: str) -> SafeString:
    """Return the text as HTML whose links hold outside the portal. ValidationError as `core.markdown.render`."""
    # The mark of links that lead away, with its words for screen readers, belongs to our style sheet; mails have none.
    html = nh3.clean(
        str(render(text)),
        tags=nh3.ALLOWED_TAGS - {"span"},
        clean_content_tags={"span"},
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        url_relative=("rewrite_with_base", f"{settings.SITE_URL}/"),
    )
    return mark_safe(html)  # noqa: S308 - cleaned by nh3


def letter_text(text: str) -> str:
    """Return the text for programs that show no HTML: headings underlined, addresses in brackets after their words."""
    return "\n\n".join(block for block in _blocks(list(parse(text))) if block).strip()


def _blocks(tokens: list[Token]) -> Iterator[str]:
    """Yield what stands between blank lines; a list is one block."""
    place = 0
    while place < len(tokens):
        token = tokens[place]
        end = _end(tokens, place)
        inside = tokens[place + 1 : end]
        match token.type:
            case "heading_open":
                words = _words(inside[0])
                yield f"{words}\n{_LINE * min(len(words), 60)}"
            case "paragraph_open":
                yield _words(inside[0])
            case "hr":
                yield _LINE * 40
            case "bullet_list_open" | "ordered_list_open":
                yield "\n".join(_items(token, inside))
        place = end + 1


def _items(opening: Token, tokens: list[Token]) -> Iterator[str]:
    """Yield the points of a list with their marks, what is inside them moved in."""
    number = int(opening.attrGet("start") or 1)
    place = 0
    while place < len(tokens):
        end = _end(tokens, place)
        mark = "- " if opening.type == "bullet_list_open" else f"{number}. "
        body = "\n".join(_blocks(tokens[place + 1 : end]))
        yield mark + body.replace("\n", "\n" + " " * len(mark))
        number += 1
        place = end + 1


def _end(tokens: list[Token], place: int) -> int:
    """Return where what opens here closes; the same place for what is one token."""
    depth = 0
    for position in range(place, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position
    return len(tokens) - 1


def _words(inline: Token) -> str:
    parts: list[str] = []
    links: list[tuple[str, int]] = []
    for token in inline.children or []:
        match token.type:
            case "text" | "text_special":
                parts.append(token.content)
            case "softbreak" | "hardbreak":
                parts.append("\n")
            case "link_open":
                links.append((urljoin(f"{settings.SITE_URL}/", str(token.attrGet("href") or "")), len(parts)))
            case "link_close":
                address, begin = links.pop()
                named = "".join(parts[begin:])
                if named not in (address, address.removeprefix("mailto:")):
                    parts.append(f" ({address.removeprefix('mailto:')})")
    return "".join(parts)
