"""Asks a virus scanner about what people send, where the operator has one (ClamAV's clamd, `VIRUS_SCANNER`)."""

import socket
import struct
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

_PATIENCE_SECONDS = 15
_PART = 64 * 1024
_FOUND = "Prüfen Sie Ihren Rechner, und senden Sie eine andere Datei: Der Virenschutz hat in dieser etwas gefunden."
_SILENT = (
    "Versuchen Sie es in einigen Minuten noch einmal: Der Virenschutz antwortet nicht, und ungeprüft nimmt das Portal "
    "keine Datei an."
)


def scan(content: bytes) -> None:
    """Let the scanner look at a file; without one configured, do nothing.

    ValidationError (German) if it finds something, and also if it does not answer: what nobody looked at is not kept.
    """
    if not settings.VIRUS_SCANNER:
        return
    try:
        verdict = _ask(content)
    except OSError as error:
        raise ValidationError(_SILENT) from error
    if verdict.endswith("FOUND"):
        raise ValidationError(_FOUND)
    if not verdict.endswith("OK"):
        raise ValidationError(_SILENT)


def _ask(content: bytes) -> str:
    """Return clamd's answer to INSTREAM (clamd(8)): parts with their length before them, at the end one of none."""
    address = urlsplit(settings.VIRUS_SCANNER)
    with socket.create_connection((address.hostname, address.port or 3310), timeout=_PATIENCE_SECONDS) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _PART):
            part = content[start : start + _PART]
            scanner.sendall(struct.pack("!L", len(part)) + part)
        scanner.sendall(struct.pack("!L", 0))
        answer = b"".join(iter(lambda: scanner.recv(4096), b""))
    return answer.decode(errors="replace").strip("\0\n ")
