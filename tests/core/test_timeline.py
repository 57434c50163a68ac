"""The history of several records as one list."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.history import Actor, acting_as
from core.timeline import ITSELF, Source, timeline
from members.models import ContactPerson, Membership, Person, Profile
from tests.factories import ContactPersonFactory, MunicipalityFactory, PersonFactory, ProfileFactory, TopicFactory

pytestmark = pytest.mark.django_db


def shown(*sources, page=None):
    return [
        (version.record, version.deed, [(change.label, change.old, change.new) for change in version.changes])
        for version in timeline(sources, page=page)
    ]


@pytest.fixture
def profile():
    return ProfileFactory(office_name="Stabsstelle")


@pytest.fixture
def source(profile):
    return Source(Profile.history.filter(municipality=profile.municipality_id))


def test_values_are_told_in_words(profile, source):
    profile.office_name, profile.volunteer_card = "", "takes_part"
    profile.confirmed_on = datetime.date(2027, 3, 12)
    profile.save()
    assert shown(source)[0] == (
        "Profil",
        "geändert",
        [
            ("Anlaufstelle", "Stabsstelle", ""),
            ("Ehrenamtskarte NRW", "keine Angabe", "nimmt teil"),
            ("Stand", "", "12. März 2027"),
        ],
    )
    assert shown(source)[1] == ("Profil", "angelegt", [])


def test_sets_show_what_they_held_before_and_after(profile, source):
    profile.topics.add(TopicFactory(name="Integration"))
    profile.topics.add(TopicFactory(name="Ehrenamtskarte"))
    assert shown(source)[0][2] == [("Themen", "Integration", "Ehrenamtskarte, Integration")]
    assert shown(source)[1][2] == [("Themen", "", "Integration")]


def test_several_records_are_told_apart_and_stay_readable_when_they_are_gone():
    contact = ContactPersonFactory(person=PersonFactory(first_name="Rosa", last_name="Beispiel"))
    sources = [
        Source(ContactPerson.history.filter(municipality=contact.municipality_id), "person"),
        Source(Person.history.filter(id=contact.person_id), ITSELF),
    ]
    contact.is_deputy = True
    contact.save()
    contact.delete()
    assert shown(*sources)[:2] == [
        ("Ansprechperson Rosa Beispiel", "gelöscht", []),
        ("Ansprechperson Rosa Beispiel", "geändert", [("Vertretung", "nein", "ja")]),
    ]
    assert ("Person Rosa Beispiel", "angelegt", []) in shown(*sources)
    contact.person.delete()
    assert shown(*sources)[0] == ("Person Rosa Beispiel", "gelöscht", [])
    assert shown(*sources)[1][0] == "Ansprechperson (gelöscht)"


def test_what_a_foreign_key_pointed_to_is_named():
    contact = ContactPersonFactory(municipality=MunicipalityFactory(name="Rheine"))
    contact.municipality = MunicipalityFactory(name="Bonn")
    contact.save()
    source = Source(ContactPerson.history.filter(id=contact.pk), "person")
    assert shown(source)[0][2] == [("Kommune", "Rheine", "Bonn")]


def test_it_names_the_acting_person_else_the_account_else_the_portal(profile, source, office):
    with acting_as(Actor("person:1", "Rosa Beispiel")):
        profile.save()
    profile._history_user = office
    profile.save()
    assert [version.who for version in timeline([source], page=None)] == [
        office.email,
        "Rosa Beispiel",
        "das Portal selbst",
    ]


def test_each_version_leads_to_its_page_in_the_back_office(client_of, office, profile, source):
    (version,) = timeline([source], page=None)
    assert client_of(office).get(version.url).status_code == 200


@pytest.mark.parametrize(("page", "number"), [(None, 1), ("2", 2), ("99", 3), ("x", 1), ("-1", 3)])
def test_pages_turn_and_a_wrong_number_shows_the_nearest(profile, source, page, number):
    for _ in range(4):
        profile.save()
    found = timeline([source], page=page, per_page=2)
    assert (found.number, found.paginator.count) == (number, 5)


def test_the_number_of_queries_does_not_grow(profile, source):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            timeline([source, Source(Membership.history.all())], page=None)
        return len(captured)

    topics = [TopicFactory() for _ in range(3)]
    profile.topics.add(topics[0])
    one = queries()
    for topic in topics[1:]:
        profile.topics.add(topic)
        profile.save()
    assert queries() == one
