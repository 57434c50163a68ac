"""What the portal's searches find of meetings: public ones for readers, all for staff."""

from django.urls import reverse

from core.search import Result, holds
from meetings.models import Meeting
from users.models import User


def results(query: str) -> list[Result]:
    """Return the public meetings that fit, of those for members by title, town and kind alone."""
    return [
        Result("Termine", row.title, f"{row.get_kind_display()}, {row.when}, {row.where}", row.get_absolute_url())
        for row in Meeting.objects.public()
        if holds(_words(row, inside=not row.is_inside), query)
    ]


def records(user: User, query: str) -> list[Result]:
    """Return the meetings that fit for staff who may see them, each leading to its board."""
    if not user.has_perm("meetings.view_meeting"):
        return []
    return [
        Result(
            "Termine",
            row.title,
            f"{row.get_kind_display()}, {row.when}, {row.get_state_display()}",
            reverse("meeting_board", args=[row.pk]),
        )
        for row in Meeting.objects.all()
        if holds(_words(row, inside=True), query)
    ]


def _words(meeting: Meeting, *, inside: bool) -> str:
    texts = [meeting.title, meeting.get_kind_display(), meeting.where, str(meeting.year)]
    return " ".join([*texts, meeting.summary, meeting.description, meeting.place] if inside else texts)
