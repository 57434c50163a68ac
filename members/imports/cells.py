"""What people write into the cells of their lists: names, addresses, numbers, dates. Refusals say what to do."""

import datetime
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.dates import PartialDate, Precision, parse_partial_date
from core.folding import sort_key
from members.models.people import FormOfAddress

_FORMS = {"frau": FormOfAddress.MS, "fr": FormOfAddress.MS, "herr": FormOfAddress.MR, "herrn": FormOfAddress.MR}
_FORMS |= {"hr": FormOfAddress.MR, "hrn": FormOfAddress.MR}
_TITLE = re.compile(r"(?:Prof|Professorin|Professor|PD|Dr|Doktor|Dipl|Mag)\.?(?:-\w+\.?)*")
_TITLE_GOES_ON = re.compile(r"[a-z.]{1,8}\.|\([A-Z]{2,3}\)")  # "med.", "h.c.", "(FH)"
_GLUED_TITLE = re.compile(r"\b(Prof|Dr)\.(?=[^\W\d_a-z])")
_PARTICLES = frozenset({
    "von", "van", "vom", "zu", "zum", "zur", "de", "den", "der", "del", "da", "di", "la", "le", "el", "ten",
    "ter",
})  # fmt: skip
_NOTHING = frozenset({
    "-", "–", "—", "?", "/", "k.a.", "k. a.", "n.n.", "n. n.", "nn", "unbekannt", "keine angabe", "entfällt",
})  # fmt: skip
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")
_SPELLED_AT = re.compile(r"\s*[\[({]\s*(?:at|ät)\s*[\])}]\s*", re.IGNORECASE)
_POWER = re.compile(r"\d[,.]?\d*E\+\d+", re.IGNORECASE)
_BEFORE_DATE = re.compile(r"^(?:seit|ab|am|bis|zum|vom)\s+", re.IGNORECASE)
_TIME = re.compile(r"(?<=\d)[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_SERIAL = re.compile(r"[1-7]\d{4}(?:\.\d+)?")
# Day 0 of Excel's calendar, after its leap day of 1900 that never was.
_DAY_ZERO = datetime.date(1899, 12, 30)
_YES = frozenset({
    "ja", "j", "x", "1", "wahr", "true", "yes", "stv", "stellv", "vertretung", "stellvertretung", "vertreter",
    "vertreterin", "stellvertreter", "stellvertreterin", "stellvertretend",
})  # fmt: skip
_NO = frozenset({
    "nein", "n", "0", "falsch", "false", "no", "leitung", "erste", "hauptansprechperson", "ansprechperson",
    "ansprechpartner", "ansprechpartnerin",
})  # fmt: skip


def is_nothing(text: str) -> bool:
    """Whether the cell says in one of the usual ways that there is nothing to say."""
    return not text or text.casefold() in _NOTHING


@dataclass(frozen=True)
class Name:
    """A name as the model keeps it."""

    form_of_address: str = ""
    title: str = ""
    first_name: str = ""
    last_name: str = ""


def read_form_of_address(text: str) -> str:
    """Read "Frau", "Herrn" …; ValidationError for what the portal cannot store."""
    word = sort_key(text)
    if word in ("", "divers", "ohne", "ohne anrede", "neutral"):
        return FormOfAddress.NONE
    if word not in _FORMS:
        raise ValidationError(f"Schreiben Sie „Frau“ oder „Herr“ oder lassen Sie die Anrede leer (hier: „{text}“).")
    return _FORMS[word]


def read_name(text: str) -> Name:
    """Take "Frau Dr. Ada von Beispiel" or "Beispiel, Dr. Ada" apart; what is not written is never guessed."""
    words = _GLUED_TITLE.sub(r"\1. ", text).replace(",", " , ").split()
    form = FormOfAddress.NONE
    if len(words) > 1:
        form = _FORMS.get(words[0].casefold().rstrip("."), form)
        words = words[1:] if form else words
    title, words = _without_title(words)
    if words.count(",") == 1:
        at = words.index(",")
        title_behind, first = _without_title(words[at + 1 :])
        return Name(form, title or title_behind, " ".join(first), " ".join(words[:at]))
    words = " ".join(words).replace(" ,", ",").split()
    at = len(words) - 1
    while at > 0 and words[at - 1].casefold() in _PARTICLES:
        at -= 1
    return Name(form, title, " ".join(words[:at]), " ".join(words[at:]))


def _without_title(words: list[str]) -> tuple[str, list[str]]:
    """The academic title at the beginning, and the words after it."""
    at = 0
    while at < len(words) - 1 and (_TITLE.fullmatch(words[at]) or (at and _TITLE_GOES_ON.fullmatch(words[at]))):
        at += 1
    return " ".join(words[:at]), words[at:]


def read_email(text: str) -> str:
    """Read one address, also as "Rosa <rosa@…>", "mailto:" or "rosa(at)…"; lower case. "" for an empty cell."""
    if not text:
        return ""
    plain = re.sub(r"\bmailto:", " ", _SPELLED_AT.sub("@", text), flags=re.IGNORECASE)
    found = list(dict.fromkeys(address.strip(".'").lower() for address in _ADDRESS.findall(plain)))
    if len(found) > 1:
        raise ValidationError(
            f"Lassen Sie eine E-Mail-Adresse stehen ({' oder '.join(found)}), "
            "oder geben Sie der zweiten Person eine eigene Zeile."
        )
    try:
        validate_email(found[0] if found else "")
    except ValidationError as error:
        raise ValidationError(f"Prüfen Sie die E-Mail-Adresse „{text}“: Sie ist nicht vollständig.") from error
    return found[0]


def read_phone(text: str) -> str:
    """Read a number; the zero or plus that Excel cut off from a "number" is put back. "" for an empty cell."""
    if not text:
        return ""
    if _POWER.fullmatch(text):
        raise ValidationError(
            f"Tippen Sie die Telefonnummer neu ein und formatieren Sie die Zelle vorher als Text: Excel hat „{text}“ "
            "daraus gemacht."
        )
    if text.isascii() and text.isdecimal() and len(text) >= 8 and text[0] != "0":
        # No area code of NRW begins with 49 (they are 02… and 05…), so it is the country's.
        return f"+{text}" if text.startswith("49") else f"0{text}"
    return text


def read_date(text: str) -> PartialDate | None:
    """Read a date of any precision, also Excel's number of the day; None where it is unknown."""
    if not text:
        return None
    plain = _TIME.sub("", _BEFORE_DATE.sub("", text))
    if _SERIAL.fullmatch(plain):
        return PartialDate(_DAY_ZERO + datetime.timedelta(days=int(float(plain))), Precision.DAY)
    try:
        return parse_partial_date(plain)
    except ValueError as error:
        raise ValidationError(f"{error} Hier steht „{text}“.") from error


def read_day(text: str) -> datetime.date | None:
    """Read a date that must be exact to the day."""
    date = read_date(text)
    if date and date.precision != Precision.DAY:
        raise ValidationError(f"Nennen Sie auch den Tag, zum Beispiel „1.11.2025“. Hier steht „{text}“.")
    return date.day if date else None


def read_yes_no(text: str) -> bool | None:
    """Read whether it is so; None for an empty cell."""
    word = sort_key(text).replace(" ", "")
    if not word:
        return None
    if word not in _YES | _NO:
        raise ValidationError(
            f"Schreiben Sie „ja“ oder „nein“ (hier: „{text}“). "
            "Ist das ein Name, geben Sie der Vertretung eine eigene Zeile."
        )
    return word in _YES


def read_ags(text: str) -> str:
    """Read a municipality key of eight digits; Excel's lost zero and the Kreis's missing ones are put back."""
    digits = re.sub(r"[\s.\-/]", "", text)
    if not text:
        return ""
    if not (digits.isascii() and digits.isdecimal()):
        raise ValidationError(f"Prüfen Sie den Gemeindeschlüssel „{text}“: Er besteht aus acht Ziffern.")
    digits = digits if digits.startswith("05") else f"0{digits}"
    if len(digits) == 12:  # Regionalschlüssel: the four digits of the Verband stand before the last three
        digits = digits[:5] + digits[9:]
    if len(digits) in (3, 5):
        digits = digits.ljust(8, "0")
    if len(digits) != 8 or not digits.startswith("05"):
        raise ValidationError(
            f"Prüfen Sie den Gemeindeschlüssel „{text}“: In Nordrhein-Westfalen hat er acht Ziffern und beginnt mit 05."
        )
    return digits
