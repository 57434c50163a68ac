"""German order, forgiving comparison, address names. Folding goes ü→u and ü→ue, never oe→ö: Coesfeld stays Coesfeld."""

import re
import unicodedata

_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_WORD = re.compile(r"[a-z0-9]+")


def _strip_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def sort_key(text: str) -> str:
    """Key for DIN 5007-1: ä sorts like a, ß like ss, punctuation does not count."""
    return " ".join(_WORD.findall(_strip_marks(text.casefold())))


def fold(text: str) -> tuple[str, str]:
    """Return the two plain forms of a text: with ü as u, and with ü as ue ("munster", "muenster")."""
    lower = unicodedata.normalize("NFC", text.casefold())
    plain, spelled = sort_key(lower), sort_key(lower.translate(_TWO_LETTERS))
    return plain, spelled


def slug_of(text: str) -> str:
    """Return the name as an address part: "Halle (Westf.)" becomes "halle-westf", "Münster" "muenster"."""
    return fold(text)[1].replace(" ", "-")
