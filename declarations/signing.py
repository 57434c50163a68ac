"""Verbs of signing: prepare a copy, record who signed, check it, and what follows until the Land has signed, too.

A membership starts with the check and bears the day on which the body signed (docs/architektur.md).
"""

import datetime
import hashlib
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import uploads
from core.dates import PartialDate, Precision, long_date, today
from core.history import actor_name
from declarations import documents, welcoming
from declarations.models import Declaration, Method, Signature, SigningCopy, SigningRound
from members import actions as member_actions
from members.models import HeadOfAdministration, Municipality
from users.models import User

_LOST_COPY = "Bereiten Sie ein neues Exemplar vor: Die Datei von diesem fehlt auf dem Server."


@dataclass(frozen=True)
class Signatory:
    """Who signs for a body. office: as the body writes it; in_deputy: signs "in Vertretung" of the head."""

    name: str
    office: str
    in_deputy: bool = False

    @classmethod
    def of(cls, head: HeadOfAdministration) -> "Signatory":
        return cls(head.person.name, head.office_title)


@dataclass(frozen=True)
class SignedFile:
    """A file that proves a signature: its bytes, and what a check of an electronic signature found (JSON)."""

    data: bytes
    report: dict | None = None


def declaration_in_force() -> Declaration:
    """Return the version that is signed today. ValidationError (German) if there is none."""
    declaration = Declaration.objects.in_force()
    if declaration is None:
        raise ValidationError("Legen Sie zuerst die Fassung der Gemeinsamen Erklärung an, die heute gilt.")
    return declaration


@transaction.atomic
def publish(declaration: Declaration) -> Declaration:
    """Store a new version; the one that held until then ends the day before. ValidationError (German) if refused."""
    rows = list(Declaration.objects.select_for_update().exclude(pk=declaration.pk))
    for earlier in rows:
        if earlier.ended_on is None and earlier.started_on < declaration.started_on:
            earlier.ended_on = declaration.started_on - datetime.timedelta(days=1)
            earlier.save()
    declaration.full_clean()
    declaration.save()
    return declaration


# --- the copy to sign -------------------------------------------------------------------------------------------------


@transaction.atomic
def prepare_copy(
    municipality: Municipality, *, signatory: Signatory, declaration: Declaration | None = None
) -> SigningCopy:
    """Prepare the version in force (or this one) for the person who will sign. Quick: the PDF comes with `copy_file`.

    Prepared again for somebody else, earlier copies stay valid: one of them may be on a desk already. The same person
    gets the same copy. ValidationError (German) without name or office.
    """
    declaration = declaration or declaration_in_force()
    values = {
        "declaration": declaration,
        "municipality": municipality,
        "body_name": municipality.name_in_letter,
        "signatory_name": signatory.name,
        "signatory_office": signatory.office,
        "in_deputy": signatory.in_deputy,
    }
    copy = SigningCopy.objects.filter(**values, entry=None).first() or SigningCopy(**values)
    if copy.pk is None:
        copy.full_clean(exclude=["sha256"])
        copy.save()
    return copy


def copy_file(copy: SigningCopy) -> bytes:
    """Return the copy's PDF, made on first asking and the same bytes ever after: their sum proves what was signed.

    Making takes a second and is done outside the transaction; of two who ask at once both get the first one's file.
    ValidationError (German) if there is no room for the file, the text is too long, or the file has been lost: a new
    one would not be the one whose sum is known.
    """
    if not copy.file:
        _keep_file(copy, documents.signing_copy(copy))
    try:
        with copy.file.open("rb") as file:
            return file.read()
    except FileNotFoundError as error:
        raise ValidationError(_LOST_COPY) from error


@transaction.atomic
def _keep_file(copy: SigningCopy, data: bytes) -> None:
    stored = SigningCopy.objects.select_for_update().get(pk=copy.pk)
    if not stored.file:
        stored.sha256 = hashlib.sha256(data).hexdigest()
        stored.file = ContentFile(data, "copy.pdf")
        uploads.save_with_file(stored)
    copy.file, copy.sha256 = stored.file, stored.sha256


# --- signatures -------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_signature(
    copy: SigningCopy,
    *,
    signed_on: datetime.date,
    place: str = "",
    file: SignedFile | None = None,
    method: Method = Method.PAPER,
    signing_round: SigningRound | None = None,
    by: str = "",
) -> Signature:
    """Record that a copy was signed; nothing begins before staff have checked it.

    by: the name of whoever hands it in. A signature of the same version that nobody has checked yet is replaced.
    ValidationError (German) for a day in the future, or if the body has signed this version already.
    """
    if signed_on > today():
        raise ValidationError({"signed_on": "Wählen Sie den Tag, an dem unterzeichnet wurde: Er liegt in der Zukunft."})
    municipality = Municipality.objects.held(copy.municipality_id)
    _replace_unchecked(municipality, copy.declaration)
    signature = Signature(
        municipality=municipality,
        declaration=copy.declaration,
        text_sha256=copy.declaration.text_sha256,
        body_name=copy.body_name,
        signatory_name=copy.signatory_name,
        signatory_office=copy.signatory_office,
        in_deputy=copy.in_deputy,
        method=method,
        signed_on=signed_on,
        place=place,
        copy=copy,
        round=signing_round,
        report=file.report if file else None,
        recorded_by=by or actor_name(),
    )
    return _store(signature, file)


