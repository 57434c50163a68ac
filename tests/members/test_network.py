"""The directory of all contacts: what each released, found by names and filters, and cards for address books."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.dates import today
from members import vcards
from members.access import VisibleContact
from members.models import ContactPerson, Municipality
from tests.factories import ContactPersonFactory, MunicipalityFactory, ProfileFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def berta(stranger):
    """Contact person in Bonn."""
    contact = ContactPerson.objects.get(person__user=stranger)
    contact.person.first_name, contact.person.last_name, contact.person.phone = "Berta", "Müller", "0228 777"
    contact.person.save()
    return contact


def found(client, **query):
    page = client.get(reverse("network"), query).content.decode()
    return re.findall(r'network-row__name"><bdi>(.+?)</bdi>', page)


def card(client, contact):
    return client.get(reverse("network_card", args=[contact.pk]))


def test_everyone_sees_what_was_released_to_the_network(client_of, contact, office, berta):
    ContactPerson.objects.filter(pk=berta.pk).update(phone_visibility="office")
    page = client_of(contact).get(reverse("network")).content.decode()
    assert "Berta Müller" in page
    assert berta.person.email in page
    assert "0228 777" not in page
    assert "0228 777" in client_of(office).get(reverse("network")).content.decode()


def test_whose_name_is_not_released_is_not_there(client_of, contact, berta):
    ContactPerson.objects.filter(pk=berta.pk).update(name_visibility="office")
    assert "Berta Müller" not in found(client_of(contact))
    assert card(client_of(contact), berta).status_code == 404


def test_nobody_else_sees_anybody(client_of, administrator, berta):
    assert found(client_of(administrator)) == []
    assert card(client_of(administrator), berta).status_code == 404
    former = ContactPersonFactory(ended_on=today().replace(year=2020))
    assert client_of(former.person.user).get(reverse("network")).status_code == 302
    assert card(client_of(None), berta).status_code == 302


@pytest.mark.parametrize(
    "query", ["mueller", "MÜLLER", "Muller", "berta", "bonn", "Bomn", "müll bonn", "ehrenamtskoord"]
)
def test_the_search_forgives(client_of, contact, berta, query):
    ContactPerson.objects.filter(pk=berta.pk).update(position="Ehrenamtskoordination")
    assert found(client_of(contact), q=query) == ["Berta Müller"]


def test_filters_narrow_the_list(client_of, contact, berta):
    ProfileFactory(municipality=berta.municipality).topics.add(TopicFactory(name="Integration", slug="integration"))
    Municipality.objects.filter(pk=berta.municipality_id).update(regierungsbezirk="Köln", kind="kreisfreie Stadt")
    berta.municipality.refresh_from_db()
    berta.municipality.save()  # a public change
    client = client_of(contact)
    assert found(client, bezirk="Köln") == found(client, thema="integration") == ["Berta Müller"]
    assert "Berta Müller" not in found(client, bezirk="Detmold")
    assert len(found(client, bezirk="nirgends", art="x")) == 2
    assert "Niemand gefunden." in client.get(reverse("network"), {"q": "zzzzzz"}).content.decode()


def test_the_list_needs_the_same_queries_for_one_and_three(client_of, contact):
    client = client_of(contact)
    found(client)
    with CaptureQueriesContext(connection) as one:
        assert len(found(client)) == 1
    town = ContactPerson.objects.get().municipality
    ContactPersonFactory(municipality=town), ContactPersonFactory(municipality=town)
    found(client)
    with CaptureQueriesContext(connection) as three:
        assert len(found(client)) == 3
    assert len(one) == len(three)


# --- cards --------------------------------------------------------------------------------------------------------


def test_the_card_holds_what_was_released(client_of, contact, berta):
    ContactPerson.objects.filter(pk=berta.pk).update(phone_visibility="office", position="Amt 50, Soziales; Ehrenamt")
    response = card(client_of(contact), berta)
    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="berta-mueller.vcf"'
    lines = response.content.decode().split("\r\n")
    assert lines[:4] == ["BEGIN:VCARD", "VERSION:4.0", "FN:Berta Müller", "N:Müller;Berta;;;"]
    assert r"TITLE:Amt 50\, Soziales\; Ehrenamt" in lines
    assert f"EMAIL;TYPE=work:{berta.person.email}" in lines
    assert not [line for line in lines if line.startswith("TEL")]
    assert lines[-2:] == ["END:VCARD", ""]


def unfolded(text):
    return text.replace("\r\n ", "")


def value(text, name):
    line = next(line for line in unfolded(text).split("\r\n") if line.startswith(f"{name}:"))
    signs = {"n": "\n"}
    return re.sub(r"\\(.)", lambda match: signs.get(match[1], match[1]), line.removeprefix(f"{name}:"), flags=re.DOTALL)


@given(st.text(st.characters(blacklist_categories=("C", "Z"), whitelist_characters=" ,;\\\n😀"), max_size=120))
def test_every_name_survives_the_card_and_no_line_is_too_long(name):
    contact = VisibleContact(1, ("A", "", ""), name, False, "", "", "")
    text = vcards.card(Municipality(name="Bonn"), contact, url="https://netzwerk.example/")
    assert [line for line in text.split("\r\n") if len(line.encode()) > 75] == []
    assert value(text, "FN") == vcards.clean_text(name)


def test_no_name_adds_a_line_of_its_own():
    contact = VisibleContact(1, ("A\r\nEMAIL:boese@fremd.example", "", ""), "A\nTEL:1", False, "", "", "")
    lines = vcards.card(MunicipalityFactory.build(), contact, url="https://netzwerk.example/").split("\r\n")
    assert [line for line in lines if line.startswith(("EMAIL", "TEL"))] == []
