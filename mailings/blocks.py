"""Blocks from the portal in the text of a mailing: a line of its own that names a date, a member, or a button.

    {Termin: 2027/engagement-braucht-strategie}
    {Dokumentation: 2026/danke-sagen}
    {Mitglied: rheine}
    {Knopf: Zum Förderantrag | https://www.land.example/antrag}

What a block shows is read when the mailing goes out, so a changed date is right; one that is gone, or that not all may
know of, is a mistake which the office corrects before anything leaves.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template import Context
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.mailtexts import as_text, strange_in
from core.markdown import check_text
from core.markdown_letters import letter_html, letter_text
from meetings.access import is_public
from meetings.models import Meeting
from members.models import Municipality

# What stands for the reader in a text; in the archive it vanishes with the space before it.
PLACEHOLDERS = {"name": "Name der Person, die die E-Mail bekommt"}
# Templates of each block, as HTML and for reading.
_MEETING = ("mailings/blocks/meeting.html", "mailings/blocks/meeting.txt")
_DOCUMENTATION = ("mailings/blocks/documentation.html", "mailings/blocks/documentation.txt")
_MEMBER = ("mailings/blocks/member.html", "mailings/blocks/member.txt")
_BUTTON = ("mailings/blocks/button.html", "mailings/blocks/button.txt")
Shown = tuple[tuple[str, str], dict[str, Any]]
# The newest of these are offered.
_DOCUMENTED = 20
_LINE = re.compile(r"^[ \t]*\{(\w+):[ \t]*([^{}\n]*)\}[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Body:
    """A text with its blocks, as HTML and for reading."""

    html: SafeString
    text: str

    def for_reader(self, name: str) -> "Body":
        """Return the body with the reader's name in its place; without one the place closes."""
        html = as_text(self.html, {"name": escape(name)})
        return Body(mark_safe(html), as_text(self.text, {"name": name}))  # noqa: S308 - both were safe before


def expand(text: str, *, inviting_to: Meeting | None = None) -> Body:
    """Return the text with what its blocks show today. ValidationError (German, a list) as `check`.

    inviting_to: the meeting whose invitation this is; its recipients may know all of it.
    """
    html: list[str] = []
    plain: list[str] = []
    mistakes: list[str] = []
    for piece in _pieces(text):
        try:
            body = _block(*piece, inviting_to) if isinstance(piece, tuple) else _words(piece)
        except ValidationError as error:
            mistakes += error.messages
        else:
            html.append(body.html)
            plain.append(body.text)
    if mistakes:
        raise ValidationError(mistakes)
    return Body(mark_safe("\n".join(html)), "\n\n".join(filter(None, plain)))  # noqa: S308 - safe parts


def check(text: str, *, inviting_to: Meeting | None = None) -> None:
    """Raise ValidationError (German) for blocks that name nothing, or what not all may know of, and lonely braces."""
    check_text(text)
    expand(text, inviting_to=inviting_to)


def _pieces(text: str) -> list[str | tuple[str, str]]:
    """Words, and between them blocks as pairs of their word and what it names."""
    parts = _LINE.split(text)
    pieces: list[str | tuple[str, str]] = []
    for number in range(0, len(parts), 3):
        if parts[number].strip():
            pieces.append(parts[number])
        if number + 2 < len(parts):
            pieces.append((parts[number + 1], parts[number + 2].strip()))
    return pieces


def _words(text: str) -> Body:
    if strange := strange_in(text, PLACEHOLDERS):
        raise ValidationError(
            f"Nehmen Sie {strange[0]} heraus. In geschweiften Klammern stehen nur {{name}} und, auf einer Zeile "
            f"für sich, die Bausteine {_names()}."
        )
    return Body(letter_html(text), letter_text(text))


def _block(word: str, value: str, inviting_to: Meeting | None) -> Body:
    make = _BLOCKS.get(word)
    if make is None:
        raise ValidationError(f"„{word}“ ist kein Baustein. Es gibt {_names()}.")
    (html_name, text_name), context = make(value, inviting_to)
    context["site_url"] = settings.SITE_URL
    html = get_template(html_name).render(context)
    plain = get_template(text_name).template  # type: ignore[attr-defined]
    return Body(mark_safe(html.strip()), plain.render(Context(context, autoescape=False)).strip())  # noqa: S308 - ours