def _replace_unchecked(municipality: Municipality, declaration: Declaration) -> None:
    for earlier in Signature.objects.to_check().filter(municipality=municipality, declaration=declaration):
        earlier.withdrawn_at, earlier.withdrawn_reason = timezone.now(), "durch eine neue Datei ersetzt"
        earlier.save()


def _store(signature: Signature, file: SignedFile | None = None) -> Signature:
    """Check and store a new row with its file; what only the database sees gets its German sentence."""
    if file:
        signature.file = ContentFile(file.data, "signed.pdf")
        signature.file_sha256 = hashlib.sha256(file.data).hexdigest()
    signature.full_clean(exclude=["file"])
    try:
        uploads.save_with_file(signature)
    except IntegrityError as error:
        raise ValidationError(f"Laden Sie die Seite neu: {signature.body_name} hat gerade unterzeichnet.") from error
    return signature


@transaction.atomic
def hand_down(
    municipality: Municipality,
    *,
    begin: PartialDate | None,
    declaration: Declaration | None = None,
    signatory: Signatory | None = None,
    source: str = "",
    note: str = "",
) -> Signature:
    """Record a historical signature with what is known of it; it counts at once. Starts no membership.

    source: address of the page that proves it; note: where it says so if there is no page. One of both is needed.
    ValidationError (German) if refused.
    """
    signature = Signature(
        municipality=municipality,
        declaration=declaration,
        text_sha256=declaration.text_sha256 if declaration else "",
        body_name=municipality.name_in_letter,
        signatory_name=signatory.name if signatory else "",
        signatory_office=signatory.office if signatory else "",
        in_deputy=bool(signatory and signatory.in_deputy),
        method=Method.HANDED_DOWN,
        signed_on=begin.day if begin else None,
        precision=begin.precision if begin else Precision.UNKNOWN,
        source=source,
        note=note,
        recorded_by=actor_name(),
        checked_at=timezone.now(),
        checked_by_name=actor_name(),
    )
    return _store(signature)


def _held(signature: Signature) -> Signature:
    """Return the row as it is now, held until the end of the transaction. ValidationError (German) if withdrawn."""
    row = Signature.objects.select_for_update(of=("self",)).select_related("municipality", "declaration")
    held = row.get(pk=signature.pk)
    if held.withdrawn_at:
        raise ValidationError("Laden Sie die Seite neu: Diese Unterzeichnung ist zurückgezogen.")
    return held


@transaction.atomic
def check(signature: Signature, *, by: User, original_on: datetime.date | None = None) -> Signature:
    """Confirm that the signature is right. A body that is no member becomes one, from the day on which it signed.

    original_on: if the paper itself lies here, since when. Of two who check at once the second is told by a
    ValidationError (German).
    """
    Municipality.objects.held(signature.municipality_id)
    held = _held(signature)
    if held.checked_at:
        who = f" von {held.checked_by_name}" if held.checked_by_name else ""
        raise ValidationError(f"Diese Unterzeichnung ist schon geprüft{who}.")
    held.checked_at, held.checked_by, held.checked_by_name = timezone.now(), by, actor_name() or str(by)
    held.original_on = original_on
    held.save()
    if held.day and not held.municipality.running_membership():
        member_actions.start_membership(held.municipality, begin=held.day)
        welcoming.welcome(held.municipality, by=by)
    return held


@transaction.atomic
def receive_original(signature: Signature, *, on: datetime.date) -> Signature:
    """Note that the paper itself has arrived. ValidationError (German) for a day before the signature or to come."""
    held = _held(signature)
    _refuse_day(held, on)
    held.original_on = held.original_on or on
    return _later(held)


@transaction.atomic
def countersign(signature: Signature, *, on: datetime.date, signatory: str) -> Signature:
    """Note that the Land has signed. signatory: name and office of that day. ValidationError (German) if refused."""
    held = _held(signature)
    _refuse_day(held, on)
    if held.countersigned_on:
        raise ValidationError(f"Das Land hat schon am {long_date(held.countersigned_on)} gegengezeichnet.")
    held.countersigned_on, held.countersigned_by = on, signatory
    return _later(held)


@transaction.atomic
def withdraw(signature: Signature, *, reason: str) -> Signature:
    """Take a wrong signature out of the register; it stays to be seen with its reason. The membership stays, too.

    ValidationError (German) without a reason, or if it is withdrawn already.
    """
    held = _held(signature)
    if not reason.strip():
        raise ValidationError({"reason": "Nennen Sie den Grund, aus dem die Unterzeichnung zurückgezogen wird."})
    held.withdrawn_at, held.withdrawn_reason = timezone.now(), reason.strip()
    return _later(held)


def _refuse_day(signature: Signature, day: datetime.date) -> None:
    if day > today():
        raise ValidationError({"on": "Wählen Sie einen Tag, der nicht in der Zukunft liegt."})
    if signature.signed_on and day < signature.signed_on:
        signed = long_date(signature.signed_on)
        raise ValidationError({"on": f"Wählen Sie einen Tag ab dem {signed}: An ihm hat die Kommune unterzeichnet."})


def _later(signature: Signature) -> Signature:
    signature.full_clean(exclude=["file"])
    signature.save()
    return signature
