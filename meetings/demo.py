"""Demonstration data: meetings around today with programme, registrations and a waiting list; all of it made up."""

import datetime

from core.dates import today
from core.history import Actor, acting_as
from meetings import access, actions, documentation_demo, planning
from meetings.actions import Details
from meetings.models import AgendaItem, Audience, Meeting, MeetingKind, Mode, Registration, Venue
from members.models import ContactPerson, Municipality, Person, Topic
from users.models import User

_TIME = datetime.time
# Guests of the workshop: first name, last name, organisation.
_GUESTS = (
    ("Gesa", "Gast-Beispiel", "Freiwilligenagentur Musterstadt"),
    ("Gero", "Gast-Probe", "Sportverein Beispielhausen"),
    ("Gitta", "Gast-Muster", "Hochschule Musterstadt"),
)
_ACCESS = "Vom Bahnhof fünf Minuten zu Fuß. Der Eingang ist stufenlos, der Saal hat eine Induktionsschleife."


def fill(by: User) -> None:
    """Make up three coming dates, one of them full, two past ones and a draft; once."""
    if Meeting.objects.exists():
        return
    with acting_as(Actor("system", "Demonstration")):
        _network_meeting(by)
        _workshop()
        _short_format()
        _past_network_meeting(by)
        _past_workshop()


def _weekday(days: int) -> datetime.date:
    """The Thursday of the week that lies so many days from today."""
    day = today() + datetime.timedelta(days=days)
    return day + datetime.timedelta(days=3 - day.weekday())


def _meeting(topics: tuple[str, ...] = (), *, announced: bool = True, **values) -> Meeting:
    meeting = Meeting(**values)
    planning.save(meeting)
    meeting.topics.set(Topic.objects.filter(name__in=topics))
    if announced:
        planning.announce(meeting)
    return Meeting.objects.get(pk=meeting.pk)


def _programme(meeting: Meeting, *items: tuple) -> None:
    """Each item: begin, end, title, room, speakers, round of choice, places."""
    for begin, end, title, room, speakers, choice_round, seats in items:
        AgendaItem.objects.create(
            meeting=meeting,
            begin_time=begin,
            end_time=end,
            title=title,
            room=room,
            speaker_text=speakers,
            choice_round=choice_round,
            seats=seats,
        )


def _network_meeting(by: User) -> None:
    meeting = _meeting(
        ("Engagementstrategie", "Netzwerkmanagement"),
        kind=MeetingKind.NETWORK,
        title="Netzwerktreffen: Engagement braucht Strategie",
        summary="Wie Strategien entstehen, wer mitredet und was danach geschieht. Mit Berichten aus den Kommunen.",
        description="Zwei Stunden am Vormittag gehören Ihren Fragen. Bringen Sie mit, **woran Sie gerade arbeiten**.",
        day=_weekday(42),
        begin_time=_TIME(10),
        end_time=_TIME(16),
        venue=Venue.HYBRID,
        audience=Audience.MEMBERS,
        host=Municipality.objects.get(slug="rheine"),
        place="Rathaus, Großer Saal (Beispiel)",
        street="Musterplatz 1",
        town="48431 Rheine",
        access_note=_ACCESS,
        online_link="https://treffen.example/netzwerk",
        register_until=_weekday(42) - datetime.timedelta(days=10),
        seats_on_site=40,
    )
    _programme(
        meeting,
        (_TIME(10), _TIME(10, 30), "Ankommen und Begrüßung", "Großer Saal", "", None, None),
        (_TIME(10, 30), _TIME(12), "Was eine Strategie bewirkt", "Großer Saal", "Dr. Ada Muster", None, None),
        (_TIME(12), _TIME(13), "Mittagspause", "Foyer", "", None, None),
        (_TIME(13), _TIME(14, 30), "Beteiligung, die ankommt", "Raum 1", "Bodo Beispiel", 1, 15),
        (_TIME(13), _TIME(14, 30), "Kleine Kommunen, große Wirkung", "Raum 2", "Helle Probe", 1, 15),
        (_TIME(14, 30), _TIME(16), "Verabredungen und Ausblick", "Großer Saal", "", None, None),
    )
    planning.invite(meeting, ContactPerson.objects.filter(municipality__in=Municipality.objects.members()), by=by)
    _register(meeting, "berta.probe@bonn.example", mode=Mode.ONLINE)
    _register(meeting, "linus.beispiel@kreis-lippe.example", wish="Wie gewinnen wir den Rat?", food="vegetarisch")


