"""What a page of the office's text shows."""

from typing import Any

from django.utils.text import Truncator

from core import markdown
from netzwerk.models import PageKey, TextPage

# The parts of these pages that have headings of their own stand side by side as cards.
_IN_CARDS = {PageKey.START, PageKey.JOIN}

# What search engines show below a find.
_SUMMARY_LENGTH = 155


def page_context(page: TextPage) -> dict[str, Any]:
    """Return what templates/netzwerk/text_page.html takes."""
    intro, parts = markdown.outline(page.text)
    return {
        "page": page,
        "intro": intro,
        "parts": parts,
        "cards": page.key in _IN_CARDS,
        "summary": Truncator(markdown.plain(page.text)).chars(_SUMMARY_LENGTH),
    }
