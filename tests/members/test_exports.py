"""Open data: the same members as the directory shows, and nothing about persons."""

import csv
import json
from io import StringIO
from itertools import pairwise

import pytest

from members import actions
from members.models import Municipality
from tests.factories import ContactPersonFactory, MembershipFactory, MunicipalityFactory, ProfileFactory, TopicFactory

pytestmark = pytest.mark.django_db

FORMATS = ("csv", "json", "geojson")


def table(client, query="") -> list[dict[str, str]]:
    text = client.get(f"/kommunen.csv{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text), delimiter=";"))


def data(client, query="") -> dict:
    return json.loads(client.get(f"/kommunen.json{query}").content)


def areas(client, query="") -> dict:
    return json.loads(client.get(f"/kommunen.geojson{query}").content)


def test_all_formats_hold_todays_members_and_no_other(client, register):
    MembershipFactory(municipality=Municipality.objects.get(slug="muenster"), ended_on="2020-01-31", end_reason="Rat")
    keys = [row["ags"] for row in table(client)]
    assert len(keys) == len(set(keys)) == 39
    assert [row["ags"] for row in data(client)["kommunen"]] == keys
    assert [feature["id"] for feature in areas(client)["features"]] == keys


def test_the_files_understand_the_filters_of_the_directory(client, register):
    names = {"Hellenthal", "Morsbach"}
    query = {"bezirk": "Köln", "art": "gemeinde"}
    assert {row["name"] for row in json.loads(client.get("/kommunen.json", query).content)["kommunen"]} == names
    assert {row["name"] for row in table(client, "?q=Wupertal")} == {"Wuppertal"}
    assert data(client, "?q=muenster")["kommunen"] == []


def test_a_member_is_described_as_exactly_as_is_proven(client, register):
    rows = {row["name"]: row for row in data(client)["kommunen"]}
    assert rows["Wuppertal"]["mitglied_seit"] == "2017-12-06"
    assert rows["Rheine"]["kreis"] == "Kreis Steinfurt"
    assert rows["Wuppertal"]["kreis"] == ""
    assert rows["Rheine"]["seite"] == "http://testserver/kommunen/rheine/"
    assert "" in {row["mitglied_seit"] for row in rows.values()}
    assert {len(row["mitglied_seit"]) for row in rows.values()} <= {0, 4, 7, 10}


def test_topics_are_named(client, town):
    profile = ProfileFactory(municipality=town)
    profile.topics.add(TopicFactory(name="Integration"), TopicFactory(name="Digitalisierung"))
    profile.save()
    assert data(client)["kommunen"][0]["themen"] == ["Digitalisierung", "Integration"]
    assert table(client)[0]["themen"] == "Digitalisierung, Integration"


def test_every_file_says_its_day_its_source_and_its_terms(client, town):
    for part in (data(client), areas(client), table(client)[0]):
        assert part["stand"]
        assert part["namensnennung"] == "Kommunen-Netzwerk: engagiert in NRW"
        assert part["lizenz"] == "Datenlizenz Deutschland – Namensnennung – Version 2.0"
    assert areas(client)["grenzen"] == "© GeoBasis-DE / BKG 2017 (Daten verändert)"


@pytest.mark.parametrize("ending", FORMATS)
def test_nothing_about_persons_is_in_open_data(client, contact, town, ending):
    ContactPersonFactory(municipality=town, position="Ehrenamtskoordination", name_visibility="public")
    ProfileFactory(municipality=town, office_email="ehrenamt@rheine.example", office_phone="05971 1234")
    text = client.get(f"/kommunen.{ending}").content.decode()
    assert "Rheine" in text
    for personal in ("Rosa", "Beispiel", "@", "0251", "05971", "Ehrenamtskoordination"):
        assert personal not in text


def test_the_table_opens_in_a_german_excel(client, register):
    response = client.get("/kommunen.csv")
    assert response.content.startswith(b"\xef\xbb\xbfags;name;art;")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    wuppertal = next(row for row in table(client) if row["name"] == "Wuppertal")
    assert wuppertal["breite"].startswith("51,")


def test_a_name_that_looks_like_a_formula_is_text(client):
    MunicipalityFactory(name="=HYPERLINK(1)", member=True)
    assert table(client)[0]["name"] == "'=HYPERLINK(1)"
    assert data(client)["kommunen"][0]["name"] == "=HYPERLINK(1)"


def signed_area(ring) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring)) / 2


def test_areas_lie_in_the_land_and_turn_as_the_standard_asks(client, register):
    for feature in areas(client)["features"]:
        assert feature["geometry"]["type"] == "MultiPolygon"
        for outer, *holes in feature["geometry"]["coordinates"]:
            assert outer[0] == outer[-1]
            assert all(5.8 < x < 9.5 and 50.3 < y < 52.6 for x, y in outer)
            assert signed_area(outer) > 0
            assert all(signed_area(hole) < 0 for hole in holes)


def test_a_body_without_boundaries_is_a_point_or_nowhere(client):
    MunicipalityFactory(name="Alt", member=True)
    MunicipalityFactory(name="Neu", member=True, latitude=51.5, longitude=7.5)
    nowhere, point = areas(client)["features"]
    assert nowhere["geometry"] is None
    assert point["geometry"] == {"type": "Point", "coordinates": [7.5, 51.5]}


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("query", ["bezirk=Atlantis", "jahr=1%27", "kreis=%00x", f"q={'x' * 5000}", "q=a%0Ab"])
def test_a_wrong_filter_is_refused_with_a_sentence(client, town, ending, query):
    response = client.get(f"/kommunen.{ending}?{query}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert any(word in response.content.decode() for word in ("Wählen Sie", "Kürzen Sie", "Schreiben Sie"))


@pytest.mark.parametrize("ending", FORMATS)
def test_whoever_has_the_newest_is_told_so(client, town, ending):
    address = f"/kommunen.{ending}"
    tag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    actions.start_membership(MunicipalityFactory(name="Telgte"), begin=None)
    newer = client.get(address, headers={"If-None-Match": tag})
    assert newer.status_code == 200
    assert "Telgte" in newer.content.decode()


@pytest.mark.parametrize("ending", FORMATS)
def test_without_members_the_files_are_empty_and_whole(client, ending):
    assert client.get(f"/kommunen.{ending}").status_code == 200
    assert (table(client), data(client)["anzahl"], areas(client)["features"]) == ([], 0, [])


@pytest.mark.parametrize("count", [1, 3])
def test_the_files_need_the_same_queries_for_any_number(client, django_assert_num_queries, count):
    for municipality in MunicipalityFactory.create_batch(count, member=True):
        ProfileFactory(municipality=municipality).topics.add(TopicFactory())
    # revision twice (entries, tag), bodies with profiles, periods, topics; topics of the filter
    with django_assert_num_queries(6):
        client.get("/kommunen.geojson")


def test_the_directory_offers_what_it_shows_as_data(client, register):
    page = client.get("/kommunen/", {"bezirk": "Detmold"}).content.decode()
    assert 'href="/kommunen.geojson?bezirk=Detmold"' in page
    assert 'href="/offene-daten/"' in page


def test_the_page_about_the_data_names_every_field(client, town):
    page = client.get("/offene-daten/").content.decode()
    fields = set(table(client)[0])
    assert len(fields) == 16
    assert {field for field in fields if f">{field}<" not in page} == set()
