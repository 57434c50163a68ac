"""Many registrations: pages, tables and papers ask the database as often with 30 as with one, and answer in time."""

import os
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.exports import Format
from core.links import token_for
from meetings import documents
from meetings.access import OWN_PLACE
from meetings.models import Registration
from members.models import Person
from tests.factories import AgendaItemFactory, MeetingFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FULL = bool(os.environ.get("FULL"))
MANY = 3000 if FULL else 30
# Seconds of computing that nobody minds for a page or table, and of waiting for a paper of so many.
PAGE, PAPER = 3.0, 30.0


def meeting_with(count):
    """A meeting with so many registrations: two thirds have a place, half of those are there, the rest waits."""
    seats, waiting = max(1, count * 2 // 3), max(1, count // 3)
    meeting = MeetingFactory(seats_on_site=seats, online=True)
    AgendaItemFactory(meeting=meeting)
    persons = PersonFactory.build_batch(seats + waiting)
    for person in persons:
        person.fill_in()
    persons = Person.objects.bulk_create(persons)
    Registration.objects.bulk_create(
        Registration(
            meeting=meeting,
            person=person,
            mode="on_site",
            number=number,
            state="registered" if number <= seats else "waiting",
            is_listed=bool(number % 2),
            food=f"Wunsch {number % 20}",
            topic_wish="Wie gewinnen wir den Rat?" if number % 7 == 0 else "",
            present_at=timezone.now() if number * 2 <= seats else None,
        )
        for number, person in enumerate(persons, start=1)
    )
    return meeting


def pages_of(meeting):
    own = token_for(meeting.registrations.filter(state="registered").last(), OWN_PLACE)
    waits = token_for(meeting.registrations.filter(state="waiting").last(), OWN_PLACE)
    return {
        "board": reverse("meeting_board", args=[meeting.pk]),
        "door": reverse("door", args=[meeting.pk]),
        "public page": meeting.get_absolute_url(),
        "own page": reverse("registration", args=[own]),
        "waiting page": reverse("registration", args=[waits]),
        "participants": reverse("participants", args=[own]),
        **{ending: reverse("table_anmeldungen", args=[meeting.pk, ending]) for ending in Format.values},
        "all": reverse("admin:meetings_registration_changelist"),
    }


def asked_and_took(deed):
    """How often a deed asks the database, and how long it computes."""
    before = time.process_time()
    with CaptureQueriesContext(connection) as queries:
        deed()
    return len(queries), time.process_time() - before


def page_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return b"".join(answer) if answer.streaming else answer.content


def test_pages_and_tables_keep_their_number_of_queries(client_of, office):
    client = client_of(office)
    found = []
    for count in (1, MANY):
        pages = pages_of(meeting_with(count))
        client.get(pages["board"])  # the session's own queries
        found.append({name: asked_and_took(lambda path=path: page_of(client, path)) for name, path in pages.items()})
    assert {name: few for name, (few, _) in found[0].items()} == {name: many for name, (many, _) in found[1].items()}
    slow = {name: round(seconds, 1) for name, (_, seconds) in found[1].items() if seconds > PAGE}
    assert slow == {}


def test_a_board_shows_the_first_hundred_and_all_when_asked(client_of, office):
    client, meeting = client_of(office), meeting_with(160)  # 106 have a place
    board = reverse("meeting_board", args=[meeting.pk])
    first, everybody = (client.get(path).content.decode() for path in (board, f"{board}?alle"))
    assert "Alle 106 zeigen" in first
    assert "zeigen</a>" not in everybody
    assert [page.count('<th scope="row">') for page in (first, everybody)] == [100 + 53, 106 + 53]


@pytest.mark.parametrize("make", [documents.signing_list, *([documents.badges, documents.caterer] if FULL else [])])
def test_papers_keep_their_number_of_queries(make):
    few, many = meeting_with(1), meeting_with(MANY)
    asked, _ = asked_and_took(lambda: make(few))
    before = time.monotonic()
    assert asked_and_took(lambda: make(many))[0] == asked
    assert time.monotonic() - before < PAPER
