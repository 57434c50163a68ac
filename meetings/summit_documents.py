"""The papers of a summit as PDF: letters of invitation, and who sits where."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.html import linebreaks
from django.utils.safestring import SafeString

from core import pdf, qr
from core.dates import today
from core.mailtexts import as_text, wording_of
from meetings.addressees import Addressee, words
from meetings.catering import on_site
from meetings.models import Invitation, Meeting
from members.models import HeadOfAdministration

# The kind of mail whose wording the letter has, too (`meetings.summit_emails`, which stands above).
INVITATION = "meetings.summit_invitation"
# So many letters fill a file that is made within seconds; more make several files.
LETTERS_A_FILE = 50

Invited = tuple[Invitation, HeadOfAdministration]


def letters(meeting: Meeting, rows: Sequence[Invited]) -> bytes:
    """Return letters of invitation for windowed envelopes (DIN 5008, form B), each with its own link as code and text.

    rows: at most LETTERS_A_FILE. Errors as in `core.pdf.render`.
    """
    wording = wording_of(INVITATION)
    context = {
        "meeting": meeting,
        "letters": [_letter(invitation, head, wording) for invitation, head in rows],
        "sender": settings.OFFICE_ADDRESS,
        "office_mail": settings.MAIL_OFFICE,
        "today": today(),
    }
    return pdf.from_template("meetings/pdf/letters.html", context)


def sample_letter(meeting: Meeting, head: HeadOfAdministration) -> bytes:
    """Return the letter that a head would get, before she is invited; its link leads nowhere."""
    return letters(meeting, [(Invitation(meeting=meeting, person=head.person, municipality=head.municipality), head)])


def _letter(invitation: Invitation, head: HeadOfAdministration, wording: Any) -> dict[str, Any]:
    addressee = Addressee(invitation)
    said = words(addressee, head)
    return {
        "head": head,
        "subject": as_text(wording.subject, said),
        "opening": _paragraphs(as_text(wording.opening, said)),
        "closing": _paragraphs(as_text(wording.closing, said)),
        "answer_url": addressee.answer_url,
        "code": qr.picture_for_print(addressee.answer_url),
    }


def _paragraphs(text: str) -> SafeString:
    return SafeString(linebreaks(text, autoescape=True))


def seating(meeting: Meeting) -> bytes:
    """Return who comes, numbered in protocol order: for place cards, welcome and seating."""
    return pdf.from_template("meetings/pdf/seating.html", {"meeting": meeting, "rows": on_site(meeting)})
