"""The kinds of mail the portal sends. Each app registers its own when Django starts (`AppConfig.ready`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices

if TYPE_CHECKING:
    from core.models import OutgoingMail


class MailClass(TextChoices):
    """What a mail is, which decides its rank, whether it can be unsubscribed and how long its text is kept.

    The stored values sort in the order of rank, so that an index serves the sender (tested).
    """

    ACCESS = "access", "Zugang"
    BUSINESS = "business", "Dienstliches"
    INFORMATION = "information", "Information"


@dataclass(frozen=True)
class Attachment:
    """A text file beside a letter. content_type: with its parameters ("text/calendar; method=REQUEST")."""

    name: str
    content_type: str
    text: str


@dataclass(frozen=True)
class File:
    """A stored file beside a letter, read when the message is built: no row of the queue holds a copy of it."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """A rendered mail: subject on one line, a text part written for reading, the HTML part with inlined styles."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What one mail tells. context: for its templates; words: what the placeholders of its wording stand for."""

    context: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


def never(mail: "OutgoingMail") -> str:
    """The `refuse` of kinds that nothing can stop."""
    return ""


@dataclass(frozen=True)
class MailKind:
    """One kind of mail, and everything the page "Automatische E-Mails" says about it.

    key: "<app>.<name>", stored in every row. name, when, to_whom: German, for the office.
    render(row): builds the letter at the moment of sending. refuse(row): a German reason why it must not go out any
    more (person erased, unsubscribed …), or "" if it may; asked right before the claim.
    sample: made-up facts for the preview; a kind without them has no wording of its own that could be changed.
    placeholders: what the office may use in the wording, with its meaning. optional: the office may switch it off.
    headers(row): what its message bears besides the headers of every mail ("List-Unsubscribe"), one line each.
    files(row): what goes along as it is stored, each time the message is built.
    kept_elsewhere: its letter is stored once for all recipients by the app that sends it, so the row keeps none.
    """

    key: str
    name: str
    when: str
    to_whom: str
    mail_class: MailClass
    render: Callable[["OutgoingMail"], Letter]
    refuse: Callable[["OutgoingMail"], str] = never
    sample: Callable[[], Facts] | None = None
    placeholders: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False
    headers: Callable[["OutgoingMail"], Mapping[str, str]] | None = None
    files: Callable[["OutgoingMail"], tuple[File, ...]] | None = None
    kept_elsewhere: bool = False

    @property
    def template(self) -> str:
        """Where its templates lie, without ending: "users/emails/sign_in_code"."""
        return self.key.replace(".", "/emails/", 1)


_kinds: dict[str, MailKind] = {}


def register(*kinds: MailKind) -> None:
    """Make kinds known; a second kind under the same key is a programming error."""
    for kind in kinds:
        if _kinds.get(kind.key, kind) is not kind:
            raise ValueError(f"mail kind {kind.key} is registered twice")
        _kinds[kind.key] = kind


def kind_for(key: str) -> MailKind:
    """Return a registered kind; KeyError if no app registered it."""
    return _kinds[key]


def all_kinds() -> list[MailKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.key)
