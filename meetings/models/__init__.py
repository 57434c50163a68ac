"""Meetings of all kinds, their programme, invitations and registrations."""

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
    "Audience",
    "CalendarLink",
    "Choice",
    "Invitation",
    "Meeting",
    "MeetingKind",
    "MeetingState",
    "Mode",
    "Registration",
    "RegistrationState",
    "Venue",
]
