"""Reading what mail servers send back: was the mail not delivered, for good or for now, and in which words?

The standard way is a delivery status notification (RFC 3464). Older and self-willed servers write a letter; there the
words decide. Whatever a person or her absence answers (RFC 3834) is no failure.
"""

import base64
import re
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from enum import Enum, auto

from core.text import one_line

# More than this is the returned mail; what failed stands before it.
LONGEST = 256 * 1024
_REPORT_LENGTH = 400


class Verdict(Enum):
    """What a message in the mailbox for bounces says about the mail it answers."""

    HARD = auto()  # not delivered, and this address never will be
    SOFT = auto()  # not delivered this time (mailbox full, refused as spam, server away for days)
    DELAYED = auto()  # not delivered yet, the server goes on trying
    DELIVERED = auto()  # a receipt
    ANSWER = auto()  # a person, or a note of her absence
    UNCLEAR = auto()  # none of these; a person reads it


@dataclass(frozen=True)
class Report:
    """A verdict with the status code of RFC 3463 ("5.1.1", "" if unknown) and the server's own words."""

    verdict: Verdict
    status: str = ""
    words: str = ""


def read(raw: bytes) -> Report:
    """Read a message as it lay in the mailbox, however broken; never raises."""
    message = message_from_bytes(raw[:LONGEST])
    fields = _status_fields(message)
    if fields:
        return _by_fields(fields)
    if _is_answer(message):
        return Report(Verdict.ANSWER)
    return _by_words(message)


# --- what a server said at once ------------------------------------------------------------------------------------


def is_hard(reply: str) -> bool:
    """Whether a refusal ("550 5.1.1 unknown user") says that this address will never work."""
    return _weigh(_status_in(reply), reply) == Verdict.HARD


# --- delivery status notifications ---------------------------------------------------------------------------------

_FIELD = re.compile(r"^(action|status|diagnostic-code|final-recipient)[ \t]*:[ \t]*(.*(?:\n[ \t]+.*)*)", re.I | re.M)
_STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
_ACTIONS = {
    "delayed": Verdict.DELAYED,
    "delivered": Verdict.DELIVERED,
    "relayed": Verdict.DELIVERED,
    "expanded": Verdict.DELIVERED,
}


def _status_fields(message: Message) -> dict[str, str]:
    """Return the fields about the recipient; those of a failure before others, {} if there are none."""
    found: dict[str, str] = {}
    for text in (_flat(part) for part in message.walk() if part.get_content_type() in _STATUS_TYPES):
        for block in re.split(r"\n[ \t]*\n", text):
            fields = {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(block)}
            if "action" in fields and (not found or fields["action"].lower().startswith("fail")):
                found = fields
    return found


