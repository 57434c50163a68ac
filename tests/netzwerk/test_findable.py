"""What search engines, messengers and social networks read of the public pages."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from members.models import Municipality
from netzwerk.actions import save_page
from netzwerk.models import PageKey, TextPage
from tests.addresses import PAGES
from tests.factories import MunicipalityFactory
from tests.world import World

pytestmark = pytest.mark.django_db

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def page(client, path: str) -> str:
    return client.get(path).content.decode()


def properties(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', html))


def canonical(html: str) -> list[str]:
    return re.findall(r'<link rel="canonical" href="([^"]+)"', html)


def data(html: str) -> list[dict]:
    return [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)]


def listed(client) -> dict[str, str | None]:
    """Addresses of the sitemap with their last change."""
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    return {
        url.find("s:loc", SITEMAP).text: getattr(url.find("s:lastmod", SITEMAP), "text", None)
        for url in root.findall("s:url", SITEMAP)
    }


def test_every_page_for_everyone_has_one_address_a_title_and_a_description_of_its_own(client):
    world = World()
    seen = {}
    for row in PAGES:
        if row.expected("visitor") != 200 or row.is_file:
            continue
        html = page(client, row.path(world))
        if 'content="noindex"' in html:
            assert canonical(html) == []
            continue
        found = properties(html)
        assert canonical(html) == [f"http://testserver{row.path(world)}"]
        assert found["og:url"] == canonical(html)[0]
        assert 20 <= len(found["description"]) <= 170
        assert found["og:description"] == found["description"]
        assert client.get(found["og:image"]).headers["Content-Type"] == "image/png"
        seen[row.path(world)] = (found["og:title"], found["description"])
    assert len(seen) > 8
    assert len(set(seen.values())) == len(seen)


def test_a_filtered_directory_is_the_same_page_for_search_engines(client, town):
    assert canonical(page(client, "/kommunen/?bezirk=Detmold&q=x")) == ["http://testserver/kommunen/"]


def test_addresses_come_from_the_settings(client, town, settings):
    settings.SITE_URL = "https://netzwerk.example"
    assert canonical(page(client, "/kommunen/rheine/")) == ["https://netzwerk.example/kommunen/rheine/"]
    assert set(listed(client)) >= {"https://netzwerk.example/", "https://netzwerk.example/kommunen/rheine/"}
    assert "Sitemap: https://netzwerk.example/sitemap.xml" in page(client, "/robots.txt")


def test_a_members_link_shows_its_own_picture(client, town):
    assert properties(page(client, town.get_absolute_url()))["og:image"] == (
        "http://testserver/kommunen/rheine/vorschau.png"
    )


def test_the_sitemap_holds_what_may_be_found_and_nothing_else(client, town):
    MunicipalityFactory(name="Nie dabei")
    addresses = {address.removeprefix("http://testserver") for address in listed(client)}
    assert addresses >= {"/", "/kommunen/", "/kommunen/rheine/", "/mitmachen/", "/offene-daten/"}
    assert "/kommunen/nie-dabei/" not in addresses
    for address in addresses:
        html = page(client, address)
        assert 'content="noindex"' not in html


def test_the_sitemap_tells_when_a_page_was_last_changed(client, town):
    text = TextPage.objects.get_or_create(key=PageKey.CONTACT)[0]
    save_page(text, title="Kontakt", text="Rufen Sie an.")
    found = listed(client)
    assert found["http://testserver/kontakt/"] == timezone.localdate(text.updated_at).isoformat()
    changed = town.history.latest().history_date
    assert found["http://testserver/kommunen/rheine/"] == timezone.localdate(changed).isoformat()
    assert found["http://testserver/impressum/"] is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_sitemap_needs_the_same_queries_for_any_number(client, django_assert_num_queries, count):
    MunicipalityFactory.create_batch(count, member=True)
    # revision, bodies with profiles, periods; texts; changes of four kinds; meetings; mailings
    with django_assert_num_queries(10):
        client.get("/sitemap.xml")


def test_the_network_and_its_search_are_described(client):
    network, site = data(page(client, "/"))[0]["@graph"]
    assert (network["@type"], network["name"]) == ("Organization", "Kommunen-Netzwerk: engagiert in NRW")
    address = site["potentialAction"]["target"]["urlTemplate"].replace("{search_term_string}", "rheine")
    assert client.get(address).status_code == 200


def test_a_member_is_described_as_exactly_as_is_proven(client, register):
    trail, body = data(page(client, "/kommunen/wuppertal/"))
    assert [step["name"] for step in trail["itemListElement"]] == ["Startseite", "Kommunen", "Wuppertal"]
    assert (body["@type"], body["name"]) == ("GovernmentOrganization", "Wuppertal")
    assert body["memberOf"]["startDate"] == "2017-12-06"
    assert "startDate" not in data(page(client, "/kommunen/rheine/"))[1]["memberOf"]
    assert len(data(page(client, "/kommunen/muenster/"))) == 1


def test_no_name_ends_the_block_of_data(client):
    name = "</script><script>alert(1)</script>&"
    Municipality.objects.filter(pk=MunicipalityFactory(slug="boese", member=True).pk).update(name=name)
    html = page(client, "/kommunen/boese/")
    assert "<script>alert" not in html
    assert data(html)[1]["name"] == name


def test_robots_are_kept_from_what_is_for_signed_in_persons(client):
    text = page(client, "/robots.txt")
    assert "Disallow: /verwaltung/\n" in text
    assert "Disallow: /\n" not in text
