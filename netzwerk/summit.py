"""The signing round of a summit: it knows meetings and declarations, so it lives up here."""

from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import transaction

from declarations import rounds
from declarations.models import SigningCopy, SigningRound
from declarations.signing import Signatory
from meetings.models import Answer, Invitation, Meeting
from meetings.summit import board
from members.models import CandidacyStage, Municipality


@dataclass(frozen=True)
class Signing:
    """What the board shows of the round. row: None as long as there is none."""

    row: SigningRound | None
    invitations: list[Invitation]
    ready: list[Invitation]

    @cached_property
    def _copies(self) -> list[SigningCopy]:
        """In the order in which they are called."""
        return [entry.copy for entry in self.row.entries.select_related("copy")] if self.row else []

    @property
    def bodies(self) -> list[str]:
        """In the order in which they are called, with who signs."""
        return [f"{copy.body_name}: {copy.signatory}" for copy in self._copies]

    @property
    def to_check(self) -> list[str]:
        """What the answers say otherwise than the round, since they were changed: German sentences."""
        if self.row is None or self.row.closed_at:
            return []
        comes = {one.municipality_id: _who_comes(one) for one in self.invitations}
        found = []
        for copy in self._copies:
            name = comes.get(copy.municipality_id, copy.signatory_name)
            if not name:
                found.append(f"{copy.body_name}: {copy.signatory_name} steht in der Runde, aber es kommt niemand.")
            elif name != copy.signatory_name:
                found.append(f"{copy.body_name}: In der Runde steht {copy.signatory_name}, aber es kommt {name}.")
        return found

    @property
    def signed(self) -> int:
        return self.row.signatures.valid().count() if self.row else 0


def signing_of(meeting: Meeting, invitations: list[Invitation]) -> Signing:
    """Return how the signing at this summit stands. invitations: all of it, as the board has them."""
    row = SigningRound.objects.filter(meeting=meeting).first()
    return Signing(row, invitations, _ready(row, invitations))


def _who_comes(invitation: Invitation) -> str:
    """The name of head or deputy; "" if nobody does."""
    if invitation.answer == Answer.DEPUTY:
        return invitation.reply.deputy.name
    return invitation.person.name if invitation.answer == Answer.COMES else ""


def _ready(row: SigningRound | None, invitations: list[Invitation]) -> list[Invitation]:
    """Bodies on their way into the network from which somebody comes, and which the round does not hold yet."""
    applying = set(Municipality.objects.candidates(CandidacyStage.APPLYING).values_list("pk", flat=True))
    in_round = set(row.entries.values_list("copy__municipality", flat=True)) if row else set()
    comes = [one for one in invitations if one.answer in (Answer.COMES, Answer.DEPUTY)]
    return [one for one in comes if one.municipality_id in applying - in_round]


@transaction.atomic
def plan_round(meeting: Meeting) -> SigningRound:
    """Make the round of this summit, on its day and at its place; a second time return the one there is.

    ValidationError (German) if no version of the declaration is in force.
    """
    held = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    known = SigningRound.objects.filter(meeting=held).first()
    if known is not None:
        return known
    place = held.town_name or "Düsseldorf"
    return rounds.plan(SigningRound(title=held.title, held_on=held.day, place=place, meeting=held))


@transaction.atomic
def fill_round(meeting: Meeting) -> tuple[int, list[str]]:
    """Put all bodies that are ready into the round in protocol order, each with its head or deputy as signatory.

    Return how many, and a German sentence for each that could not be added. ValidationError if there is no round.
    """
    row = SigningRound.objects.filter(meeting=meeting).first()
    if row is None:
        raise ValidationError("Legen Sie zuerst die Unterzeichnungsrunde an.")
    added, refused = 0, []
    invitations = [shown.invitation for shown in board(meeting).rows]
    for invitation in _ready(row, invitations):
        body = invitation.municipality
        try:
            rounds.add(row, body, signatory=_signatory(invitation))
        except ValidationError as error:
            refused += error.messages
        else:
            added += 1
    return added, refused


def _signatory(invitation: Invitation) -> Signatory:
    """Who signs: the head as she is in office on the day, or her deputy "in Vertretung"."""
    reply = invitation.reply
    if reply.answer == Answer.DEPUTY and reply.deputy is not None:
        return Signatory(reply.deputy.name, reply.deputy_office, True)
    body = invitation.municipality
    head = body.heads.on(invitation.meeting.day).select_related("person").first() if body else None
    if head is None:
        raise ValidationError(f"{body}: Keine Spitze eingetragen. Fügen Sie die Kommune einzeln hinzu.")
    return Signatory.of(head)
