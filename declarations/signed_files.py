"""Signed files that come back: a scan, or a PDF with electronic signatures; checked, tied to our copy, recorded."""

import datetime
import hashlib

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from core import pdf_files, pdf_signatures
from core.pdf_signatures import SignatureReport, Validation
from declarations import signing
from declarations.models import Method, Signature, SigningCopy
from declarations.signing import SignedFile
from members.models import Municipality

_NO_COPY = "Bereiten Sie zuerst das Exemplar vor: Ohne es steht nicht fest, wer unterzeichnet."
_UNSIGNED = "Wählen Sie die unterzeichnete Datei: Diese ist das Exemplar ohne Unterschrift."
_NO_DAY = "Geben Sie den Tag ein, an dem unterzeichnet wurde."


def take_in(
    municipality: Municipality,
    file: UploadedFile,
    *,
    signed_on: datetime.date | None = None,
    place: str = "",
    by: str = "",
) -> Signature:
    """Check a signed file of a body and record its signature, to be checked by staff; see `take_in_checked`."""
    try:
        content = pdf_files.check(file).content
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from error
    return take_in_checked(municipality, content, signed_on=signed_on, place=place, by=by)


def take_in_checked(
    municipality: Municipality, content: bytes, *, signed_on: datetime.date | None = None, place: str = "", by: str = ""
) -> Signature:
    """Record the signature in a file that `core.pdf_files` has let in. Takes a second: call it in no transaction.

    signed_on: needed for a scan; what an electronic signature says of its day goes before it. by: name of whoever
    sends it. A file of the same version that nobody has checked yet is replaced. Nothing is stored if anything is
    wrong: ValidationError (German; under "signed_on" or "file").
    """
    copies = list(municipality.signing_copies.filter(declaration=signing.declaration_in_force()))
    if not copies:
        raise ValidationError({"file": _NO_COPY})
    try:
        if any(copy.sha256 == hashlib.sha256(content).hexdigest() for copy in copies):
            raise ValidationError(_UNSIGNED)
        copy, validation = _validated(content, copies)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from error
    electronic = bool(validation.signatures)
    day = _day_of(validation) or signed_on
    if day is None:
        raise ValidationError({"signed_on": _NO_DAY})
    return signing.record_signature(
        copy,
        signed_on=day,
        place=place,
        file=SignedFile(content, validation.as_json() if electronic else None),
        method=Method.ELECTRONIC if electronic else Method.PAPER,
        by=by,
    )


def _validated(content: bytes, copies: list[SigningCopy]) -> tuple[SigningCopy, Validation]:
    """Return the copy that the file begins with, else the newest, and what the signatures in the file prove."""
    sizes = {copy.pk: copy.file.size if copy.file else 0 for copy in copies}
    signed = next((copy for copy in copies if copy.file and _begins_with(content, sizes[copy.pk], copy.sha256)), None)
    copy = signed or copies[0]
    return copy, pdf_signatures.validate(content, size=sizes[copy.pk], sha256=copy.sha256)


def _begins_with(content: bytes, size: int, sha256: str) -> bool:
    return len(content) > size and hashlib.sha256(content[:size]).hexdigest() == sha256


def _day_of(validation: Validation) -> datetime.date | None:
    """The day of the first signature, in Berlin, as its own clock says; None if it says nothing that makes sense."""
    times = [moment for report in validation.signatures if (moment := time_of(report))]
    return timezone.localdate(times[0]) if times else None


def time_of(report: SignatureReport) -> datetime.datetime | None:
    """Return when a signature was given, as the signer's clock says, in Berlin; None if it says nothing readable."""
    try:
        moment = parse_datetime(report.signed_at)
    except ValueError:  # in the form of a time, but none that exists
        return None
    if moment is None:
        return None
    return timezone.localtime(moment if timezone.is_aware(moment) else timezone.make_aware(moment))
