"""Calendar entries of meetings: public ones, and one's own with the online link."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from core.ical import Entry
from core.links import token_for
from meetings.access import OWN_PLACE
from meetings.models import Meeting, Mode, Registration


def public_entry(meeting: Meeting) -> Entry:
    """Return the entry as everybody may have it: of a meeting for members date, town and audience alone."""
    text = meeting.teaser if not meeting.is_inside else "Für Mitglieder des Kommunen-Netzwerks."
    place = meeting.address if not meeting.is_inside else meeting.town_name
    return _entry(meeting, text=text, place=place or meeting.where, url=settings.SITE_URL + meeting.get_absolute_url())


def own_entry(registration: Registration, *, in_mail: bool = False) -> Entry:
    """Return a person's own entry; with place or online link as her registration says.

    in_mail: with her as attendee, and a link to change or cancel. A subscribed calendar is shared more easily, so it
    bears no link that acts.
    """
    meeting, person = registration.meeting, registration.person
    is_online = registration.mode == Mode.ONLINE
    link = meeting.online_link if is_online and registration.has_place else ""
    lines = [f"Zur Teilnahme: {link}" if link else "", meeting.teaser, "" if is_online else meeting.access_note]
    url = settings.SITE_URL + meeting.get_absolute_url()
    if in_mail:
        own = settings.SITE_URL + reverse("registration", args=[token_for(registration, OWN_PLACE)])
        lines.append(f"Ändern oder absagen: {own}")
    return _entry(
        meeting,
        text="\n\n".join(filter(None, lines)),
        place="online" if is_online else meeting.address or meeting.where,
        url=link or url,
        is_cancelled=registration.is_cancelled,
        attendee=(person.name, person.email) if in_mail else None,
        step=registration.entry_version,
    )


def _entry(
    meeting: Meeting,
    *,
    text: str,
    place: str,
    url: str,
    is_cancelled: bool = False,
    attendee: tuple[str, str] | None = None,
    step: int = 0,
) -> Entry:
    timed = meeting.begin_time is not None
    return Entry(
        uid=f"termin-{meeting.uid}",
        sequence=meeting.sequence + step,
        begin=meeting.begins_at if timed else meeting.day,
        end=meeting.ends_at if timed and meeting.end_time else meeting.begins_at if timed else meeting.last_day,
        changed_at=timezone.now() if attendee else meeting.changed_at,
        title=meeting.title,
        text=text,
        place=place,
        url=url,
        is_cancelled=is_cancelled or meeting.is_cancelled,
        attendee=attendee,
    )


def public_entries(meetings: Iterable[Meeting]) -> list[Entry]:
    return [public_entry(meeting) for meeting in meetings]
