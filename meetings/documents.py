"""The papers of a meeting as PDF: list to sign, name badges, certificates, list for the caterer."""

from typing import Any

from core import pdf
from meetings.catering import meals, on_site
from meetings.models import Meeting, Registration

# Sheets of labels as offices have them: 90 by 50 mm, two in a row, five rows.
_LABELS_A_SHEET = 10
_LINES_FOR_OTHERS = 5


def signing_list(meeting: Meeting) -> bytes:
    """Return the list to sign at the door, with empty lines for those who come unannounced."""
    return _paper("meetings/pdf/signing_list.html", meeting, rows=on_site(meeting), blank=range(_LINES_FOR_OTHERS))


def badges(meeting: Meeting, *, large: bool = False) -> bytes:
    """Return name badges: as a sheet of labels, or large ones of which each fills a page in A6."""
    rows = on_site(meeting)
    sheets = [rows[start : start + _LABELS_A_SHEET] for start in range(0, len(rows), _LABELS_A_SHEET)]
    return _paper(
        "meetings/pdf/badges_a6.html" if large else "meetings/pdf/badges.html", meeting, rows=rows, sheets=sheets
    )


def certificates(meeting: Meeting) -> bytes:
    """Return a certificate of attendance for everybody who was there, each on a page of its own."""
    rows = meeting.registrations.registered().exclude(present_at=None).for_list().in_list_order()
    return _paper("meetings/pdf/certificates.html", meeting, rows=rows)


def certificate(registration: Registration) -> bytes:
    """Return one person's certificate of attendance."""
    return _paper("meetings/pdf/certificates.html", registration.meeting, rows=[registration])


def caterer(meeting: Meeting) -> bytes:
    """Return for the caterer how many come and what they eat: numbers, no names."""
    return _paper("meetings/pdf/caterer.html", meeting, count=len(on_site(meeting)), meals=meals(meeting))


def _paper(template: str, meeting: Meeting, **context: Any) -> bytes:
    return pdf.from_template(template, {"meeting": meeting, **context})
