"""Meetings of all kinds, their programme, invitations and registrations."""

from meetings.models.documentation import Agreement, Build, BuildState, Chapter, Documentation, Edition
from meetings.models.materials import Consent, Photo, Slides
from meetings.models.meetings import Audience, Meeting, MeetingKind, MeetingState, Mode, Venue
from meetings.models.programme import AgendaItem
from meetings.models.registrations import (
    CalendarLink,
    Choice,
    Invitation,
    Registration,
    RegistrationState,
)
from meetings.models.summit import Answer, BriefingPaper, InvitationCopy, Reply, Way

__all__ = [
    "AgendaItem",
    "Agreement",
    "Answer",
    "Audience",
    "BriefingPaper",
    "Build",
    "BuildState",
    "CalendarLink",
    "Chapter",
    "Choice",
    "Consent",
    "Documentation",
    "Edition",
    "Invitation",
    "InvitationCopy",
    "Meeting",
    "MeetingKind",
    "MeetingState",
    "Mode",
    "Photo",
    "Registration",
    "RegistrationState",
    "Reply",
    "Slides",
    "Venue",
    "Way",
]