def _workshop() -> None:
    """Full: four places, two people wait, and one guest has not confirmed yet."""
    day = _weekday(21)
    meeting = _meeting(
        ("Junges Engagement",),
        kind=MeetingKind.WORKSHOP,
        title="Junge Menschen gewinnen",
        summary="Was junge Menschen zum Mitmachen bringt, und was sie davon abhält.",
        description="Ein Tag zum Ausprobieren, offen für Kommunen, Vereine und Freiwilligenagenturen.",
        day=day,
        begin_time=_TIME(9, 30),
        end_time=_TIME(15),
        place="Bürgerhaus (Beispiel)",
        street="Musterweg 3",
        town="42103 Wuppertal",
        access_note=_ACCESS,
        register_until=day - datetime.timedelta(days=3),
        seats_on_site=4,
    )
    _programme(
        meeting,
        (_TIME(9, 30), _TIME(10), "Ankommen bei Kaffee", "Foyer", "", None, None),
        (_TIME(10), _TIME(12), "Zuhören statt werben", "Saal", "Willi Muster", None, None),
        (_TIME(13), _TIME(15), "Mein nächster Schritt", "Saal", "", None, None),
    )
    for address in ("willi.muster@wuppertal.example", "rudi.muster@rheine.example", "lotte.muster@kreis-lippe.example"):
        _register(meeting, address, wish="Wie erreichen wir Schulen?" if address.startswith("w") else "")
    rows = [_guest(meeting, *guest) for guest in _GUESTS]
    for row in rows[:2]:
        actions.confirm(row)
    _register(meeting, "helle.probe@hellenthal.example")


def _short_format() -> None:
    _meeting(
        ("Digitalisierung",),
        kind=MeetingKind.SHORT,
        title="Mittagspause digital: Datenschutz im Verein",
        summary="Sechzig Minuten, drei Fragen, Antworten zum Mitnehmen.",
        day=_weekday(12),
        begin_time=_TIME(12),
        end_time=_TIME(13),
        venue=Venue.ONLINE,
        online_link="https://treffen.example/mittag",
    )


def _past_network_meeting(by: User) -> None:
    meeting = _meeting(
        ("Anerkennungskultur",),
        kind=MeetingKind.NETWORK,
        title="Netzwerktreffen: Danke sagen",
        summary="Formen der Anerkennung, die ankommen.",
        day=_weekday(-180),
        begin_time=_TIME(10),
        end_time=_TIME(16),
        audience=Audience.MEMBERS,
        place="Kreishaus (Beispiel)",
        town="32756 Detmold",
    )
    contacts = ContactPerson.objects.filter(municipality__slug__in=("rheine", "kreis-lippe", "bonn"), is_deputy=False)
    _attended(meeting, [contact.person for contact in contacts.select_related("person")])
    documentation_demo.fill(meeting, by)


def _past_workshop() -> None:
    meeting = _meeting(
        ("Integration",),
        kind=MeetingKind.WORKSHOP,
        title="Engagement mit Zugewanderten",
        summary="Aus der Praxis von drei Kommunen.",
        day=_weekday(-60),
        begin_time=_TIME(10),
        end_time=_TIME(15),
        place="Stadthaus (Beispiel)",
        town="53111 Bonn",
    )
    addresses = ("berta.probe@bonn.example", "willi.muster@wuppertal.example")
    _attended(meeting, list(Person.objects.filter(email__in=addresses)))


def _register(
    meeting: Meeting, address: str, *, mode: str = Mode.ON_SITE, wish: str = "", food: str = ""
) -> Registration:
    person = Person.objects.get(email=address)
    items = list(meeting.agenda.filter(choice_round=1))
    choices = {1: (items[0], items[1])} if items else {}
    details = Details(topic_wish=wish, food=food, is_listed=True, choices=choices)
    with acting_as(Actor(person.key, person.name)):
        return actions.register(meeting, person=person, mode=mode, municipality=access.body_of(person), details=details)


def _guest(meeting: Meeting, first_name: str, last_name: str, organisation: str) -> Registration:
    address = f"{first_name}@gast.example".lower()
    person = Person(first_name=first_name, last_name=last_name, organisation=organisation, email=address)
    return actions.register_guest(meeting, person=person, mode=Mode.ON_SITE)


def _attended(meeting: Meeting, persons: list[Person]) -> None:
    """Put into the list what the paper of that day says, and who was there."""
    for person in persons:
        row = actions.register(
            meeting,
            person=person,
            mode=Mode.ON_SITE,
            municipality=access.body_of(person),
            by_staff=True,
            details=Details(is_listed=True),
        )
        actions.check_in(row)
