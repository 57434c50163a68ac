"""From templates to a letter, and from a row of the queue to the message that leaves the house."""

import re
from collections.abc import Mapping
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from email.utils import formataddr
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template

from core.content import subject_header
from core.mailkinds import Attachment, Facts, File, Letter, MailKind, kind_for
from core.mailtexts import Wording, as_html, as_text, wording_of
from core.models import OutgoingMail
from core.return_paths import return_path_for
from core.text import clean_text, one_line

# The rules for dark mode and narrow screens cannot be inlined; they stay in the head.
_inliner = css_inline.CSSInliner(keep_style_tags=True, remove_inlined_selectors=True, load_remote_stylesheets=False)
_BLANK_LINES = re.compile(r"\n{3,}")
_TRAILING_SPACE = re.compile(r"[ \t]+$", re.MULTILINE)
SUBJECT_LENGTH = OutgoingMail._meta.get_field("subject").max_length or 0


def compose(
    key: str, facts: Facts, *, wording: Wording | None = None, attachments: tuple[Attachment, ...] = ()
) -> Letter:
    """Write a letter of a registered kind: its wording (see `core.mailtexts`) around its facts.

    The facts are the templates `<app>/emails/<name>.html` and `.txt`, which extend `core/emails/layout.*` and fill the
    block facts; they take the context and `site_url`. wording: to try one that is not in use (preview, test mail).
    """
    kind = kind_for(key)
    wording = wording or wording_of(key)
    subject = one_line(as_text(wording.subject, facts.words), SUBJECT_LENGTH)
    context = {"site_url": settings.SITE_URL, "subject": subject, **facts.context}
    text, html = (
        {**context, "opening": write(wording.opening, facts.words), "closing": write(wording.closing, facts.words)}
        for write in (as_text, as_html)
    )
    page = get_template(f"{kind.template}.html").render(html)
    return Letter(subject, _tidy(_plain(f"{kind.template}.txt", text)), _inliner.inline(clean_text(page)), attachments)


def _plain(name: str, context: dict[str, Any]) -> str:
    """Render a text template; Django would escape "&" in it as if it were HTML."""
    return get_template(name).template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]


def _tidy(text: str) -> str:
    text = _TRAILING_SPACE.sub("", clean_text(text))
    return _BLANK_LINES.sub("\n\n", text).strip() + "\n"


class _Message(EmailMultiAlternatives):
    """Django's message with the subject that `core.content` writes."""

    def message(self, *args: Any, **kwargs: Any) -> Any:
        message = super().message(*args, **kwargs)
        header = subject_header(str(self.subject))
        if isinstance(header, Header):
            message.replace_header("Subject", header)
        return message


def build_message(mail: OutgoingMail) -> EmailMultiAlternatives:
    """Build the message of a claimed row; nothing in its name or subject can become a header of its own."""
    to_name = one_line(mail.to_name, OutgoingMail._meta.get_field("to_name").max_length or 0)
    message = _Message(
        subject=one_line(mail.subject, SUBJECT_LENGTH),
        body=mail.text,
        # The envelope's sender; who reads the letter sees the header below.
        from_email=return_path_for(mail) or None,
        to=[formataddr((to_name, mail.to_address))],
        reply_to=[settings.MAIL_REPLY_TO] if settings.MAIL_REPLY_TO else None,
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": mail.message_id,
            # RFC 3834: no out-of-office note answers this.
            "Auto-Submitted": "auto-generated",
            "Content-Language": "de",
            **_own_headers(mail),
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for attachment in mail.attachments:
        message.attach(_part(**attachment))
    for file in files_of(mail):
        message.attach(_file_part(file))
    return message


def _own_headers(mail: OutgoingMail) -> Mapping[str, str]:
    """What the kind of the mail adds to its headers."""
    kind = _kind_of(mail)
    return kind.headers(mail) if kind and kind.headers else {}


def files_of(mail: OutgoingMail) -> tuple[File, ...]:
    """Return the stored files that go along with a mail. FileNotFoundError if one is gone."""
    kind = _kind_of(mail)
    return kind.files(mail) if kind and kind.files else ()


def _kind_of(mail: OutgoingMail) -> MailKind | None:
    """None for a row whose kind no app sends any more."""
    try:
        return kind_for(mail.kind)
    except KeyError:
        return None


def _part(name: str, content_type: str, text: str) -> MIMEText:
    """Build the part of one attachment; base64 carries its line ends unchanged."""
    kind, *parameters = content_type.split("; ")
    part = MIMEText(text, kind.removeprefix("text/"), "utf-8")
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        part.set_param(key, value)
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def _file_part(file: File) -> MIMEBase:
    """Build the part of one stored file; its bytes arrive as they are."""
    part = MIMEBase(*file.content_type.split("/"))
    part.set_payload(file.content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=file.name)
    return part
