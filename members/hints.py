"""Verbs of hints: taking one in without becoming a loudspeaker for strangers, and settling it."""

from django.db import transaction
from django.utils import timezone

from members import emails
from members.models import Hint, Municipality
from users.models import User


@transaction.atomic
def take_in(municipality: Municipality, *, text: str, address: str = "") -> Hint:
    """Keep what a visitor says about a member's page, and tell its contact persons and the office."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    Municipality.objects.held(municipality.pk)  # else several at the same moment would each be the third
    before = municipality.hints.filter(created_at__gte=midnight).count()
    hint = Hint(municipality=municipality, text=text, address=address)
    hint.full_clean()
    hint.save()
    if before < Hint.MAILED_A_DAY:
        emails.hint(hint)
    return hint


def settle(hint: Hint, *, by: User) -> None:
    """Note that nothing is left to do; done twice it stays as it was the first time."""
    Hint.objects.open().filter(pk=hint.pk).update(done_at=timezone.now(), done_by=by)
