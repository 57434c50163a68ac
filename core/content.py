"""A message as it leaves the house: what Django writes (a test compares them), in a fifth of the time.

Django makes an object of each part and asks it for its headers, for any message there may be. A mail of ours is a text,
mostly with its HTML beside it, sometimes with attachments, and of its headers most are the same from mail to mail.
"""

import uuid
from binascii import b2a_qp
from collections.abc import Iterable, Iterator
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.policy import compat32
from email.utils import formatdate
from functools import lru_cache
from io import BytesIO
from typing import Any, cast

from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import forbid_multi_line_headers

# RFC 5322, 2.1.1, without the line end. Longer lines go out in quoted-printable.
_LONGEST_LINE = 998
# Fits behind "Subject: " on one line.
_FIRST_WORD = 60
_SMTP = compat32.clone(linesep="\r\n")


def content_of(message: EmailMultiAlternatives) -> bytes:
    """Return the message as bytes with the line ends of mail. Attachments must be parts (`email.mime`) already."""
    parts = [_text("plain", str(message.body))] if message.body or not message.alternatives else []
    parts += [_text("html", str(content)) for content, _ in message.alternatives]
    whole = _joined("alternative", parts) if message.alternatives else parts[0]
    if message.attachments:
        texts = [whole] if message.body or message.alternatives else []
        whole = _joined("mixed", [*texts, *(_written(cast(Message, part)) for part in message.attachments)])
    head, _, body = whole.partition(b"\r\n\r\n")
    return b"".join([head, b"\r\n", *(_header(*header) for header in _headers(message)), b"\r\n", body])


def subject_header(subject: str) -> Header | str:
    """Return what a message takes as its subject, so that it begins on the line of its name.

    Otherwise a long first word, or long text with an umlaut, is folded before it begins, and some readers show a space.
    """
    if subject.isascii() and len(subject.partition(" ")[0]) <= _FIRST_WORD:
        return subject
    return Header(subject, "utf-8", header_name="Subject")


def _text(subtype: str, text: str) -> bytes:
    content = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    encoding = "7bit" if content.isascii() else "8bit"
    if max(map(len, content.split(b"\n"))) > _LONGEST_LINE:
        encoding, content = "quoted-printable", b2a_qp(content)
    head = (
        f'Content-Type: text/{subtype}; charset="utf-8"\nMIME-Version: 1.0\nContent-Transfer-Encoding: {encoding}\n\n'
    )
    return (head.encode() + content).replace(b"\n", b"\r\n")


def _joined(subtype: str, parts: Iterable[bytes]) -> bytes:
    boundary = f"==={uuid.uuid4().hex}===".encode()
    head = b'Content-Type: multipart/%s;\r\n boundary="%s"\r\nMIME-Version: 1.0\r\n\r\n'
    body = b"".join(b"--%s\r\n%s\r\n" % (boundary, part) for part in parts)
    return b"%s%s--%s--\r\n" % (head % (subtype.encode(), boundary), body, boundary)


def _written(part: Message) -> bytes:
    content = BytesIO()
    BytesGenerator(content, mangle_from_=False, policy=_SMTP).flatten(part)
    return content.getvalue()


def _headers(message: EmailMultiAlternatives) -> Iterator[tuple[str, str]]:
    """Yield names and values in Django's order."""
    extra: dict[str, Any] = dict(message.extra_headers)
    yield "Subject", str(message.subject)
    yield "From", extra.pop("From", message.from_email)
    yield "To", ", ".join(message.to)
    if message.reply_to:
        yield "Reply-To", ", ".join(message.reply_to)
    if "Date" not in extra:
        yield "Date", formatdate()
    yield from extra.items()


@lru_cache(maxsize=64)
def _header(name: str, value: str) -> bytes:
    """Return a header with its line end. BadHeaderError if the value has line ends. Kept: many mails have the same."""
    given = subject_header(value) if name == "Subject" else value
    if isinstance(given, str):
        given = forbid_multi_line_headers(name, given, "utf-8")[1]
    return cast(bytes, _SMTP.fold_binary(name, cast(Any, given)))
