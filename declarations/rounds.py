"""Verbs of signing rounds: pick bodies, bring them in order, print everything, record all on the day."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core.dates import today
from core.history import actor_name
from declarations import signing
from declarations.models import Method, RoundEntry, Signature, SigningCopy, SigningRound
from declarations.signing import Signatory
from members.models import Municipality
from users.models import User


@dataclass(frozen=True)
class Signed:
    """What happened with a body on the day: did it sign, and did the paper stay here?"""

    signed: bool
    original_here: bool = True


@transaction.atomic
def plan(signing_round: SigningRound) -> SigningRound:
    """Store a new round; it is about the version in force. ValidationError (German) if refused."""
    signing_round.declaration = signing.declaration_in_force()
    signing_round.full_clean()
    signing_round.save()
    return signing_round


def can_join(signing_round: SigningRound, municipality: Municipality) -> str:
    """Return why a body cannot sign in this round (German), or ""."""
    if signing_round.entries.filter(copy__municipality=municipality).exists():
        return f"{municipality} steht schon in der Reihenfolge."
    if municipality.signatures.checked().filter(declaration=signing_round.declaration).exists():
        return f"{municipality} hat diese Fassung schon unterzeichnet."
    return ""


@transaction.atomic
def add(signing_round: SigningRound, municipality: Municipality, *, signatory: Signatory) -> RoundEntry:
    """Put a body at the end of the running order, with a copy of its own for this signatory.

    ValidationError (German) if the round is over, or the body is in it or has signed this version already.
    """
    held = _open(signing_round)
    if reason := can_join(held, municipality):
        raise ValidationError(reason)
    copy = SigningCopy(
        declaration=held.declaration,
        municipality=municipality,
        body_name=municipality.name_in_letter,
        signatory_name=signatory.name,
        signatory_office=signatory.office,
        in_deputy=signatory.in_deputy,
    )
    copy.full_clean(exclude=["sha256"])
    copy.save()
    last = held.entries.order_by("place").last()
    return RoundEntry.objects.create(round=held, copy=copy, place=last.place + 1 if last else 1)


@transaction.atomic
def add_heads(signing_round: SigningRound, municipalities: Iterable[Municipality]) -> list[str]:
    """Add bodies with whoever leads them today; return a German sentence for each that could not be added."""
    refused = []
    for municipality in municipalities:
        head = municipality.heads.on().select_related("person").first()
        if head is None:
            refused.append(f"{municipality}: Keine Spitze eingetragen. Fügen Sie die Kommune einzeln hinzu.")
            continue
        try:
            add(signing_round, municipality, signatory=Signatory.of(head))
        except ValidationError as error:
            refused += error.messages
    return refused


@transaction.atomic
def remove(entry: RoundEntry) -> None:
    """Take a body out of a round that is open; those behind move up. ValidationError (German) if the round is over."""
    held = _open(entry.round)
    copy = entry.copy
    entry.delete()
    copy.delete()
    for place, left in enumerate(held.entries.order_by("place"), start=1):
        if left.place != place:
            left.place = place
            left.save()


@transaction.atomic
def move_up(entry: RoundEntry) -> None:
    """Let a body be called before the one that stands in front of it; the first one stays."""
    held = _open(entry.round)
    rows = list(held.entries.order_by("place"))
    index = next((index for index, row in enumerate(rows) if row.pk == entry.pk), 0)
    if index == 0:
        return
    before, moved = rows[index - 1], rows[index]
    first, second = before.place, moved.place
    before.place = max(row.place for row in rows) + 1  # two places at once are unique
    before.save()
    moved.place = first
    moved.save()
    before.place = second
    before.save()


@transaction.atomic
def record(signing_round: SigningRound, results: Mapping[int, Signed], *, by: User) -> list[Signature]:
    """Record a round as it happened, all or nothing, and close it; who did not sign stays without a signature.

    results: by number of the entry. Staff saw everybody sign, so each signature is checked, too, and memberships
    begin. ValidationError (German) before the day, if nobody signed, or if a colleague was quicker.
    """
    held = _open(signing_round)
    if held.held_on > today():
        raise ValidationError("Warten Sie bis zum Tag der Unterzeichnung: Vorher kann niemand unterzeichnet haben.")
    entries = held.entries.select_related("copy__municipality", "copy__declaration")
    signed = [entry for entry in entries if entry.pk in results and results[entry.pk].signed]
    if not signed:
        raise ValidationError("Wählen Sie mindestens eine Kommune, die unterzeichnet hat.")
    rows = [_record(held, entry, original_here=results[entry.pk].original_here, by=by) for entry in signed]
    held.closed_at = timezone.now()
    held.save()
    return rows


def _record(signing_round: SigningRound, entry: RoundEntry, *, original_here: bool, by: User) -> Signature:
    day: datetime.date = signing_round.held_on
    try:
        signature = signing.record_signature(
            entry.copy,
            signed_on=day,
            place=signing_round.place,
            method=Method.ROUND,
            signing_round=signing_round,
            by=actor_name() or str(by),
        )
        return signing.check(signature, by=by, original_on=day if original_here else None)
    except ValidationError as error:
        raise ValidationError(f"{entry.copy.body_name}: {' '.join(error.messages)}") from error


def _open(signing_round: SigningRound) -> SigningRound:
    """Return the round as it is now, held until the end of the transaction. ValidationError (German) if it is over."""
    held = SigningRound.objects.select_for_update(of=("self",)).select_related("declaration").get(pk=signing_round.pk)
    if held.closed_at:
        raise ValidationError("Diese Runde ist schon eingetragen.")
    return held
