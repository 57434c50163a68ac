"""Kept pages: for visitors alone, never older than the newest public change, never more than a few."""

import gzip
import re

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as project
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse

from core import revision
from core.models import Revision
from core.page_cache import keep_page
from core.revision import Published, raise_number
from members import actions
from members.models import Municipality
from netzwerk import urls as site_map
from netzwerk.actions import save_page
from netzwerk.models import PageKey, TextPage
from tests.factories import MunicipalityFactory, TopicFactory

pytestmark = pytest.mark.django_db

KEPT_PAGES = (
    "/", "/kommunen/", "/kommunen/?bezirk=Detmold", "/kommunen/rheine/", "/kommunen/neuenkirchen/",
    "/kommunen/kreis-lippe/", "/mitmachen/", "/barrierefreiheit/",
)  # fmt: skip


@keep_page("art")
def counted(request):
    counted.answers += 1
    if counted.meanwhile:
        counted.meanwhile()
    return HttpResponse(f"Antwort {counted.answers}")


@keep_page()
def with_token(request):
    return HttpResponse(get_token(request))


@keep_page()
def with_cookie(request):
    response = HttpResponse()
    response.set_cookie("farbe", "rot")
    return response


@keep_page()
def with_session(request):
    request.session["seen"] = True
    return HttpResponse()


urlpatterns = [
    *site_map.urlpatterns,
    path("counted/", counted),
    path("with-token/", with_token),
    path("with-cookie/", with_cookie),
    path("with-session/", with_session),
]


@pytest.fixture(autouse=True)
def _site(settings):
    settings.ROOT_URLCONF = __name__
    counted.answers, counted.meanwhile = 0, None


def kept():
    return len(caches["pages"]._cache)


def text(client, address, **options):
    return client.get(address, **options).content.decode()


@pytest.mark.parametrize("address", KEPT_PAGES)
def test_found_again_a_page_costs_one_query_and_is_the_same(client, register, django_assert_num_queries, address):
    first = client.get(address)
    with django_assert_num_queries(1):  # the revision
        second = client.get(address)
    assert second.content == first.content
    assert second.headers == first.headers


