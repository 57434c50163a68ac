"""The feed of joinings, as a feed reader takes it."""

import datetime
from xml.etree import ElementTree

import pytest

from core.dates import Precision
from tests.factories import MembershipFactory, MunicipalityFactory, ProfileFactory

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def feed(client):
    return ElementTree.fromstring(client.get("/kommunen.atom").content)


def titles(client) -> list[str]:
    return [title.text for title in feed(client).findall("a:entry/a:title", ATOM)]


def joined(name: str, **values):
    return MembershipFactory(municipality=MunicipalityFactory(name=name), **values)


def test_the_newest_joining_comes_first_and_no_more_exact_than_proven(client):
    joined("Alt", started_on=datetime.date(2012, 12, 1), precision=Precision.MONTH)
    joined("Neu", started_on=datetime.date(2024, 1, 1), precision=Precision.YEAR)
    joined("Mitte", started_on=datetime.date(2017, 12, 6), precision=Precision.DAY)
    assert titles(client) == [
        "Neu ist Mitglied seit 2024",
        "Mitte ist Mitglied seit 6. Dezember 2017",
        "Alt ist Mitglied seit Dezember 2012",
    ]


def test_only_todays_members_with_a_proven_start_are_in_the_feed(client):
    joined("Ohne Datum", started_on=None, precision=Precision.UNKNOWN)
    joined("Ausgetreten", ended_on=datetime.date(2020, 1, 31), end_reason="Beschluss des Rates")
    joined("Künftig", started_on=datetime.date(2090, 1, 1), precision=Precision.DAY)
    MunicipalityFactory(name="Nie dabei")
    assert titles(client) == []


def test_addresses_come_from_the_settings_and_not_from_the_request(client, settings):
    settings.SITE_URL = "https://netzwerk.example"
    joined("Telgte", started_on=datetime.date(2017, 12, 6), precision=Precision.DAY)
    root = feed(client)
    links = [link.get("href") for link in root.iter(f"{{{ATOM['a']}}}link")]
    assert links == [
        "https://netzwerk.example/kommunen/",
        "https://netzwerk.example/kommunen.atom",
        "https://netzwerk.example/kommunen/telgte/",
    ]
    assert root.find("a:entry/a:id", ATOM).text == "https://netzwerk.example/kommunen/telgte/#2017-12-06"
    assert root.find("a:updated", ATOM).text == "2017-12-06T00:00:00+01:00"


def test_a_reader_that_has_the_newest_is_told_so(client):
    response = client.get("/kommunen.atom")
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert client.get("/kommunen.atom", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("count", [1, 3])
def test_the_feed_needs_the_same_queries_for_any_number(client, django_assert_num_queries, count):
    for municipality in MunicipalityFactory.create_batch(count, member=True):
        ProfileFactory(municipality=municipality)
    # revision for tag and entries; bodies with profiles, periods, topics
    with django_assert_num_queries(5):
        client.get("/kommunen.atom")


def test_public_pages_name_the_feed(client):
    page = client.get("/kommunen/").content.decode()
    assert 'rel="alternate" type="application/atom+xml" title="Neue Mitglieder" href="/kommunen.atom"' in page
