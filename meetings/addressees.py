"""Who reads about an invitation to a summit, and the words in which mail and letter speak to her."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from core.actions import Recipient
from core.dates import long_date
from core.links import token_for
from core.models import Bounce
from meetings.access import ANSWERING
from meetings.models import Invitation, InvitationCopy, Registration
from members.models import HeadOfAdministration, Person


@dataclass(frozen=True)
class Addressee:
    """One person who reads about an invitation: the head herself, or with a copy her outer office."""

    invitation: Invitation
    copy: InvitationCopy | None = None

    @property
    def person(self) -> Person:
        return self.copy.person if self.copy else self.invitation.person

    @property
    def is_head(self) -> bool:
        return self.copy is None

    @property
    def answer_url(self) -> str:
        token = token_for(self.copy or self.invitation, ANSWERING)
        return settings.SITE_URL + reverse("invitation", args=[token])

    @property
    def data(self) -> dict[str, int | None]:
        return {"invitation": self.invitation.pk, "copy": self.copy.pk if self.copy else None}

    def recipient(self, **data: Any) -> Recipient:
        """As one of a batch."""
        return Recipient(self.person.key, self.person.email, self.person.name, self.data | data)


def addressees(invitations: Iterable[Invitation]) -> list[Addressee]:
    """Return everybody whom mail about these invitations reaches; who is invited on paper only her outer office.

    An address that is stopped after bounces reaches nobody.
    """
    rows = list(invitations)
    stopped = Bounce.objects.all_stopped()
    copies: dict[int, list[InvitationCopy]] = {row.pk: [] for row in rows}
    for copy in InvitationCopy.objects.holding().filter(invitation__in=rows).select_related("person"):
        copies[copy.invitation_id].append(copy)
    found = []
    for row in rows:
        hers = [Addressee(row)] if row.by_mail else []
        both = [*hers, *(Addressee(row, copy) for copy in copies[row.pk])]
        found += [one for one in both if one.person.email and one.person.email not in stopped]
    return found


def head_of(invitation: Invitation) -> HeadOfAdministration | None:
    """Return the function for which she is invited, on the day of the meeting."""
    day = invitation.meeting.day
    rows = HeadOfAdministration.objects.on(day).select_related("person", "municipality")
    return rows.filter(person=invitation.person_id, municipality=invitation.municipality_id).first()


def greeting_at(registration: Registration) -> str:
    """How a mail about a place begins: at a summit a head is greeted as stored, everybody else neutrally."""
    if registration.meeting.is_summit and registration.pk:
        heads = HeadOfAdministration.objects.on(registration.meeting.day).select_related("person")
        head = heads.filter(person=registration.person_id, municipality=registration.municipality_id).first()
        if head is not None:
            return head.greeting
    return f"Guten Tag {registration.person.name}"


def greeting_of(addressee: Addressee, head: HeadOfAdministration | None) -> str:
    """How her letter begins, without the comma: of a head as stored, of all others neutral."""
    if addressee.copy is None and head is not None:
        return head.greeting
    return f"Guten Tag {addressee.person.name}"


def words(addressee: Addressee, head: HeadOfAdministration | None) -> dict[str, str]:
    """Return what the placeholders stand for; the same for mail and letter."""
    meeting = addressee.invitation.meeting
    until = meeting.register_until
    return {
        "anrede": greeting_of(addressee, head),
        "termin": meeting.title,
        "wann": meeting.when,
        "ort": meeting.address or meeting.where,
        "frist": long_date(until) if until else "",
    }
