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

__all__ = [
    "AgendaItem",
    "Agreement",
    "Audience",
    "Build",
    "BuildState",
    "CalendarLink",
    "Chapter",
    "Choice",
    "Consent",
    "Documentation",
    "Edition",
    "Invitation",
    "Meeting",
    "MeetingKind",
    "MeetingState",
    "Mode",
    "Photo",
    "Registration",
    "RegistrationState",
    "Slides",
    "Venue",
]
