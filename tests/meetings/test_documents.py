"""The papers of a meeting: accessible, with the right people, and no name where none belongs."""

import io

import pikepdf
import pytest
from django.urls import reverse

from core.links import token_for
from meetings import actions, catering, documents, exports, wishes
from meetings.access import OWN_PLACE
from tests.factories import MeetingFactory, PersonFactory
from tests.pdf_files import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FOOD = ("vegan", "Vegan", "ohne Nüsse", "")


@pytest.fixture
def meeting():
    meeting = MeetingFactory(title="Junge Menschen gewinnen", online=True, seats_on_site=4)
    for number, food in enumerate(FOOD):
        person = PersonFactory(last_name=f"Beispiel-{number}")
        row = actions.register(meeting, person=person, mode="on_site", details=actions.Details(food=food))
        actions.check_in(row, is_present=number < 2)
    actions.register(meeting, person=PersonFactory(last_name="Wartet"), mode="on_site")
    actions.register(meeting, person=PersonFactory(last_name="Online"), mode="online")
    return meeting


def pages(data):
    return len(pikepdf.open(io.BytesIO(data)).pages)


@pytest.mark.parametrize(
    "make",
    [
        documents.signing_list,
        documents.badges,
        lambda meeting: documents.badges(meeting, large=True),
        documents.certificates,
        documents.caterer,
    ],
)
def test_each_paper_is_accessible_also_with_nobody(meeting, make, pdf_ua):
    assert pdf_ua(make(meeting)) == []
    assert pdf_ua(make(MeetingFactory())) == []


def test_the_list_to_sign_has_those_on_site_with_a_place(meeting):
    text = text_of(documents.signing_list(meeting))
    assert all(f"Beispiel-{number}" in text for number in range(4))
    assert "Wartet" not in text
    assert "Online" not in text


def test_badges_one_for_each(meeting):
    assert pages(documents.badges(meeting, large=True)) == 4
    assert pages(documents.badges(meeting)) == 1


def test_certificates_are_for_those_who_were_there(meeting):
    data = documents.certificates(meeting)
    assert pages(data) == 2
    assert "Beispiel-2" not in text_of(data)


def test_who_was_there_gets_her_own_certificate_by_her_link(client, meeting):
    there, not_there = (
        reverse("own_certificate", args=[token_for(row, OWN_PLACE)])
        for row in (meeting.registrations.exclude(present_at=None)[0], meeting.registrations.filter(present_at=None)[0])
    )
    assert client.get(there).content.startswith(b"%PDF")
    assert client.get(not_there).status_code == 404


def test_wishes_are_grouped_whatever_their_spelling(meeting):
    rows = list(meeting.registrations.all())
    for row, wish in zip(rows, ("Rat gewinnen", "rat  gewinnen!", "Schulen"), strict=False):
        row.topic_wish = wish
    assert [(wish.text, wish.count) for wish in wishes.grouped(rows)] == [("Rat gewinnen", 2), ("Schulen", 1)]


def test_the_caterer_gets_numbers_and_no_names(meeting):
    text = text_of(documents.caterer(meeting))
    assert "Angemeldet vor Ort: 4" in text
    assert "Beispiel-" not in text
    assert [(meal.wish, meal.count) for meal in catering.meals(meeting)] == [("vegan", 2), ("ohne Nüsse", 1)]
    assert len(list(exports.caterer(meeting).rows)) == 2


def test_ten_labels_fill_a_sheet(meeting):
    for _ in range(7):
        actions.register(meeting, person=PersonFactory(), mode="on_site", by_staff=True, over_limit=True)
    assert pages(documents.badges(meeting)) == 2  # eleven people


def test_a_certificate_stands_alone(meeting):
    text = text_of(documents.certificates(meeting))
    assert text.count("Kommunen-Netzwerk: engagiert in NRW") == 2
    assert "Seite" not in text
