"""The wording of mails: subject, and what stands above and below the facts – as shipped, or as the office wrote it.

Shipped wordings lie beside the templates of the facts, in `templates/<app>/emails/<name>.words.txt`: a first line with
the subject, the opening, a line FACTS, the closing. Wordings are plain text with placeholders ("{name}") and never a
template, so nothing that somebody types can reach what the portal does not offer.
"""

import datetime
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import escape, linebreaks, urlize
from django.utils.safestring import SafeString

from core.mailkinds import MailKind, all_kinds, kind_for
from core.models import MailState, MailText, OutgoingMail

FACTS = "[Angaben des Portals]"
_SUBJECT = "Betreff:"
_PLACEHOLDER = re.compile(r"( ?)\{(\w+)\}")
_BRACES = re.compile(r"\{[^{}\n]*\}|[{}]")
_COUNTED = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Wording:
    """Plain texts; a blank line separates paragraphs."""

    subject: str
    opening: str
    closing: str


@dataclass(frozen=True)
class Line:
    """A kind in the table "Automatische E-Mails". text: None as long as nobody changed anything."""

    kind: MailKind
    text: MailText | None
    last_sent: datetime.datetime | None
    lately: int

    @property
    def is_own(self) -> bool:
        return bool(self.text and self.text.is_own)

    @property
    def is_off(self) -> bool:
        return bool(self.text and self.text.is_off)


def shipped(kind: MailKind) -> Wording:
    """Return the wording that came with the portal."""
    source: str = get_template(f"{kind.template}.words.txt").template.source  # type: ignore[attr-defined]
    head, _, closing = source.partition(FACTS)
    subject, _, opening = head.partition("\n")
    return Wording(subject.removeprefix(_SUBJECT).strip(), opening.strip(), closing.strip())


def wording_of(key: str) -> Wording:
    """Return the wording in which a kind is sent now."""
    text = MailText.objects.filter(kind=key).exclude(subject="").first()
    return Wording(text.subject, text.opening, text.closing) if text else shipped(kind_for(key))


def is_off(kind: MailKind) -> bool:
    """Whether the office has switched this kind off; only an optional one can be."""
    return kind.optional and MailText.objects.filter(kind=kind.key, is_off=True).exists()


def goes_out(key: str) -> bool:
    """Return whether mails of this kind are sent; a page promises none that the office has switched off."""
    return not is_off(kind_for(key))


def strange_in(text: str, allowed: Collection[str]) -> list[str]:
    """Return what stands in braces and is no placeholder of this mail, and braces that lead nowhere."""
    return [found for found in _BRACES.findall(text) if found[1:-1] not in allowed]


def as_text(text: str, words: Mapping[str, str]) -> str:
    """Put the words in place of the placeholders; one without a word vanishes with the space before it."""
    return _PLACEHOLDER.sub(lambda found: _word(found, words), text)


def as_html(text: str, words: Mapping[str, str]) -> SafeString:
    """The same as paragraphs, with addresses as links; nothing in text or words can become markup."""
    if not text.strip():  # of which Django makes an empty paragraph
        return SafeString("")
    safe = {name: escape(word) for name, word in words.items()}
    return SafeString(as_text(linebreaks(urlize(text, autoescape=True)), safe))


def _word(found: re.Match[str], words: Mapping[str, str]) -> str:
    word = words.get(found[2], "")
    return found[1] + word if word else ""


def lines() -> list[Line]:
    """Return all kinds of mail with their state and what was sent in the last 30 days, by two queries."""
    texts = {text.kind: text for text in MailText.objects.all()}
    sent = Q(state=MailState.SENT)
    counts = OutgoingMail.objects.order_by().values("kind").annotate(
        last=Max("settled_at", filter=sent),
        lately=Count("pk", filter=sent & Q(settled_at__gt=timezone.now() - _COUNTED)),
    )  # fmt: skip
    counted = {row["kind"]: (row["last"], row["lately"]) for row in counts}
    return [Line(kind, texts.get(kind.key), *counted.get(kind.key, (None, 0))) for kind in all_kinds()]
