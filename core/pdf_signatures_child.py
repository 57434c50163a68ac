"""The child that validates signatures; the only module that knows pyHanko. Started by `core.pdf_signatures` only."""

import base64
import hashlib
import io
import json
import logging
from dataclasses import asdict, dataclass

from asn1crypto import pem, x509
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, PdfObject, Reference, StreamObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import UnacceptableSignerError
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from core.children import RefusedError, serve

# Signing software sets one of the two; qualified certificates have nonRepudiation alone (ETSI EN 319 412-2).
_KEY_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)

_SIGNING = ModificationLevel.FORM_FILLING
# What of a document's catalog signing software writes.
_SIGNED_CATALOG = {"/AcroForm", "/DSS", "/Extensions", "/Perms", "/Version", "/Metadata"}


@dataclass
class Report:
    """See core.pdf_signatures.SignatureReport."""

    signer: str = ""
    issuer: str = ""
    signed_at: str = ""
    unchanged: bool = False
    valid: bool = False
    trusted: bool = False
    problem: str = ""


def validate(task: bytes) -> bytes:
    """Return the validation of a task of `core.pdf_signatures.validate`; RefusedError for what cannot be read."""
    logging.disable(logging.CRITICAL)  # pyHanko prints each fault it reports
    asked = json.loads(task)
    content = base64.b64decode(asked["content"])
    roots = [root for data in asked["roots"] for root in _certificates(base64.b64decode(data))]
    try:
        reader = PdfFileReader(io.BytesIO(content))
        signatures = reader.embedded_regular_signatures
        reports = [_report(signature, roots) for signature in signatures]
        proven = bool(signatures) and _is_ours(content, asked) and _only_signed(reader)
    except (PdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RefusedError(f"{type(error).__name__}: {error}") from error
    return json.dumps({"signatures": [asdict(report) for report in reports], "is_our_text": proven}).encode()


def _certificates(data: bytes) -> list[x509.Certificate]:
    """The certificates in a file, in either of its two forms."""
    if not pem.detect(data):
        return [x509.Certificate.load(data)]
    return [x509.Certificate.load(der) for _, _, der in pem.unarmor(data, multiple=True)]


def _report(signature: EmbeddedPdfSignature, roots: list[x509.Certificate]) -> Report:
    certificate = signature.signer_cert
    report = Report(
        signer=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        signed_at=signature.self_reported_timestamp.isoformat() if signature.self_reported_timestamp else "",
    )
    # Where the portal cannot ask whether a certificate was revoked, it does not pretend to know: see the handbook.
    context = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
    try:
        status = validate_pdf_signature(signature, context, key_usage_settings=_KEY_USAGE)
    except (SignatureValidationError, UnacceptableSignerError, PdfError, ValueError) as error:
        report.problem = str(error)
        return report
    # Whether others signed afterwards is no change; everything else is one.
    level = ModificationLevel.OTHER if status.modification_level is None else status.modification_level
    report.unchanged = bool(status.intact and level <= _SIGNING and status.docmdp_ok)
    report.valid, report.trusted = bool(status.intact and status.valid), bool(status.trusted)
    return report


def _name(name: x509.Name) -> str:
    """ "Ruth Probe, Stadt Rheine" of a distinguished name."""
    native = name.native
    parts = (native.get("common_name"), native.get("organization_name"))
    return ", ".join(part if isinstance(part, str) else " ".join(part) for part in dict.fromkeys(parts) if part)


def _is_ours(content: bytes, asked: dict) -> bool:
    return hashlib.sha256(content[: asked["size"]]).hexdigest() == asked["sha256"] and len(content) > asked["size"]


def _only_signed(reader: PdfFileReader) -> bool:
    """Whether all that came after the first revision are signatures: no page, picture or comment was touched.

    Stricter than it need be: what signing software does beside signing leaves the text unproven, and people compare.
    """
    first = reader.get_historical_resolver(0)
    beside = {first.root_ref, *_beside(first)}
    return _differing(first.root, reader.root) <= _SIGNED_CATALOG and all(
        _is_only_signed(first.get_object(ref), reader.get_object(ref))
        for ref in _written_later(reader)
        if not first.is_ref_unassignable(ref) and ref not in beside
    )


def _written_later(reader: PdfFileReader) -> set[Reference]:
    later = range(1, reader.xrefs.total_revisions)
    return {ref for revision in later for ref in reader.xrefs.explicit_refs_in_revision(revision)}


def _beside(first: HistoricalResolver) -> list[Reference]:
    """What says something about the file and shows nothing of it: title and dates, metadata."""
    values = [dict.get(first.trailer_view, "/Info"), dict.get(first.root, "/Metadata")]
    return [value.reference for value in values if isinstance(value, IndirectObject)]


def _is_only_signed(before: PdfObject, after: PdfObject) -> bool:
    """Whether an object is the same, or a page to which nothing but signatures came."""
    if not isinstance(before, DictionaryObject) or before.get("/Type") != "/Page":
        return _is_same(before, after)
    if not isinstance(after, DictionaryObject) or _differing(before, after) - {"/Annots"}:
        return False
    known = list(before.get("/Annots", []))
    added = [note for note in after.get("/Annots", []) if note not in known]
    return all(note.get_object().get("/FT") == "/Sig" for note in added)


def _is_same(before: PdfObject, after: PdfObject) -> bool:
    if isinstance(before, StreamObject):
        if not isinstance(after, StreamObject) or before.encoded_data != after.encoded_data:
            return False
        return not _differing(before, after)
    return before == after


def _differing(before: DictionaryObject, after: DictionaryObject) -> set[str]:
    """The keys whose values differ, an object of its own by its number."""
    return {key for key in {*before, *after} if dict.get(before, key) != dict.get(after, key)}


if __name__ == "__main__":
    serve(validate)
