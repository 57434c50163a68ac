"""Handing one message to the mail server, phase by phase, so that it is always known how far it came.

Django's SMTP backend opens the connection (host, TLS, login, time-outs); the conversation is ours, because the one
question that counts after a fault is whether the content was already handed over. Before that, a message may be
tried again; after that, only the server's own answer says what became of it.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from enum import Enum, auto
from functools import lru_cache
from typing import Any, Protocol, cast

from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from core.text import one_line

_SERVICE_CLOSING = 421
_BAD_SEQUENCE = 503
# "Authentication required" and its kin can come at any point of the conversation; they are never the recipient's fault.
_LOGIN_CODES = frozenset({530, 534, 535, 538})
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_PLAIN_ADDRESS = re.compile(r"[a-zA-Z0-9.+_-]{1,64}@[a-zA-Z0-9.-]{1,63}")
_REPLY_LENGTH = 300
_LEASE_LOST = "Der Versand hat zu lange gedauert und begann von vorn."


class ServerAwayError(Exception):
    """The mail server takes no mail at all at the moment; no row is to blame, and later it may."""


class ServerRefusesError(ServerAwayError):
    """The mail server will not have us: login, certificate or sender. Trying again helps nobody; a person must look."""


class Result(Enum):
    """What became of a message. INTERRUPTED and AWAY: the server has not seen the content."""

    SENT = auto()
    LATER = auto()  # refused for now (4xx)
    REFUSED = auto()  # refused for good (5xx)
    UNKNOWN = auto()  # the content was handed over, no answer came
    INTERRUPTED = auto()  # the connection ended before the content (421, cut, time-out)
    AWAY = auto()  # the server takes nothing at the moment (overload)
    BARRED = auto()  # the server takes nothing from us, whoever the recipient is (login, sender)


@dataclass(frozen=True)
class Outcome:
    """The result with the server's own words, cleaned, for the row's reason."""

    result: Result
    reply: str = ""


class Transport(Protocol):
    """A way out of the house, held open for many messages."""

    def open(self) -> None: ...
    def send(self, message: EmailMessage, content: bytes) -> Outcome: ...
    def close(self) -> None: ...


def transport_for(keep_alive: Callable[[], bool]) -> Transport:
    """Return the way out that the settings name.

    keep_alive: asked between the phases of a conversation; once it answers False, no content is handed over.
    """
    backend = mail.get_connection()
    if isinstance(backend, EmailBackend):
        return SmtpTransport(backend, keep_alive)
    return OtherTransport(backend, keep_alive)


class OtherTransport:
    """Backends without a conversation: memory in tests, nothing in the demonstration."""

    def __init__(self, backend: BaseEmailBackend, keep_alive: Callable[[], bool]) -> None:
        self._backend = backend
        self._keep_alive = keep_alive

    def open(self) -> None:
        self._backend.open()

    def send(self, message: EmailMessage, content: bytes) -> Outcome:
        """Send; an error leaves it open how far the message came, so it is never simply repeated."""
        if not self._keep_alive():
            return Outcome(Result.INTERRUPTED, _LEASE_LOST)
        try:
            self._backend.send_messages([message])
        except Exception as error:
            return Outcome(Result.UNKNOWN, one_line(str(error), _REPLY_LENGTH))
        return Outcome(Result.SENT)

    def close(self) -> None:
        self._backend.close()


class SmtpTransport:
    """One SMTP connection; opened again when the server has ended it."""

    def __init__(self, backend: EmailBackend, keep_alive: Callable[[], bool]) -> None:
        self._backend = backend
        self._keep_alive = keep_alive

    @property
    def _smtp(self) -> smtplib.SMTP:
        return cast(smtplib.SMTP, self._backend.connection)  # open() comes before

    def open(self) -> None:
        """Make sure there is a connection, logged in and greeted; ServerAwayError if the server does not let us in.

        ServerRefusesError, if it never will.
        """
        if self._backend.connection is not None:
            return
        try:
            self._backend.open()
            self._smtp.ehlo_or_helo_if_needed()
        except OSError as error:  # every smtplib error is one
            self._drop()
            raise _reading(error)(_words(error)) from error

    def close(self) -> None:
        """Say goodbye; a server that does not answer any more is simply left."""
        with suppress(OSError):
            self._backend.close()
        self._drop()

    def send(self, message: EmailMessage, content: bytes) -> Outcome:
        """Send one message over the open connection; content: what it reads as. Afterwards it may be closed."""
        recipient, sender = _bare(message.to[0]), _bare(message.from_email)
        try:
            refusal = self._announce(sender, recipient)
        except OSError as error:
            self._drop()
            return Outcome(Result.INTERRUPTED, _words(error))
        return refusal or self._hand_over(wire_form(content))

    def _announce(self, sender: str, recipient: str) -> Outcome | None:
        """Envelope and DATA; None when the server is ready for the content."""
        smtp = self._smtp
        code, reply = smtp.mail(sender, ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else [])
        if code != 250:
            return self._end(_about_us(code), code, reply)
        if not self._keep_alive():
            return self._leave()
        code, reply = smtp.rcpt(recipient)
        if code not in (250, 251):
            return self._refusal(code, reply)
        if not self._keep_alive():
            return self._leave()
        code, reply = smtp.docmd("DATA")
        if code != 354:
            return self._refusal(code, reply)
        return None if self._keep_alive() else self._leave()

    def _leave(self) -> Outcome:
        """The right to send ran out: somebody else may hold the row by now, so its content stays here."""
        self._drop()
        return Outcome(Result.INTERRUPTED, _LEASE_LOST)

    def _refusal(self, code: int, reply: bytes) -> Outcome:
        """Read a refusal before the content."""
        if code in _LOGIN_CODES:
            return self._end(Result.BARRED, code, reply)
        result = _by_code(code)
        if result is None or code == _SERVICE_CLOSING:
            return self._end(Result.INTERRUPTED, code, reply)
        self._reset()
        return Outcome(result, _quote(code, reply))

    def _hand_over(self, content: bytes) -> Outcome:
        """Send the content; from its first byte on, silence means that nobody knows."""
        smtp = self._smtp
        try:
            smtp.send(content)
            self._keep_alive()
            code, reply = smtp.getreply()
        except OSError as error:
            self._drop()
            return Outcome(Result.UNKNOWN, _words(error))
        if code == _SERVICE_CLOSING:
            # An answer after all: the server has not taken the message (RFC 5321, 3.8).
            return self._end(Result.LATER, code, reply)
        result = Result.SENT if code == 250 else _by_code(code)
        return Outcome(result, _quote(code, reply)) if result else self._end(Result.UNKNOWN, code, reply)

    def _end(self, result: Result, code: int, reply: bytes) -> Outcome:
        self._drop()
        return Outcome(result, _quote(code, reply))

    def _reset(self) -> None:
        try:
            self._smtp.rset()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        """Close the sockets without another word, so that a hanging server costs no second time-out."""
        backend: Any = self._backend  # Django's stubs do not know of the half-open connection
        for connection in filter(None, (backend.connection, backend._partial_connection)):
            connection.close()
        backend.connection = backend._partial_connection = None


@lru_cache(maxsize=8)
def _bare(address: str) -> str:
    """Return an address as the envelope has it. Kept, for the sender of most mails is the same."""
    bare = parseaddr(address)[1]
    return bare if _PLAIN_ADDRESS.fullmatch(bare) else sanitize_address(bare, "utf-8")


def wire_form(content: bytes) -> bytes:
    """Return the content as DATA wants it (RFC 5321, 4.5.2): CRLF everywhere, leading dots doubled, the final dot.

    No lone CR or LF is left, or a text could end the message early and begin another one ("SMTP smuggling").
    """
    if not content.count(b"\r\n") == content.count(b"\r") == content.count(b"\n"):
        content = _LINE_END.sub(b"\r\n", content)
    if content.startswith(b".") or b"\n." in content:
        content = _LEADING_DOT.sub(b"..", content)
    return content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")


def _by_code(code: int) -> Result | None:
    """Read 4xx and 5xx; None for an answer that fits no such question."""
    return {4: Result.LATER, 5: Result.REFUSED}.get(code // 100)


def _about_us(code: int) -> Result:
    """Read a refusal of MAIL, which says nothing yet about the recipient: it is between the server and us."""
    if code in (_SERVICE_CLOSING, _BAD_SEQUENCE):
        return Result.INTERRUPTED
    return Result.BARRED if code // 100 == 5 else Result.AWAY


def _reading(error: OSError) -> type[ServerAwayError]:
    """Tell a server that is away from one that will never let us in with these settings."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return ServerRefusesError if error.smtp_code // 100 == 5 else ServerAwayError
    never = (ssl.SSLCertVerificationError, smtplib.SMTPNotSupportedError)
    return ServerRefusesError if isinstance(error, never) else ServerAwayError


def _quote(code: int, reply: bytes) -> str:
    return one_line(f"{code} {reply.decode(errors='replace')}", _REPLY_LENGTH)


def _words(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        return _quote(error.smtp_code, reply if isinstance(reply, bytes) else reply.encode())
    return one_line(str(error) or type(error).__name__, _REPLY_LENGTH)
