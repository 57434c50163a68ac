"""Calendar entries (iCalendar, RFC 5545) that calendar programs take in, change and take out again.

An entry keeps its uid for ever. A change raises its sequence, or programs leave the old one as it is; a cancelled one
is sent once more with STATUS:CANCELLED. Times bear TZID Europe/Berlin with the rules of that zone in the file.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from core.mailkinds import Attachment

CONTENT_TYPE = "text/calendar; charset=utf-8"
_PRODUCT = "-//Kommunen-Netzwerk: engagiert in NRW//Portal//DE"
# How often a program that subscribes should look again.
_REFRESH = datetime.timedelta(hours=6)


@dataclass(frozen=True)
class Entry:
    """One entry. begin and end: moments, or days (both included) where no time is known; changed_at: its last change.

    uid: unique and stable, without the host. attendee: name and address of whom the entry belongs to, in a mail.
    """

    uid: str
    sequence: int
    begin: datetime.datetime | datetime.date
    end: datetime.datetime | datetime.date
    changed_at: datetime.datetime
    title: str
    text: str = ""
    place: str = ""
    url: str = ""
    is_cancelled: bool = False
    attendee: tuple[str, str] | None = None


def calendar(entries: Iterable[Entry], *, name: str = "", method: str = "PUBLISH") -> str:
    """Return a calendar file. name: shown by programs that subscribe. method: REQUEST or CANCEL in mails."""
    file = icalendar.Calendar()
    file.add("prodid", _PRODUCT)
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", method)
    if name:
        file.add("name", name)
        file.add("x-wr-calname", name)
        file.add("refresh-interval", _REFRESH, parameters={"value": "DURATION"})
    for entry in entries:
        file.add_component(_event(entry))
    file.add_missing_timezones()
    return file.to_ical().decode()


def attached(entry: Entry) -> Attachment:
    """Return the entry as a mail brings it, so that a calendar program changes or takes out the one it has."""
    method = "CANCEL" if entry.is_cancelled else "REQUEST"
    text = calendar([entry], method=method)
    return Attachment("termin.ics", f"text/calendar; method={method}", text)


def answer(text: str, *, file_name: str = "termin.ics") -> HttpResponse:
    """Return a calendar file as a response."""
    headers = {"Content-Disposition": f'inline; filename="{file_name}"'}
    return HttpResponse(text, content_type=CONTENT_TYPE, headers=headers)


def _event(entry: Entry) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{entry.uid}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(datetime.UTC))
    event.add("last-modified", entry.changed_at.astimezone(datetime.UTC))
    event.add("dtstart", _berlin(entry.begin))
    event.add("dtend", _berlin(entry.end) if isinstance(entry.end, datetime.datetime) else _day_after(entry.end))
    event.add("summary", entry.title)
    for field, value in (("description", entry.text), ("location", entry.place), ("url", entry.url)):
        if value:
            event.add(field, value)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    if entry.attendee:
        event.add("organizer", icalendar.vCalAddress(f"mailto:{settings.MAIL_OFFICE}"))
        event.add("attendee", _attendee(*entry.attendee))
    return event


def _berlin(value: datetime.datetime | datetime.date) -> Any:
    is_moment = isinstance(value, datetime.datetime)
    return value.astimezone(timezone.get_default_timezone()) if is_moment else value  # type: ignore[union-attr]


def _day_after(day: datetime.date) -> datetime.date:
    """RFC 5545: the end of an entry of whole days does not belong to it."""
    return day + datetime.timedelta(days=1)


def _attendee(name: str, address: str) -> icalendar.vCalAddress:
    person = icalendar.vCalAddress(f"mailto:{address}")
    person.params["CN"] = icalendar.vText(name)
    person.params["PARTSTAT"] = icalendar.vText("ACCEPTED")
    person.params["RSVP"] = icalendar.vText("FALSE")
    return person
