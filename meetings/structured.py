"""What search engines read about a public meeting (schema.org), as data."""

from typing import Any

from django.conf import settings

from meetings.models import Meeting, Venue

_FORMS = {Venue.ON_SITE: "Offline", Venue.ONLINE: "Online", Venue.HYBRID: "Mixed"}


def event(meeting: Meeting) -> dict[str, Any]:
    """Return a meeting as its public page shows it."""
    timed = meeting.begin_time is not None
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": meeting.title,
        "startDate": meeting.begins_at.isoformat() if timed else meeting.day.isoformat(),
        "endDate": meeting.ends_at.isoformat() if timed and meeting.end_time else meeting.last_day.isoformat(),
        "eventAttendanceMode": f"https://schema.org/{_FORMS[Venue(meeting.venue)]}EventAttendanceMode",
        "eventStatus": f"https://schema.org/Event{'Cancelled' if meeting.is_cancelled else 'Scheduled'}",
        "url": f"{settings.SITE_URL}{meeting.get_absolute_url()}",
        "organizer": {"@type": "Organization", "name": "Kommunen-Netzwerk: engagiert in NRW", "url": settings.SITE_URL},
    }
    if meeting.summary and not meeting.is_inside:
        data["description"] = meeting.summary
    if meeting.town:
        name = meeting.town_name if meeting.is_inside else meeting.place or meeting.town_name
        data["location"] = {"@type": "Place", "name": name, "address": meeting.town}
    return data