def _flat(part: Message) -> str:
    """Return the part's text, as servers encode it and as Python has cut it into blocks."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        return _decoded(part)
    text = "\n\n".join(str(block) for block in payload).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if part.get("Content-Transfer-Encoding", "").strip().lower() == "base64":  # against RFC 3464, and done all the same
        with suppress(ValueError):
            text = base64.b64decode(text).decode("utf-8", "replace")
    return text.replace("\r\n", "\n")


def _by_fields(fields: dict[str, str]) -> Report:
    action, words = fields["action"].lower(), fields.get("diagnostic-code", "")
    words = re.sub(r"^\s*[\w-]+\s*;\s*", "", words)
    status = _status_in(fields.get("status", "")) or _status_in(words)
    verdict = next((verdict for word, verdict in _ACTIONS.items() if action.startswith(word)), None)
    return Report(verdict or _weigh(_own_status(status, words), words), status, one_line(words, _REPORT_LENGTH))


def _own_status(status: str, words: str) -> str:
    """Servers that report for another often say no more than 5.0.0; then its own words know better."""
    return (_status_in(words) or status) if status in ("", "5.0.0") else status


# --- answers of people and machines --------------------------------------------------------------------------------

_ANSWERING = (
    ("auto-submitted", r"auto-(replied|generated|notified)"),
    ("x-autoreply", r"."), ("x-autorespond", r"."), ("x-autoresponder", r"."), ("x-auto-reply", r"."),
    ("precedence", r"auto[_-]?reply"),
    ("content-type", r"report-type=\"?(disposition-notification|feedback-report)"),
    (
        "subject",
        r"(abwesen|out of (the )?office|automat\w* (antwort|reply|response)|auto[- ]?reply|nicht im (büro|haus)|urlaub|"
        r"vacation)",
    ),
)  # fmt: skip
_SERVERS = re.compile(r"(mailer-daemon|postmaster|mail delivery|mail-?system|mdaemon|maildaemon|postoffice)", re.I)


def _is_answer(message: Message) -> bool:
    """Whether a person or a note of absence answers; servers mark their own letters as automatic, too."""
    if message.get("X-Failed-Recipients"):
        return False
    subject = re.compile(_ANSWERING[-1][1], re.I)
    if _SERVERS.search(_header(message, "from")) and not subject.search(_header(message, "subject")):
        return "disposition-notification" in _header(message, "content-type").lower()
    return any(re.search(pattern, _header(message, name), re.I | re.S) for name, pattern in _ANSWERING)


def _header(message: Message, name: str) -> str:
    value = str(message.get(name, ""))
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError, MessageError):  # a character set nobody knows, or none at all
        return value


# --- letters -------------------------------------------------------------------------------------------------------

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_BASIC = re.compile(r"(?<![\d.])([45][0-5]\d)(?=[ \-#:,;)]|$)", re.M)
_DELAYED = re.compile(
    r"(delayed|not yet been delivered|will (continue|keep) (trying|retrying)|verzögert|noch nicht zugestellt|"
    r"wird weiter versucht|you do not need to resend)", re.I,
)  # fmt: skip
_FULL = re.compile(
    r"(mailbox (is )?full|over ?quota|quota exceeded|exceeded \w+ quota|postfach (ist )?voll|speicherplatz)", re.I
)
_UNKNOWN = re.compile(
    r"(unknown (user|recipient|address)|(user|recipient|mailbox|address|account) (is )?(unknown|unavailable|disabled|"
    r"not found|invalid|rejected)|no such (user|recipient|mailbox|person)|does(n't| not) exist|not exist|no mailbox|"
    r"unrouteable|unbekannt|existiert nicht|nicht gefunden|kein postfach|couldn't be found|"
    r"host (or domain name )?not found)",
    re.I,
)  # fmt: skip
_FAILED = re.compile(
    r"(undeliver|unzustellbar|returned to sender|delivery (has )?failed|failure notice|could(n't| not) be delivered|"
    r"nicht zugestellt|permanent (fatal )?error|delivery status|mail delivery (failed|problem)|zurückgewiesen)", re.I,
)  # fmt: skip
_FROM_THE_RETURNED_MAIL_ON = re.compile(
    r"^-{2,}.*(original|copy of (the|your) message|below this line|ursprüngliche|kopie).*", re.I | re.M
)


def _by_words(message: Message) -> Report:
    words = _FROM_THE_RETURNED_MAIL_ON.split(_letter(message))[0]
    heading = f"{_header(message, 'subject')}\n{words}"
    is_server = bool(_SERVERS.search(_header(message, "from")) or message.get("X-Failed-Recipients"))
    if not is_server or not (_FAILED.search(heading) or _UNKNOWN.search(words) or _DELAYED.search(heading)):
        return Report(Verdict.UNCLEAR)
    status, quote = _status_in(words), one_line(_telling(words), _REPORT_LENGTH)
    if _DELAYED.search(heading) and not status.startswith("5"):
        return Report(Verdict.DELAYED, status, quote)
    return Report(_weigh(status, words), status, quote)


def _letter(message: Message) -> str:
    """Return what is written for people: the text parts before the returned mail."""
    parts = []
    for part in message.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            break
        if part.get_content_type() in ("text/plain", "text/html"):
            text = _decoded(part)
            parts.append(re.sub(r"<[^<>@]*>", " ", text) if part.get_content_type() == "text/html" else text)
    return "\n".join(parts)


def _decoded(part: Message) -> str:
    raw = part.get_payload(decode=True)
    raw = raw if isinstance(raw, bytes) else b""
    try:
        text = raw.decode(part.get_content_charset("utf-8"))
    except (LookupError, ValueError):
        text = raw.decode("latin-1")
    return text.replace("\r\n", "\n")


def _telling(words: str) -> str:
    """Return the lines from the one that says why, or the beginning."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    why = next(
        (n for n, line in enumerate(lines) if _status_in(line) or _UNKNOWN.search(line) or _FULL.search(line)), 0
    )
    return " ".join(lines[why : why + 3])


# --- weighing ------------------------------------------------------------------------------------------------------


def _status_in(text: str) -> str:
    """Return the enhanced status code in a text; else one made of the plain code ("5.0.0" of "550"); else ""."""
    if match := _ENHANCED.search(text):
        return ".".join(match.groups())
    if match := _BASIC.search(text):
        return {"552": "5.2.2", "554": "5.7.0", "452": "4.2.2"}.get(match[1], f"{match[1][0]}.0.0")
    return ""


def _weigh(status: str, words: str) -> Verdict:
    """Hard is only what blames the address; a full mailbox, a policy or a server that was away may pass."""
    kind, subject, detail = (*status.split("."), "", "", "")[:3]
    if kind == "4" or _FULL.search(words):
        return Verdict.SOFT
    blames_address = subject == "1" or (subject, detail) in {("2", "1"), ("4", "4")} or (subject == "0" and kind == "5")
    if kind == "5" and subject in "3467" and not blames_address:
        return Verdict.SOFT
    return Verdict.HARD if blames_address or _UNKNOWN.search(words) else Verdict.SOFT