@pytest.mark.parametrize("address", KEPT_PAGES)
def test_whatever_a_kept_page_reads_raises_the_revision_when_it_changes(client, register, address):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address)
    read = {table for query in queries for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    published = [model for model in apps.get_models() if issubclass(model, Published)]
    known = {model._meta.db_table for model in published}
    known |= {field.m2m_db_table() for model in published for field in model._meta.many_to_many}
    assert read
    assert read <= known


def test_a_changed_profile_is_public_at_once(client, register):
    town = Municipality.objects.get(slug="muenster")
    assert "ist noch nicht dabei" in text(client, "/kommunen/muenster/")
    actions.start_membership(town, begin=None)
    assert "ist noch nicht dabei" not in text(client, "/kommunen/muenster/")
    town.website = "https://www.muenster.example"
    town.save()
    assert "https://www.muenster.example" in text(client, "/kommunen/muenster/")


def test_the_number_is_asked_again_only_after_a_moment(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(revision, "_RECENT_SECONDS", 3600)
    text(client, "/counted/")
    with django_assert_num_queries(1):
        assert [text(client, "/counted/") for _ in range(5)] == ["Antwort 1"] * 5
    Revision.objects.create(number=1)  # as another process raises it
    assert text(client, "/counted/") == "Antwort 1"
    monkeypatch.setattr(revision, "_RECENT_SECONDS", 0)
    assert text(client, "/counted/") == "Antwort 2"


def test_a_changed_text_is_public_at_once(client):
    text(client, "/mitmachen/")
    save_page(TextPage.objects.get_or_create(key=PageKey.JOIN)[0], title="Kommen Sie dazu", text="Wir freuen uns.")
    assert "Kommen Sie dazu" in text(client, "/mitmachen/")


def test_at_midnight_in_berlin_the_page_is_made_anew(client, town):
    with time_machine.travel("2027-03-01T22:59:00Z", tick=False):
        assert "Stand 1. März 2027" in text(client, "/")
    with time_machine.travel("2027-03-01T23:00:00Z", tick=False):
        assert "Stand 2. März 2027" in text(client, "/")


@pytest.mark.parametrize("address", ["/", "/kommunen/", "/kommunen/rheine/", "/mitmachen/"])
def test_a_signed_in_person_gets_her_own_page_and_leaves_none_for_others(client_of, contact, address):
    own = text(client_of(contact), address)
    assert "Abmelden" in own
    assert kept() == 0
    assert "Abmelden" not in text(Client(), address)
    assert "Abmelden" in text(client_of(contact), address)


def test_a_message_is_shown_to_the_one_visitor_it_is_for(client):
    text(client, "/barrierefreiheit/")
    client.post(reverse("report_barrier"), {"what": "Die Karte lässt sich nicht vorlesen."})
    assert "Danke, Ihre Meldung" in text(client, "/barrierefreiheit/")
    assert "Danke, Ihre Meldung" not in text(Client(), "/barrierefreiheit/")


def test_a_change_while_a_page_is_made_leaves_no_old_page_behind(client):
    counted.meanwhile = raise_number
    assert text(client, "/counted/") == "Antwort 1"
    counted.meanwhile = None
    assert text(client, "/counted/") == "Antwort 2"
    assert text(client, "/counted/") == "Antwort 2"


def test_an_address_of_which_no_page_is_kept_asks_no_number(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/with-token/?art=stadt")


def test_a_kept_page_carries_the_same_headers_of_protection_as_a_new_one(client):
    first, second = client.get("/counted/"), client.get("/counted/")
    assert {"Content-Security-Policy", "X-Frame-Options", "Permissions-Policy"} <= set(second.headers)
    assert dict(first.items()) == dict(second.items())


def test_a_foreign_host_gets_no_kept_page(client):
    client.get("/counted/")
    assert client.get("/counted/", headers={"host": "fremd.example"}).status_code == 400


@pytest.mark.parametrize(
    "address", ["/with-token/", "/with-cookie/", "/with-session/", "/gibt-es-nicht/", "/kommunen/x/"]
)
def test_what_is_meant_for_one_visitor_or_is_no_page_is_not_kept(client, address):
    client.get(address)
    assert kept() == 0


def test_the_same_filters_are_the_same_page_in_any_order_and_beside_empty_ones(client):
    TopicFactory()
    pages = [
        text(client, f"/kommunen/?{query}")
        for query in ("art=stadt&bezirk=Detmold", "bezirk=Detmold&art=stadt", "q=&kreis=&art=stadt&bezirk=Detmold")
    ]
    assert len(set(pages)) == 1
    assert kept() == 1


@pytest.mark.parametrize("query", ["q=rhein", "art=stadt&x=1", "art=stadt&art=kreis", "art=" + "x" * 200, "%00=1", "x"])
def test_no_invented_address_fills_the_memory(client, query):
    client.get(f"/counted/?{query}")
    assert kept() == (1 if query == "x" else 0)  # "?x" is an empty value


def test_the_memory_holds_a_fixed_number_of_pages_and_forgets_the_least_wanted(client):
    most = project.CACHES["pages"]["OPTIONS"]["MAX_ENTRIES"]
    wanted = text(client, "/counted/")
    for number in range(most + 10):
        client.get("/counted/", {"art": number})
        assert text(client, "/counted/") == wanted
    assert kept() <= most


def test_another_host_or_scheme_is_another_page(client, settings):
    answers = {text(client, "/counted/"), text(client, "/counted/", headers={"host": "localhost"})}
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    answers.add(text(client, "/counted/", secure=True))
    assert len(answers) == 3


def test_kept_pages_are_sent_compressed_to_whoever_takes_it(client):
    plain = client.get("/mitmachen/")
    for _ in range(2):
        compressed = client.get("/mitmachen/", headers={"accept-encoding": "br, gzip"})
        assert compressed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(compressed.content) == plain.content
        assert int(compressed.headers["Content-Length"]) == len(compressed.content)
    assert "Content-Encoding" not in plain.headers
    assert {"Accept-Encoding", "Cookie"} <= set(plain.headers["Vary"].split(", "))


@pytest.mark.parametrize("kept_before", [True, False])
def test_head_is_answered_without_a_body(client, kept_before):
    if kept_before:
        client.get("/mitmachen/")
    response = client.head("/mitmachen/")
    assert (response.status_code, response.content) == (200, b"")
    assert "</html>" in text(client, "/mitmachen/")


def test_posting_is_refused_as_before(client):
    MunicipalityFactory(slug="rheine")
    assert client.post("/kommunen/rheine/").status_code == 405
