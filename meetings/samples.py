"""Made-up rows for the preview of mails; nobody is stored."""

import datetime

from django.utils import timezone

from core.dates import today
from meetings.models import Audience, Invitation, Meeting, MeetingKind, Mode, Registration, RegistrationState, Venue
from meetings.models.registrations import OFFER_LASTS
from members.models import Person


def meeting() -> Meeting:
    """Return a workshop in two weeks' time."""
    day = today() + datetime.timedelta(weeks=2)
    row = Meeting(
        kind=MeetingKind.WORKSHOP,
        title="Engagement im ländlichen Raum",
        slug="engagement-im-laendlichen-raum",
        summary="Wie kleine Gemeinden Freiwillige gewinnen und begleiten.",
        day=day,
        begin_time=datetime.time(10),
        end_time=datetime.time(16),
        venue=Venue.ON_SITE,
        audience=Audience.PUBLIC,
        place="Bürgerhaus, Großer Saal",
        street="Musterplatz 1",
        town="00000 Musterstadt",
        access_note="Der Eingang ist stufenlos. Die Bushaltestelle Markt ist zwei Minuten entfernt.",
    )
    row.fill_in()
    return row


def registration(state: str) -> Registration:
    """Return Rosa Beispiel's registration in this state."""
    person = Person(first_name="Rosa", last_name="Beispiel", email="rosa.beispiel@stadt.example")
    offered = timezone.now() + OFFER_LASTS if state == RegistrationState.OFFERED else None
    return Registration(
        meeting=meeting(), person=person, mode=Mode.ON_SITE, state=state, number=3, offered_until=offered
    )


def invitation() -> Invitation:
    person = Person(first_name="Rosa", last_name="Beispiel", email="rosa.beispiel@stadt.example")
    return Invitation(meeting=meeting(), person=person)
