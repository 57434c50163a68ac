""" "Was steht an?": what waits for a contact person, in order of date, and the menu of her area."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.links import token_for
from members import confirming
from members.access import CONFIRMING
from members.models import Confirmation, ContactPerson, Profile, ProfileDraft
from tests.factories import ContactPersonFactory, MunicipalityFactory, ProfileFactory, TopicFactory

pytestmark = pytest.mark.django_db

# session, account, persons; bodies with periods and topics, twice; functions that end, questions, drafts
QUERIES = 10

FULL = {
    "office_name": "Stabsstelle", "office_place": "Dezernat I", "office_phone": "0 1", "office_email": "a@b.example",
    "office_website": "https://b.example", "strategy_status": "in_work", "volunteer_card": "planned",
    "recognition": "Abend des Ehrenamts", "alliances": "Runder Tisch",
}  # fmt: skip


@pytest.fixture
def full(town):
    profile = ProfileFactory(municipality=town, **FULL)
    profile.topics.add(TopicFactory())
    return profile


@pytest.fixture
def function(contact):
    return ContactPerson.objects.get(person__user=contact)


def asked(function, days=3):
    with time_machine.travel(timezone.now() - datetime.timedelta(days=days), tick=False):
        confirming.ask(ContactPerson.objects.filter(pk=function.pk), title="Stimmt noch?", by=None)
    return Confirmation.objects.get(contact=function)


def tasks(client):
    """Text and address of each task, in their order."""
    html = client.get(reverse("home")).content.decode()
    return re.findall(r'tasks__what">(.*?)</p>.*?href="(.*?)"', html, re.DOTALL)


def test_who_has_nothing_to_do_is_told_so_in_words(client_of, contact, full):
    html = client_of(contact).get(reverse("home")).content.decode()
    assert "Gerade steht nichts an." in html
    assert 'class="tasks"' not in html


def test_everything_open_has_one_button_the_oldest_first(client_of, contact, function, town):
    ProfileFactory(municipality=town, **FULL | {"alliances": ""})
    ProfileDraft.objects.create(municipality=town, person=function.person, typed={"summary": ["x"]})
    question = asked(function)
    profile = reverse("own_profile", args=["rheine"])
    assert tasks(client_of(contact)) == [
        ("„Stimmt noch?“: Ihre Angaben und die von Rheine", reverse("own_confirmation", args=[question.pk])),
        ("Ihr Entwurf für das Profil von Rheine ist noch nicht veröffentlicht", profile),
        ("Im Profil von Rheine fehlen 2 Angaben", profile),
    ]


def test_who_goes_and_is_followed_by_nobody_is_asked_for_a_successor(client_of, contact, function, full):
    function.ended_on = datetime.date(2099, 3, 31)
    function.save()
    line = "Ihr letzter Tag für Rheine ist der 31. März 2099, niemand folgt"
    assert tasks(client_of(contact)) == [(line, reverse("give_up", args=[function.pk]))]
    ContactPersonFactory(municipality=function.municipality, started_on=datetime.date(2099, 3, 1))
    assert tasks(client_of(contact)) == []


def test_a_profile_that_nobody_began_is_a_task(client_of, contact):
    assert tasks(client_of(contact))[0][0] == "Im Profil von Rheine fehlen 11 Angaben"


def test_where_a_strategy_can_be_read_is_asked_of_an_adopted_one_only(client_of, contact, full):
    Profile.objects.update(strategy_status="adopted")
    assert tasks(client_of(contact))[0][0] == "Im Profil von Rheine fehlt eine Angabe"


def test_the_way_to_stimmt_noch_is_hers_alone_and_the_link_stands_on_no_page(client_of, contact, colleague, function):
    question = asked(function)
    token = token_for(question, CONFIRMING)
    way = reverse("own_confirmation", args=[question.pk])
    assert token not in client_of(contact).get(reverse("home")).content.decode()
    assert client_of(contact).get(way).url == reverse("confirmation", args=[token])
    assert client_of(colleague).get(way).status_code == 404
    assert [text for text, _ in tasks(client_of(colleague)) if "Stimmt noch" in text] == []


def test_what_is_answered_or_another_bodys_is_no_task(client_of, contact, stranger, function, full):
    Confirmation.objects.filter(pk=asked(function).pk).update(confirmed_at=timezone.now())
    asked(ContactPerson.objects.get(person__user=stranger))
    assert tasks(client_of(contact)) == []


def test_the_menu_leads_through_the_own_area_and_is_for_contact_persons_alone(client_of, contact, administrator):
    html = client_of(contact).get(reverse("colleagues")).content.decode()
    menu = html.split('class="own-menu"')[1].split("</nav>")[0]
    labels = re.findall(r">([^<>]+)</a>", menu)
    assert labels == [
        "Übersicht",
        "Termine",
        "Anmeldungen",
        "Mitteilungen",
        "Profil",
        "Ansprechpersonen",
        "Verzeichnis",
        "Meine Daten",
    ]
    assert re.findall(r'aria-current="(\w+)">(\w+)', menu) == [("page", "Ansprechpersonen")]
    for account in (None, administrator):
        assert 'class="own-menu"' not in client_of(account).get(reverse("directory")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_needs_the_same_queries_for_any_number_of_bodies(client_of, function, contact, full, count):
    for number in range(count - 1):
        body = MunicipalityFactory(name=f"Ort {number}", member=True)
        ProfileFactory(municipality=body).topics.add(TopicFactory())
        ContactPersonFactory(person=function.person, municipality=body)
    client = client_of(contact)
    client.get(reverse("home"))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("home"))
    assert len(queries) == QUERIES
