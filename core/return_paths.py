"""The address a mail's failure comes back to: one for each mail, so that a report names it and nobody can make it up.

bounces+<name of the row><signature>@…, the way called VERP: of all that a bounce contains, the address it was sent to
is the one thing that every mail server gets right. The signature (HMAC with SECRET_KEY) makes forged reports worthless.
"""

import base64
import re
import uuid

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from core.models import OutgoingMail

# Small letters and digits only, for some servers write addresses in small letters; 128 and 80 bits. With "bounces+" in
# front that is 50 characters of the 64 a local part may have (RFC 5321, 4.5.3.1.1).
_NAME_LENGTH, _SIGNATURE_BYTES = 26, 10
_TOKEN = re.compile(rb"\+([a-z2-7]{42})@", re.IGNORECASE)
# So many addresses are looked up in one report; more are no report of ours.
_MOST_TOKENS = 5


def return_path_for(mail: OutgoingMail) -> str:
    """Return the envelope sender of this mail, "" where the portal reads no bounces (MAIL_BOUNCES is empty)."""
    if not settings.MAIL_BOUNCES:
        return ""
    local, _, domain = settings.MAIL_BOUNCES.rpartition("@")
    name = _text(uuid.UUID(hex=mail.public_id).bytes)
    return f"{local}+{name}{_signature(mail.public_id, settings.SECRET_KEY)}@{domain}"


def mail_named_in(report: bytes) -> OutgoingMail | None:
    """Return the mail whose return path stands in the report with a signature of ours; None if there is none."""
    tokens = dict.fromkeys(token.decode().lower() for token in _TOKEN.findall(report))
    for token in list(tokens)[:_MOST_TOKENS]:
        public_id = uuid.UUID(bytes=base64.b32decode(token[:_NAME_LENGTH].upper() + "======")).hex
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        if any(constant_time_compare(token[_NAME_LENGTH:], _signature(public_id, key)) for key in keys):
            return OutgoingMail.objects.filter(public_id=public_id).first()
    return None


def _signature(public_id: str, key: str) -> str:
    return _text(
        salted_hmac("core.return_paths", public_id, secret=key, algorithm="sha256").digest()[:_SIGNATURE_BYTES]
    )


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()
