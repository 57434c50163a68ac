import re

import pytest
from django.urls import reverse

from members import actions
from members.models import Municipality
from tests.factories import MunicipalityFactory, ProfileFactory, TopicFactory

pytestmark = pytest.mark.django_db


def directory(client, **query):
    return client.get(reverse("directory"), query)


def listed(response):
    """Slugs of the list's rows."""
    return set(re.findall(r'class="entry-row" data-entry="([^"]+)"', response.content.decode()))


def drawn(response):
    """Slugs of the areas and outlines that the map links."""
    return set(re.findall(r'href="/kommunen/([^/"]+)/" data-entry', response.content.decode()))


def test_without_a_question_all_members_are_listed(client, register):
    response = directory(client)
    assert len(listed(response)) == 39
    assert "39 Mitglieder" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "muenster"},
        {"q": "rhein"},
        {"bezirk": "Detmold"},
        {"kreis": "kreis-lippe"},
        {"art": "gemeinde"},
        {"jahr": "2012"},
        {"jahr": "unbekannt", "bezirk": "Köln"},
        {"q": "xyzzy"},
    ],
)
def test_list_and_map_always_show_the_same_set(client, register, query):
    response = directory(client, **query)
    assert drawn(response) == listed(response)


def test_the_question_is_answered_in_words(client, register):
    assert "Ja, Rheine ist dabei." in directory(client, q="rheine").content.decode()
    assert "Münster ist noch nicht dabei." in directory(client, q="muenster").content.decode()


def test_a_slip_is_answered_too(client, register):
    assert "Ja, Wuppertal ist dabei." in directory(client, q="Wupertal").content.decode()


def test_filters_narrow_together(client, register):
    response = directory(client, bezirk="Köln", art="gemeinde")
    assert listed(response) == {"hellenthal", "morsbach"}
    assert "2 Mitglieder im Regierungsbezirk Köln (Gemeinden)" in response.content.decode()


def test_joining_year_leaves_out_what_is_not_proven(client, register):
    assert len(listed(directory(client, jahr="2012"))) == 10
    assert len(listed(directory(client, jahr="unbekannt"))) == 22


def test_topics_filter_by_profile(client, town):
    topic = TopicFactory(name="Junges Engagement")
    ProfileFactory(municipality=town).topics.add(topic)
    MunicipalityFactory(member=True)
    assert listed(directory(client, thema="junges-engagement")) == {"rheine"}


@pytest.mark.parametrize(
    "query",
    [
        {"bezirk": "Atlantis"},
        {"jahr": "1' OR 1=1"},
        {"kreis": "\x00"},
        {"q": "x" * 5000},
        {"q": "\x00\ud7ff<script>alert(1)</script>{{7*7}}"},
        {"q": "a\nb"},
    ],
)
def test_wrong_filters_are_explained_and_never_break_the_page(client, register, query):
    response = directory(client, **query)
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_a_wrong_choice_says_what_to_do(client, register):
    assert (
        "Regierungsbezirk: Wählen Sie einen Eintrag aus der Liste."
        in directory(client, bezirk="Atlantis").content.decode()
    )


def test_nothing_found_offers_the_next_step(client, register):
    page = directory(client, q="xyzzy").content.decode()
    assert "Dazu finden wir keine Kommune." in page
    assert "Alle Mitglieder zeigen" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_directory_needs_the_same_queries_for_any_number(client, django_assert_num_queries, count):
    for municipality in MunicipalityFactory.create_batch(count, member=True):
        ProfileFactory(municipality=municipality).topics.add(TopicFactory())
    # revision (of the kept page and of the bodies in memory), bodies, periods, topics; topics of the filter
    with django_assert_num_queries(6):
        directory(client)


def test_once_read_the_directory_asks_only_for_the_revision(client, register, django_assert_num_queries):
    directory(client, q="rhein")
    # and for the topics of the filter
    with django_assert_num_queries(2):
        directory(client, q="rhein")


def test_a_change_is_public_at_once(client, register):
    assert "muenster" not in listed(directory(client))
    actions.start_membership(Municipality.objects.get(slug="muenster"), begin=None)
    assert "muenster" in listed(directory(client))


def test_head_is_answered_without_a_body(client, register):
    response = client.head(reverse("directory"))
    assert (response.status_code, response.content) == (200, b"")
