"""What follows when the signature of a body that applied is checked: its people have access, and all hear of it."""

from django.core.exceptions import ValidationError

from declarations import emails
from declarations.models import Application, ApplicationState
from members import actions
from members.models import Municipality
from users.models import User


def welcome(municipality: Municipality, *, by: User | None) -> None:
    """Invite the contact persons whom the accepted application named, and tell everybody who worked on it.

    `signing.check` calls it when the membership begins, in the same transaction. Somebody whose account is blocked
    stays without access; "Heute" names her.
    """
    accepted = Application.objects.filter(municipality=municipality, state=ApplicationState.ACCEPTED)
    application = accepted.order_by("-ended_at").first()
    if application is None:
        return
    named = [nominee.email.lower() for nominee in application.nominees.all() if nominee.email]
    for contact in municipality.contacts.on().filter(person__user=None, person__email__in=named):
        try:
            actions.give_access(contact.person, by=by)
        except ValidationError:
            continue
    emails.joined(application)
