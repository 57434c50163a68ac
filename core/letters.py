"""From templates to a letter, and from a row of the queue to the message that leaves the house."""

import re
from email.utils import formataddr
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template

from core.mailkinds import Letter
from core.models import OutgoingMail
from core.text import clean_text, one_line

# The rules for dark mode and narrow screens cannot be inlined; they stay in the head.
_inliner = css_inline.CSSInliner(keep_style_tags=True, remove_inlined_selectors=True, load_remote_stylesheets=False)
_BLANK_LINES = re.compile(r"\n{3,}")
_TRAILING_SPACE = re.compile(r"[ \t]+$", re.MULTILINE)
SUBJECT_LENGTH = OutgoingMail._meta.get_field("subject").max_length or 0


def compose(template: str, context: dict[str, Any]) -> Letter:
    """Render `<template>.subject.txt`, `<template>.txt` and `<template>.html` into a letter.

    template: path without ending ("users/emails/sign_in_code"). The HTML template extends
    `core/emails/layout.html`, the text template `core/emails/layout.txt`; both fill the blocks opening, facts and
    closing. Nothing is escaped in subject and text. `site_url` is there for every template,
    `subject` for the HTML one.
    """
    context = {"site_url": settings.SITE_URL, **context}
    subject = one_line(_plain(f"{template}.subject.txt", context), SUBJECT_LENGTH)
    html = get_template(f"{template}.html").render({"subject": subject, **context})
    return Letter(subject, _tidy(_plain(f"{template}.txt", context)), _inliner.inline(clean_text(html)))


def _plain(name: str, context: dict[str, Any]) -> str:
    """Render a text template; Django would escape "&" in it as if it were HTML."""
    return get_template(name).template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]


def _tidy(text: str) -> str:
    text = _TRAILING_SPACE.sub("", clean_text(text))
    return _BLANK_LINES.sub("\n\n", text).strip() + "\n"


def build_message(mail: OutgoingMail) -> EmailMultiAlternatives:
    """Build the message of a claimed row; nothing in its name or subject can become a header of its own."""
    to_name = one_line(mail.to_name, OutgoingMail._meta.get_field("to_name").max_length or 0)
    message = EmailMultiAlternatives(
        subject=one_line(mail.subject, SUBJECT_LENGTH),
        body=mail.text,
        to=[formataddr((to_name, mail.to_address))],
        reply_to=[settings.MAIL_REPLY_TO] if settings.MAIL_REPLY_TO else None,
        headers={
            "Message-ID": mail.message_id,
            # RFC 3834: no out-of-office note answers this.
            "Auto-Submitted": "auto-generated",
            "Content-Language": "de",
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message
