"""What the threads of one web process share: each result is the one that a thread alone would get."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core import letters, markdown
from core.templatetags.components import render_once

THREADS, EACH = 8, 60


def together(work: Callable[[int], Any]) -> list[Any]:
    """Return the result for each number; all threads begin at once, and several do the same number."""
    start = threading.Barrier(THREADS)

    def share(thread: int) -> list[Any]:
        start.wait(30)
        return [work(number) for number in range(thread % 2, EACH)]

    with ThreadPoolExecutor(THREADS) as pool:
        return [result for results in pool.map(share, range(THREADS)) for result in results]


def alone(work: Callable[[int], Any]) -> list[Any]:
    return [work(number) for thread in range(THREADS) for number in range(thread % 2, EACH)]


def cleaned(number: int) -> str:
    text = f"## Punkt {number}\n\n- **fett {number}** <script>{number}</script>\n- [Seite](/seite/{number}/)"
    return markdown.render(text)


def inlined(number: int) -> str:
    page = f"<html><head><style>p {{ color: #{number:06x} }}</style></head><body><p>Brief {number}</p></body></html>"
    return letters._inliner.inline(page)


def drawn(number: int) -> str:
    return render_once("components/badge.html", variant="info", text=f"Schild {number}")


@pytest.mark.parametrize("work", [cleaned, inlined, drawn])
def test_threads_do_not_mix_what_they_share(work):
    assert together(work) == alone(work)
    assert len(set(alone(work))) == EACH
