"""Log lines without personal links: a token in a log would let whoever reads it answer in another's name."""

import logging
import re
from copy import copy

# What `core.links` makes has 52 of these characters; a token that a mail program cut is nearly as good as whole.
_CHARACTERS, _FEWEST = b"abcdefghijklmnopqrstuvwxyz234567", 40
_TOKEN_LIKE = re.compile(f"[a-z2-7]{{{_FEWEST}}}[a-z2-7]*")
# Makes all of those characters one, and all others another, so that a token is quickly found.
_ALIKE = bytes(b"x "[byte not in _CHARACTERS] for byte in range(256))


def without_tokens(text: str) -> str:
    """Return the text with "[Link]" in place of everything that looks like the token of a personal link."""
    if b"x" * _FEWEST not in text.encode(errors="replace").translate(_ALIKE):
        return text
    return _TOKEN_LIKE.sub("[Link]", text)


class Formatter(logging.Formatter):
    """Python's formatter; tokens are taken out of the whole entry, the traceback included.

    A request that was refused is no fault of ours, so the line that says so bears no traceback.
    """

    def format(self, record: logging.LogRecord) -> str:
        if getattr(record, "status_code", 500) < 500:  # written by Django
            record = copy(record)
            record.exc_info = record.exc_text = None
        return without_tokens(super().format(record))
