"""Who may see which edition of a documentation, its photos, slides and PDF. The only doors to these objects."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from meetings.access import concerns
from meetings.models import Agreement, Audience, Build, Consent, Documentation, Edition, Meeting, Photo, Slides
from meetings.models.materials import MaterialQuerySet
from members.access import is_network
from members.models import Person
from users.models import User


def can_see_internal(user: User, person: Person | None, meeting: Meeting) -> bool:
    """Whether a reader may see the internal edition: staff, members (not of a meeting by invitation), participants."""
    if user.has_perm("meetings.view_meeting"):
        return True
    if meeting.audience != Audience.INVITED and user.is_authenticated and is_network(user):
        return True
    return person is not None and concerns(person, meeting)


def documentation_of(meeting: Meeting) -> Documentation:
    """Return the meeting's documentation, for staff; a new one, not stored, if nobody has begun it."""
    found = Documentation.objects.filter(meeting=meeting).first() or Documentation()
    found.meeting = meeting
    return found


def build_for(user: User, person: Person | None, meeting: Meeting, *, only_public: bool = False) -> Build:
    """Return the published build that a reader sees: the internal edition if she may, else the public one.

    only_public: what everybody sees, also for those who may see more. Http404 if there is none for her.
    """
    found = Documentation.objects.filter(meeting=meeting).exclude(published_at=None).first()
    if found is None:
        raise Http404
    found.meeting = meeting
    internal = not only_public and can_see_internal(user, person, meeting)
    edition = Edition.INTERNAL if internal else Edition.PUBLIC
    build = found.published(edition) if edition in found.editions else None
    if build is None:
        raise Http404
    build.documentation = found
    return build


def has_public(meeting: Meeting) -> bool:
    """Whether everybody can read the documentation of this meeting; asks no database after `Meeting.for_list`."""
    found = getattr(meeting, "documentation", None)
    return found is not None and found.is_published and Edition.PUBLIC in found.editions


def is_readable(user: User, person: Person | None, meeting: Meeting) -> bool:
    """Whether there is a published documentation that this reader may see."""
    found = getattr(meeting, "documentation", None)
    if found is None or not found.is_published:
        return False
    return has_public(meeting) or can_see_internal(user, person, meeting)


def is_for_others(user: User, meeting: Meeting) -> bool:
    """Whether there is a published documentation, but only for people who have signed in, which this reader has not."""
    published = Documentation.objects.filter(meeting=meeting).exclude(published_at=None).exists()
    return published and not user.is_authenticated and meeting.audience != Audience.INVITED


def photo_for(user: User, person: Person | None, meeting: Meeting, public_id: UUID) -> Photo:
    """Return a photo of the meeting that stands in an edition the reader sees; staff see all. Http404 else.

    Where somebody has taken back her consent since, nobody sees it any more, whatever the edition still names.
    """
    return _shown(user, person, meeting, Photo.objects.filter(public_id=public_id))


def slides_for(user: User, person: Person | None, meeting: Meeting, public_id: UUID) -> Slides:
    """Return slides of the meeting; as of `photo_for`."""
    return _shown(user, person, meeting, Slides.objects.filter(public_id=public_id))


def _shown(user: User, person: Person | None, meeting: Meeting, rows: MaterialQuerySet) -> Any:
    row = rows.filter(documentation__meeting=meeting).first()
    if row is None or not (user.has_perm("meetings.view_meeting") or _is_in_sight(user, person, meeting, row)):
        raise Http404
    return row


def _is_in_sight(user: User, person: Person | None, meeting: Meeting, row: Photo | Slides) -> bool:
    if row.consent == Consent.OPEN:
        return False
    build = build_for(user, person, meeting)
    may = row.consent == Consent.PUBLIC or build.edition == Edition.INTERNAL
    return may and str(row.public_id) in build.html


def photo_for_staff(meeting: Meeting, pk: int) -> Photo:
    """Return a photo of this meeting's documentation; Http404 for any other."""
    return _one_of(Photo.objects.filter(documentation__meeting=meeting), pk)


def slides_for_staff(meeting: Meeting, pk: int) -> Slides:
    """Return slides of this meeting's documentation; Http404 for any other."""
    return _one_of(Slides.objects.filter(documentation__meeting=meeting), pk)


def agreement_for_staff(meeting: Meeting, pk: int) -> Agreement:
    """Return what was agreed at this meeting; Http404 for anything else."""
    return _one_of(Agreement.objects.filter(documentation__meeting=meeting), pk)


def pdf_for_staff(meeting: Meeting, pk: int) -> Build:
    """Return a finished build of this meeting's documentation, published or not; Http404 for any other."""
    return _one_of(Build.objects.filter(documentation__meeting=meeting, state="done"), pk)


def _one_of(rows: QuerySet[Any], pk: int) -> Any:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
