"""What an electronically signed PDF proves: three answers apart, and whether it is our text that was signed.

Validated by pyHanko in a child, without any network: whom to trust is what the operator has laid down in TRUST_ROOTS
(certificates of issuers, for example out of the EU's trusted lists, eIDAS Art. 22).
"""

import base64
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from core import children

LIMITS = children.Limits(seconds=30, memory=1024**3)
_TOO_MUCH = "Lassen Sie das Dokument noch einmal unterschreiben: Die Unterschriften in dieser Datei sind nicht lesbar."
_ENDINGS = (".pem", ".crt", ".cer", ".der")


@dataclass(frozen=True)
class SignatureReport:
    """One signature in a file.

    unchanged: nobody has changed the file since, but for further signatures. valid: the signature belongs to these
    bytes and to this certificate. trusted: the certificate leads to an issuer of TRUST_ROOTS. signer: the name in the
    certificate. signed_at: ISO 8601, as the signer's clock says, "" if it says nothing. problem: what could not be
    read, in the validator's own words, "" if all could.
    """

    signer: str
    issuer: str
    signed_at: str
    unchanged: bool
    valid: bool
    trusted: bool
    problem: str = ""

    @property
    def is_good(self) -> bool:
        return self.unchanged and self.valid and self.trusted


@dataclass(frozen=True)
class Validation:
    """signatures: in the order in which they were given. is_our_text: the signed pages are those that we made."""

    signatures: tuple[SignatureReport, ...]
    is_our_text: bool

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data, to be kept as the report."""
        return {"signatures": [vars(report) for report in self.signatures], "is_our_text": self.is_our_text}


def from_json(kept: dict[str, Any]) -> Validation:
    """Return a kept report."""
    reports = tuple(SignatureReport(**report) for report in kept["signatures"])
    return Validation(reports, kept["is_our_text"])


def validate(content: bytes, *, size: int, sha256: str) -> Validation:
    """Return what the signatures of a checked PDF (`core.pdf_files`) prove; without any, none.

    size, sha256 (hexadecimal): of our own file that was to be signed. Signing adds to a file and leaves its beginning
    as it was, so the beginning must be ours byte for byte, and what was added must be signatures only.
    ValidationError (German) for a file that the validator cannot cope with.
    """
    task = {
        "content": base64.b64encode(content).decode(),
        "size": size,
        "sha256": sha256,
        "roots": [base64.b64encode(data).decode() for data in _trust_roots()],
    }
    try:
        answer = children.run("core.pdf_signatures_child", json.dumps(task).encode(), limits=LIMITS)
    except (children.TooMuchError, children.RefusedError) as error:
        raise ValidationError(_TOO_MUCH) from error
    return from_json(json.loads(answer))


def _trust_roots() -> list[bytes]:
    folder = settings.TRUST_ROOTS
    if folder is None:
        return []
    return [path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix.lower() in _ENDINGS]
