"""Made-up rows for the preview of mails; nobody is stored."""

import datetime

from django.utils import timezone

from core.dates import today
from meetings.models import (
    Answer,
    Audience,
    Invitation,
    Meeting,
    MeetingKind,
    Mode,
    Registration,
    RegistrationState,
    Reply,
    Venue,
)
from meetings.models.registrations import OFFER_LASTS
from members.models import HeadOfAdministration, Kind, Municipality, Person


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


def summit() -> tuple[Invitation, HeadOfAdministration]:
    """Return the invitation of a mayor to a summit in eight weeks' time, and her office."""
    row = meeting()
    row.kind, row.audience = MeetingKind.SUMMIT, Audience.INVITED
    row.title, row.summary = "Kommunales Spitzentreffen", ""
    row.day = row.last_day = today() + datetime.timedelta(weeks=8)
    row.register_until = row.day - datetime.timedelta(weeks=3)
    row.place, row.town = "Staatskanzlei", "40219 Düsseldorf"
    row.fill_in()
    body = Municipality(name="Musterstadt", kind=Kind.TOWN, street="Musterplatz 1", letter_town="00000 Musterstadt")
    person = Person(
        form_of_address="Frau", first_name="Ada", last_name="Beispiel", email="ada.beispiel@musterstadt.example"
    )
    head = HeadOfAdministration(person=person, municipality=body, office_title="Bürgermeisterin")
    return Invitation(meeting=row, person=person, municipality=body), head


def deputy() -> Registration:
    """Return the place of Rosa Beispiel, who comes for the mayor."""
    reply = summit_reply()
    return reply.registration  # type: ignore[return-value]


def summit_reply() -> Reply:
    """Return the mayor's answer: Rosa Beispiel comes for her."""
    invitation, _ = summit()
    person = Person(first_name="Rosa", last_name="Beispiel", email="rosa.beispiel@musterstadt.example")
    place = Registration(
        meeting=invitation.meeting,
        person=person,
        municipality=invitation.municipality,
        mode=Mode.ON_SITE,
        state=RegistrationState.REGISTERED,
    )
    return Reply(
        invitation=invitation,
        answer=Answer.DEPUTY,
        deputy=person,
        deputy_office="Beigeordnete",
        registration=place,
    )
