"""Verb of passing on: Dienstliches reaches a colleague of the same body, who answers in her own name."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from core.actions import queue_mail
from core.models import Batch, OutgoingMail
from mailings import emails
from mailings.actions import locked
from mailings.audiences import colleagues_of
from mailings.models import Mailing, PassedOn
from mailings.subscribing import subscriber_of
from meetings import actions as places
from meetings import planning
from meetings.models import Invitation
from members.models import Person

OVER = "Diese E-Mail lässt sich nicht mehr weitergeben."
OTHERS = "Wählen Sie eine Person aus der Liste."
HAS_IT = "{name} hat diese E-Mail schon bekommen."


@transaction.atomic
def pass_on(mailing: Mailing, *, giver: Person, receiver: Person) -> PassedOn:
    """Send the mailing to a colleague, too. Of an invitation she gets her own, and the giver counts as not coming.

    ValidationError (German) if it is too late, if she is no colleague, or if she has it already.
    """
    mailing = locked(mailing)
    if not mailing.can_be_passed_on:
        raise ValidationError(OVER)
    functions = {function.person_id: function for function in colleagues_of(giver, mailing)}
    if receiver.pk not in functions or not receiver.email:
        raise ValidationError(OTHERS)
    if who_has_it(mailing, [receiver]):
        raise ValidationError(HAS_IT.format(name=receiver.name))
    subscriber_of(receiver)
    data = emails.data_of(mailing) | {"giver": giver.pk}
    batch = declined = None
    if mailing.invites_to:
        guests = [(receiver, functions[receiver.pk].municipality)]
        title = f"Weitergegeben: {mailing.subject}"
        kind = emails.kind_of(mailing)
        batch = planning.invite_persons(mailing.invites_to, guests, title=title, by=None, kind=kind, data=data)
        own = Invitation.objects.filter(meeting=mailing.invites_to, person=giver).first()
        declined = own if own is not None and places.decline(own) else None
    else:
        queue_mail(
            emails.kind_of(mailing),
            to_address=receiver.email,
            to_name=receiver.name,
            recipient_key=receiver.key,
            data=data,
        )
    return PassedOn.objects.create(mailing=mailing, giver=giver, receiver=receiver, batch=batch, declined=declined)


def ask_giver_again(batch: Batch) -> None:
    """The office has taken back what carried an invitation to a colleague: who gave it on is invited as before."""
    for invitation in Invitation.objects.filter(pk__in=PassedOn.objects.filter(batch=batch).values("declined")):
        places.ask_again(invitation)


def who_has_it(mailing: Mailing, persons: Iterable[Person]) -> set[int]:
    """Return the numbers of those to whom it was sent, or somebody has given it on."""
    keys = {person.key: person.pk for person in persons}
    sent = OutgoingMail.objects.filter(batch=mailing.batch, recipient_key__in=keys)
    given = PassedOn.objects.standing().filter(mailing=mailing, receiver__in=keys.values())
    return {keys[key] for key in sent.values_list("recipient_key", flat=True)} | set(
        given.values_list("receiver", flat=True)
    )
