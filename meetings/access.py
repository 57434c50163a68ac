"""Who may see which meeting and whose registration. The only doors to these objects."""

from django.db.models import Q, QuerySet
from django.http import Http404

from core.links import row_for, row_or_404
from meetings.models import (
    AgendaItem,
    Audience,
    CalendarLink,
    Invitation,
    Meeting,
    MeetingKind,
    MeetingState,
    Registration,
)
from members.access import is_network, own_functions
from members.models import Municipality, OuterOffice, Person
from users.models import User

# What each kind of personal link is for.
ANSWERING, OWN_PLACE, SUBSCRIBING, CHECKING_IN = "answer", "place", "calendar", "check-in"


def can_see_inside(user: User, person: Person | None, meeting: Meeting) -> bool:
    """Whether a reader may see programme and registration: everybody, members, or whom it concerns."""
    if meeting.audience == Audience.PUBLIC or user.has_perm("meetings.view_meeting"):
        return True
    if meeting.audience == Audience.MEMBERS and user.is_authenticated and is_network(user):
        return True
    return person is not None and concerns(person, meeting)


def concerns(person: Person, meeting: Meeting) -> bool:
    """Whether she is or was in the list, or invited; at a summit whoever comes, is invited or keeps the door."""
    invited = meeting.invitations.sent()
    if not meeting.is_summit:
        return any(rows.filter(person=person).exists() for rows in (meeting.registrations, invited))
    doors = OuterOffice.objects.on().filter(person=person).values("municipality")
    hers = Q(person=person) | Q(copies__person=person, municipality__in=doors)
    return meeting.registrations.concerned().filter(person=person).exists() or invited.in_office().filter(hers).exists()


def is_public(meeting: Meeting) -> bool:
    """Whether everybody may know of it (see `MeetingQuerySet.public`)."""
    return meeting.state != MeetingState.DRAFT and meeting.audience != Audience.INVITED


def meeting_for(user: User, person: Person | None, year: int, slug: str) -> Meeting:
    """Return the meeting with this address: a public one to all, by invitation to whom it concerns, drafts to staff.

    Http404 else.
    """
    meeting = Meeting.objects.for_list().filter(year=year, slug=slug).first()
    if meeting is None:
        raise Http404
    if is_public(meeting) or user.has_perm("meetings.view_meeting"):
        return meeting
    if person is not None and meeting.state != MeetingState.DRAFT and concerns(person, meeting):
        return meeting
    raise Http404


def meeting_once_at(user: User, person: Person | None, year: int, slug: str) -> Meeting:
    """Return the meeting that had this address before, by its history, if the reader may see it (`meeting_for`).

    Http404 else, and where a meeting has this address today.
    """
    versions = Meeting.history.filter(year=year, slug=slug).order_by("-history_id")
    moved = Meeting.objects.filter(pk__in=list(versions.values_list("id", flat=True)[:1])).first()
    if moved is None or Meeting.objects.filter(year=year, slug=slug).exists():
        raise Http404
    return meeting_for(user, person, moved.year, moved.slug)


def meeting_for_staff(pk: int) -> Meeting:
    """Return a meeting, for pages of staff; Http404 if there is none."""
    meeting = Meeting.objects.for_list().select_related("thanks").filter(pk=pk).first()
    if meeting is None:
        raise Http404
    return meeting


def item_for(meeting: Meeting, pk: int) -> AgendaItem:
    """Return an item of the meeting's programme; Http404 for any other."""
    item = meeting.agenda.filter(pk=pk).first()
    if item is None:
        raise Http404
    return item


def meetings_for(user: User, person: Person | None) -> QuerySet[Meeting]:
    """Return what somebody of the network finds in her own area: the public ones and those that concern her."""
    wanted = Q(pk__in=Meeting.objects.public().values("pk"))
    if person is not None:
        sent = Invitation.objects.sent().filter(person=person).values("meeting")
        wanted |= Q(registrations__person=person) | Q(pk__in=sent)
    if user.has_perm("meetings.view_meeting"):
        wanted = Q()
    return Meeting.objects.shown().filter(wanted).distinct().for_list()


def registration_of(person: Person | None, meeting: Meeting) -> Registration | None:
    """Return somebody's own registration for a meeting."""
    return meeting.registrations.for_list().filter(person=person).first() if person is not None else None


def own_registrations(person: Person | None) -> QuerySet[Registration]:
    """Return all registrations of a person, those of the next meetings first; none for nobody."""
    rows = Registration.objects.filter(person=person) if person is not None else Registration.objects.none()
    return rows.for_list().order_by("meeting__begins_at")


def own_registration_for(person: Person | None, pk: int) -> Registration:
    """Return her own registration; Http404 for anybody else's."""
    row = own_registrations(person).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def own_invitation_for(person: Person | None, pk: int) -> Invitation:
    """Return an invitation to her; Http404 for anybody else's."""
    row = Invitation.objects.sent().filter(pk=pk, person=person).exclude(person=None).first()
    if row is None:
        raise Http404
    return row


def registration_for_staff(meeting: Meeting, pk: int) -> Registration:
    """Return a registration of this meeting, for pages of staff; Http404 for any other."""
    row = meeting.registrations.for_list().filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def registration_for(token: str) -> Registration:
    """Return the registration that a personal link leads to; Http404 for a link that leads nowhere."""
    return row_or_404(Registration.objects.for_list(), OWN_PLACE, token)


def participants_for(token: str) -> tuple[Registration, QuerySet[Registration]]:
    """Return who looks, by her personal link, and the others who take part and agreed to be named; only to whom has a
    place herself, and not once the meeting is called off. Http404 else.
    """
    own = registration_for(token)
    if not own.has_place or own.meeting.is_cancelled:
        raise Http404
    return own, own.meeting.registrations.registered().filter(is_listed=True).for_list().in_list_order()


def registration_at_door(token: str) -> Registration:
    """Return the registration whose code somebody shows at the door; Http404 for a code of another kind."""
    return row_or_404(Registration.objects.for_list(), CHECKING_IN, token)


def invitation_for(token: str) -> Invitation | None:
    """Return the invitation that a personal link leads to; None for a link to a summit (meetings.summit_access), or to
    nothing at all. Http404 if it was taken back, or if the meeting is a draft again.
    """
    rows = Invitation.objects.exclude(meeting__kind=MeetingKind.SUMMIT)
    invitation = row_for(rows.select_related("person", "meeting__host", "municipality", "batch"), ANSWERING, token)
    if invitation is not None and not invitation.is_open:
        raise Http404
    return invitation


def calendar_link_for(token: str) -> CalendarLink:
    """Return whose calendar a subscription shows; Http404 for an address that leads nowhere."""
    link = row_for(CalendarLink.objects.select_related("person"), SUBSCRIBING, token)
    if link is None:
        raise Http404
    return link


def body_of(person: Person) -> Municipality | None:
    """Return the member for which a person comes: the first for which she answers today."""
    function = own_functions(person).first()
    return function.municipality if function else None


def colleagues_to_bring(person: Person, meeting: Meeting) -> list[Person]:
    """Return who answers for the same members and is not in the list yet: she may register them along."""
    bodies = own_functions(person).values("municipality")
    others = Person.objects.with_access().filter(contact_functions__municipality__in=bodies).exclude(pk=person.pk)
    there = meeting.registrations.exclude(state="cancelled").values("person")
    return list(others.exclude(pk__in=there).distinct())
