"""Who may see what is signed; the only door to copies, signatures and rounds. Pages of staff ask for a right first."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from declarations.models import RoundEntry, Signature, SigningCopy, SigningRound
from members.models import Municipality
from users.models import User


def signature_for(pk: int) -> Signature:
    """Return a signature, for staff; Http404 if there is none."""
    rows = Signature.objects.select_related("municipality", "declaration", "copy", "round")
    return get_object_or_404(rows, pk=pk)


def signed_file_for(pk: int) -> Signature:
    """Return a signature that has a file; Http404 for one without."""
    signature = signature_for(pk)
    if not signature.file:
        raise Http404
    return signature


def copy_for(public_id: UUID) -> SigningCopy:
    """Return a copy to sign, for staff; Http404 if there is none."""
    return get_object_or_404(SigningCopy.objects.select_related("declaration", "municipality"), public_id=public_id)


def own_copy_for(municipality: Municipality, public_id: UUID) -> SigningCopy:
    """Return a copy of this very body, for whoever acts for it by link; Http404 for that of another."""
    return get_object_or_404(municipality.signing_copies.select_related("declaration"), public_id=public_id)


def certificate_for(pk: int) -> Signature:
    """Return a signature that counts, for its certificate; Http404 for one that nobody has checked."""
    signature = Signature.objects.checked().select_related("municipality", "declaration").filter(pk=pk).first()
    if signature is None:
        raise Http404
    return signature


def round_for(pk: int) -> SigningRound:
    """Return a round, for staff; Http404 if there is none."""
    return get_object_or_404(SigningRound.objects.select_related("declaration"), pk=pk)


def can_countersign(user: User) -> bool:
    return user.has_perm("declarations.countersign_signature")


def entry_for(signing_round: SigningRound, pk: int) -> RoundEntry:
    """Return a body of this round; Http404 for one of another."""
    return get_object_or_404(signing_round.entries.select_related("copy", "round"), pk=pk)
