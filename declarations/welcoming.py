"""What follows when the signature of a body that applied is checked: its people have access, and all hear of it."""

from django.core.exceptions import ValidationError

from declarations import emails
from declarations.models import Application, ApplicationState, Signature
from members import actions


def welcome(signature: Signature) -> None:
    """Invite the contact persons whom the accepted application named, and tell everybody who worked on it.

    Registered in apps.py with `signing.when_checked`, so it runs in the transaction of the check. Only the first
    signature after the acceptance counts. Somebody whose account is blocked stays without access; "Heute" names her.
    """
    body = signature.municipality
    accepted = Application.objects.filter(municipality=body, state=ApplicationState.ACCEPTED)
    application = accepted.order_by("-ended_at").first()
    if application is None:
        return
    earlier = body.signatures.checked().exclude(pk=signature.pk)
    if earlier.filter(checked_at__gte=application.ended_at).exists():
        return
    named = [nominee.email.lower() for nominee in application.nominees.all() if nominee.email]
    for contact in body.contacts.on().filter(person__user=None, person__email__in=named):
        try:
            actions.give_access(contact.person, by=signature.checked_by)
        except ValidationError:
            continue
    emails.joined(application)
