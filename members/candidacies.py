"""Verbs of candidacies: a body becomes interested, applies, and is neither any more."""

from django.db import transaction

from core.dates import today
from members.models import Candidacy, CandidacyStage, Municipality


@transaction.atomic
def advance(municipality: Municipality, stage: CandidacyStage) -> Candidacy:
    """Let a body be at this stage from today on; an earlier one ends. At the same stage nothing changes.

    Raises ValidationError (German) for a member.
    """
    Municipality.objects.held(municipality.pk)
    Candidacy(municipality=municipality, stage=stage).clean()
    current = municipality.candidacies.open().first()
    if current and current.stage == stage:
        return current
    end(municipality)
    return Candidacy.objects.create(municipality=municipality, stage=stage)


def end(municipality: Municipality) -> None:
    """Let a body be no candidate any more, with today as the last day; one that is none stays as it is."""
    for candidacy in municipality.candidacies.select_for_update().open():
        candidacy.ended_on = today()
        candidacy.save()


@transaction.atomic
def save_by_hand(candidacy: Candidacy) -> Candidacy:
    """Check and store an interest that the office noted. ValidationError (German) for a member or a second one."""
    Municipality.objects.held(candidacy.municipality_id)
    candidacy.full_clean()
    candidacy.save()
    return candidacy
