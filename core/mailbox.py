"""The mailbox that bounces come back to, read by IMAP (MAIL_BOUNCES_IMAP)."""

import imaplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from django.conf import settings

from core.bounce_reports import LONGEST

ERRORS = (imaplib.IMAP4.error,)
# So many messages at a turn; the next turn, five minutes later, takes the others.
_AT_A_TURN = 200
_TIMEOUT_SECONDS = 20


def is_set() -> bool:
    """Whether there is such a mailbox; without it the portal reads none."""
    return bool(settings.MAIL_BOUNCES_IMAP)


def go_through(take_in: Callable[[bytes], bool]) -> int:
    """Give every unread message to `take_in`; delete those it is done with, flag the others for a person.

    A message is deleted only after `take_in` has returned, so what is interrupted comes once more. Return how many were
    done with. OSError or ERRORS if the mailbox cannot be opened or read.
    """
    url = urlsplit(settings.MAIL_BOUNCES_IMAP)
    box = _connect(url.scheme, url.hostname or "", url.port)
    try:
        box.login(unquote(url.username or ""), unquote(url.password or ""))
        _checked(box.select(f'"{unquote(url.path.strip("/")) or "INBOX"}"'))
        (found,) = _checked(box.uid("SEARCH", "UNSEEN", "UNDELETED"))
        done = sum(_take(box, uid.decode(), take_in) for uid in (found or b"").split()[:_AT_A_TURN])
        if done:
            _checked(box.expunge())
        return done
    finally:
        with suppress(OSError, *ERRORS):
            box.logout()
        with suppress(OSError):
            box.shutdown()  # logout closes nothing where the server has gone


def _connect(scheme: str, host: str, port: int | None) -> imaplib.IMAP4:
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port or 993, ssl_context=ssl.create_default_context(), timeout=_TIMEOUT_SECONDS)
    box = imaplib.IMAP4(host, port or 143, timeout=_TIMEOUT_SECONDS)
    if scheme == "imap+tls":
        box.starttls(ssl.create_default_context())
    return box


def _take(box: imaplib.IMAP4, uid: str, take_in: Callable[[bytes], bool]) -> bool:
    parts = _checked(box.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LONGEST}>)"))
    raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
    done = take_in(raw)
    _checked(box.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen \Deleted)" if done else r"(\Seen \Flagged)"))
    return done


def _checked(answer: tuple[str, list]) -> list:
    state, data = answer
    if state != "OK":
        raise imaplib.IMAP4.error(f"{state} {data}")
    return data
