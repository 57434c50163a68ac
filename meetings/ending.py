"""Verbs of what ends with a person or with her address: her personal links, and her places at meetings to come."""

from django.db import transaction

from core import links
from meetings import filling
from meetings.models import CalendarLink, Invitation, InvitationCopy, Registration
from members.models import Person


@transaction.atomic
def give_everything_back(person: Person) -> None:
    """Give back what a person who is being erased holds at meetings to come, so that the next move up; she is not told.

    What she took part in stays, for the figures.
    """
    for row in Registration.objects.concerned().filter(person=person).select_related("meeting"):
        meeting = filling.locked(row.meeting)
        if not meeting.has_begun:
            filling.strike(row)
            filling.fill(meeting)


def withdraw_mailed_links(person: Person) -> None:
    """End the links that mails brought her, for her address is another one: whoever reads the old mailbox answers for
    her no more. The next mail bears new ones. A link that stands in a letter alone and her calendar's go on.
    """
    links.withdraw(Invitation.objects.filter(person=person, by_mail=True))
    links.withdraw(InvitationCopy.objects.filter(person=person))
    links.withdraw(Registration.objects.filter(person=person))


def withdraw_all_links(person: Person) -> None:
    """End every link of a person who is being erased; nobody acts in her name afterwards."""
    withdraw_mailed_links(person)
    links.withdraw(Invitation.objects.filter(person=person, by_mail=False))
    links.withdraw(CalendarLink.objects.filter(person=person))
