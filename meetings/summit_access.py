"""Who may answer an invitation to a summit, and who reads its papers. The only doors to both."""

import datetime

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from core.dates import today
from core.links import row_for, row_or_404
from meetings.access import ANSWERING
from meetings.addressees import Addressee
from meetings.models import (
    Answer,
    BriefingPaper,
    Invitation,
    InvitationCopy,
    Meeting,
    MeetingKind,
    Registration,
)
from members.access import own_functions
from members.models import Person

# "Access ending afterwards": as long as other things that are needed around the day itself.
PAPERS_SHOWN = datetime.timedelta(days=14)


def addressee_for(token: str) -> Addressee:
    """Return whom a link to a summit was sent to; Http404 for a link to any other meeting, or to nothing at all.

    So also for one whose task has ended: taken back, the meeting a draft again, the outer office somebody else's.
    """
    summits = Invitation.objects.for_summit().filter(meeting__kind=MeetingKind.SUMMIT)
    invitation = row_for(summits, ANSWERING, token)
    if invitation is not None:
        return _open(Addressee(invitation))
    copy = row_or_404(InvitationCopy.objects.select_related("person"), ANSWERING, token)
    keeps_door = InvitationCopy.objects.holding().filter(pk=copy.pk)
    invitation = get_object_or_404(summits, copies__in=keeps_door)
    return _open(Addressee(invitation, copy))


def _open(addressee: Addressee) -> Addressee:
    if not addressee.invitation.is_open:
        raise Http404
    return addressee


def invitation_for_staff(meeting: Meeting, pk: int) -> Invitation:
    """Return an invitation to this summit, for pages of staff; Http404 for any other."""
    row = meeting.invitations.sent().for_summit().filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def summit_for_staff(pk: int) -> Meeting:
    """Return a summit, for pages of staff; Http404 for any other meeting."""
    row = Meeting.objects.for_list().filter(pk=pk, kind=MeetingKind.SUMMIT).first()
    if row is None:
        raise Http404
    return row


def paper_for_staff(meeting: Meeting, pk: int) -> BriefingPaper:
    """Return a paper of this meeting, for pages of staff; Http404 for any other."""
    row = meeting.papers.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def papers_of_invitation(addressee: Addressee) -> list[BriefingPaper]:
    """Return the papers for whoever comes herself or sends somebody, and her outer office; none for the others."""
    invitation = addressee.invitation
    comes = invitation.answer in (Answer.COMES, Answer.DEPUTY) and invitation.in_office  # type: ignore[attr-defined]
    return _papers(invitation.meeting) if comes else []


def papers_of_place(registration: Registration) -> list[BriefingPaper]:
    """Return the papers for whoever has a place at a summit, a deputy above all; none for the others."""
    return _papers(registration.meeting) if registration.is_active and registration.meeting.is_summit else []


def _papers(meeting: Meeting) -> list[BriefingPaper]:
    if meeting.is_cancelled or today() > meeting.last_day + PAPERS_SHOWN:
        return []
    return list(meeting.papers.in_order())


def invited_heads_of(person: Person | None) -> QuerySet[Invitation]:
    """Return the invitations of the heads for whose bodies somebody answers: that they are invited is all she sees."""
    if person is None:
        return Invitation.objects.none()
    bodies = own_functions(person).values("municipality")
    coming = Meeting.objects.taking_place().coming().filter(kind=MeetingKind.SUMMIT)
    rows = Invitation.objects.sent().in_office().filter(municipality__in=bodies, meeting__in=coming.values("pk"))
    return rows.select_related("person", "meeting", "municipality")


def one_of(papers: list[BriefingPaper], pk: int) -> BriefingPaper:
    """Return one of the papers that somebody may read; Http404 for any other."""
    found = next((paper for paper in papers if paper.pk == pk), None)
    if found is None:
        raise Http404
    return found
