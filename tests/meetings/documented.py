"""Past meetings with a documentation, for tests."""

import datetime

from django.core.files.base import ContentFile

from core.dates import today
from core.pdf_files import CheckedPdf
from core.pictures import read_picture
from meetings import documenting, releasing
from meetings.models import Consent
from tests.factories import AgendaItemFactory, MeetingFactory
from tests.pictures import picture


def past_meeting(**values):
    return MeetingFactory(title="Danke sagen", day=today() - datetime.timedelta(days=7), **values)


def documented(office, meeting=None, *, text="Was bleibt", **values):
    """A past meeting with one item, about which something is written."""
    meeting = meeting or past_meeting(**values)
    item = AgendaItemFactory(meeting=meeting)
    documenting.save_chapter(item, {"summary": text, "results": "- eins\n- zwei"}, seen=0, reader=office)
    return meeting


def add_photo(meeting, *, size=(400, 300), alt="Ein Kreis", credit="Foto: Probe", consent=Consent.PUBLIC, item=None):
    words = {"alt": alt, "credit": credit, "consent": consent, "item": item}
    return documenting.add_photo(meeting, read_picture(picture(size=size)), words)


def add_slides(meeting, *, title="Vortrag", consent=Consent.PUBLIC, item=None):
    words = {"title": title, "credit": "Ada Muster", "consent": consent, "item": item}
    return documenting.add_slides(meeting, CheckedPdf(b"%PDF-", "0" * 64, 12), words)


def published(office, meeting=None):
    """Publish what is written; its PDF is an empty one, so that no test waits for what it does not look at."""
    meeting = meeting or documented(office)
    for build in releasing.order(meeting.documentation, by=office):
        build.state, build.sha256, build.size, build.pages = "done", "0" * 64, 5, 1
        build.file = ContentFile(b"%PDF-", "documentation.pdf")
        build.save()
    meeting.documentation = releasing.publish(meeting.documentation)
    return meeting
