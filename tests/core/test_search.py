"""How words are compared, and what of a text is shown."""

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core import search
from core.models import Batch
from tests.factories import UserFactory


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Ehrenamtskarte NRW", "karte"),
        ("Müller, Münster", "muller muenster"),
        ("Müller, Münster", "MUENSTER Müller"),
        ("Straße", "strasse"),
        ("Anna-Lena Beispiel", "lena"),
        ("rosa@stadt.example", "rosa@stadt"),
    ],
)
def test_words_are_found_as_people_type_them(text, query):
    assert search.holds(text, query)


@pytest.mark.parametrize(("text", "query"), [("Coesfeld", "cösfeld x"), ("Karte", "art"), ("Karte", "?!"), ("", "a")])
def test_what_is_not_there_is_not_found(text, query):
    assert not search.holds(text, query)


def test_the_middle_of_a_word_counts_only_where_that_is_wanted():
    assert search.holds("Nordrhein-Westfalen", "rhein")
    assert not search.holds("Nordrhein-Westfalen", "rhein", inside=False)


def test_a_snippet_shows_the_place_that_was_found():
    text = " ".join(["Anfang"] * 60 + ["die Voraussetzung ist einfach"] + ["Ende"] * 60)
    part = search.snippet(text, "voraussetzung")
    assert "Voraussetzung ist einfach" in part
    assert part.startswith("… ")
    assert part.endswith(" …")
    assert len(part) < 200


def test_a_short_text_is_shown_whole():
    assert search.snippet("Rufen Sie uns an.", "kontakt") == "Rufen Sie uns an."


@given(st.text(), st.text())
def test_no_text_and_no_question_breaks_the_search(text, query):
    search.holds(text, query)
    assert len(search.snippet(text, query)) <= 200


@pytest.mark.django_db
def test_batches_are_found_by_staff_who_may_see_them():
    with time_machine.travel("2026-11-28T23:30:00Z", tick=False):  # in Berlin the next day has begun
        Batch.objects.create(
            title="Einladung zum Netzwerktreffen", kind="users.access_invitation", held_until=timezone.now()
        )
    found = search.batches(UserFactory(staff=True), "einladung")
    assert [(result.title, result.kind) for result in found] == [("Einladung zum Netzwerktreffen", "Sammelsendungen")]
    assert "29. November 2026" in found[0].line
    assert search.batches(UserFactory(administrator=True), "einladung") == []