def _names() -> str:
    *names, last = _BLOCKS
    return f"{', '.join(names)} und {last}"


def _named(value: str) -> Meeting | None:
    """The meeting that "2027/engagement" names."""
    year, _, slug = value.partition("/")
    if not (year.isascii() and year.isdecimal() and len(year) == 4):
        return None
    return Meeting.objects.for_list().filter(year=int(year), slug=slug).first()


def _meeting(value: str, inviting_to: Meeting | None) -> Shown:
    found = _named(value)
    is_invitation = found is not None and found == inviting_to
    if found is None or not (is_invitation or is_public(found)):
        raise ValidationError(
            f"Wählen Sie einen anderen Termin: „{value}“ gibt es nicht, oder er ist nicht öffentlich."
        )
    if found.is_cancelled:
        raise ValidationError(f"Nehmen Sie den Termin „{found.title}“ heraus: Er ist abgesagt.")
    return _MEETING, {"meeting": found, "all": is_invitation}


def _documentation(value: str, inviting_to: Meeting | None) -> Shown:
    found = _named(value)
    shown = getattr(found, "documentation", None)
    if found is None or not is_public(found) or shown is None or not shown.is_published:
        raise ValidationError(
            f"Wählen Sie eine andere Dokumentation: Zu „{value}“ ist keine veröffentlicht, oder sie ist nicht für alle."
        )
    return _DOCUMENTATION, {"meeting": found}


def _member(value: str, inviting_to: Meeting | None) -> Shown:
    found = Municipality.objects.members().filter(slug=value).select_related("profile").first()
    if found is None:
        raise ValidationError(f"Wählen Sie eine andere Kommune: „{value}“ ist kein Mitglied.")
    return _MEMBER, {"municipality": found, "profile": getattr(found, "profile", None)}


def _button(value: str, inviting_to: Meeting | None) -> Shown:
    label, _, address = (part.strip() for part in value.partition("|"))
    if not label or not is_address(address):
        raise ValidationError(
            f"Schreiben Sie im Knopf „{value}“ zuerst die Beschriftung, dann | und die Adresse: "
            "„Zum Antrag | https://www.beispiel.de/“."
        )
    return _BUTTON, {"label": label, "address": urljoin(f"{settings.SITE_URL}/", address)}


def is_address(text: str) -> bool:
    """Whether a button can lead there: a page of the portal ("/termine/") or a web address."""
    try:
        target = urlsplit(text)
    except ValueError:
        return False
    if any(sign.isspace() for sign in text):
        return False
    is_own = text.startswith("/") and not target.netloc
    return is_own or (bool(target.netloc) and target.scheme in ("http", "https"))


_BLOCKS: dict[str, Callable[[str, Meeting | None], Shown]] = {
    "Termin": _meeting,
    "Dokumentation": _documentation,
    "Mitglied": _member,
    "Knopf": _button,
}


def meeting_block(meeting: Meeting) -> str:
    """Return the line that stands for a meeting."""
    return f"{{Termin: {meeting.year}/{meeting.slug}}}"


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what can be put into a text, in groups: the line and what it stands for (three queries)."""
    meetings = Meeting.objects.public().taking_place().coming()
    documented = Meeting.objects.public().past().filter(documentation__published_at__isnull=False)[:_DOCUMENTED]
    members = Municipality.objects.members()
    return [
        ("Termin", [(meeting_block(meeting), f"{meeting.title}, {meeting.when}") for meeting in meetings]),
        (
            "Dokumentation",
            [(f"{{Dokumentation: {row.year}/{row.slug}}}", f"{row.title}, {row.when}") for row in documented],
        ),
        ("Knopf", [("{Knopf: Beschriftung | https://www.beispiel.de/}", "Knopf mit eigener Adresse")]),
        ("Mitglied", [(f"{{Mitglied: {body.slug}}}", body.name) for body in members]),
    ]
