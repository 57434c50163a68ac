"""Who gets a mailing: groups joined, narrowed by facts of today, doubles removed, and who is left out and why."""

import datetime

import pytest

from core.dates import today
from core.models import Bounce, OutgoingMail
from mailings import audiences
from mailings.models import Group, OptOut, Rubric
from meetings import actions as places
from meetings import planning
from members.models import ContactPerson
from tests.declaration_factories import DeclarationFactory, SignatureFactory
from tests.factories import (
    ContactPersonFactory,
    HeadFactory,
    MeetingFactory,
    MunicipalityFactory,
    PersonFactory,
    ProfileFactory,
    TopicFactory,
)
from tests.mailing_factories import MailingFactory

pytestmark = pytest.mark.django_db


def names(mailing) -> list[str]:
    return [reader.person.last_name for reader in audiences.select(mailing).readers]


def reasons(mailing) -> dict[str, str]:
    return {one.reader.person.last_name: one.reason for one in audiences.select(mailing).left_out}


def contact(last_name, body, **values):
    return ContactPersonFactory(person__last_name=last_name, municipality=body, **values)


@pytest.fixture
def lippe():
    return MunicipalityFactory(name="Kreis Lippe", kind="Kreis", regierungsbezirk="Detmold", member=True)


@pytest.fixture
def bonn():
    return MunicipalityFactory(name="Bonn", kind="kreisfreie Stadt", regierungsbezirk="Köln", member=True)


def test_an_empty_audience_is_nobody(bonn):
    contact("Probe", bonn)
    selection = audiences.select(MailingFactory(groups=[]))
    assert (selection.count, selection.in_words) == (0, "Niemand")


def test_groups_are_joined_and_sorted_by_body(bonn, lippe):
    contact("Anders", lippe)
    contact("Probe", bonn)
    contact("Muster", bonn, is_deputy=True)
    HeadFactory(municipality=bonn, person__last_name="Spitze")
    assert names(MailingFactory(groups=[Group.CONTACTS])) == ["Probe", "Anders"]
    assert names(MailingFactory(groups=[Group.DEPUTIES])) == ["Muster"]
    everybody = audiences.select(MailingFactory(groups=[Group.CONTACTS, Group.DEPUTIES, Group.HEADS]))
    assert [reader.person.last_name for reader in everybody.readers] == ["Muster", "Probe", "Spitze", "Anders"]
    assert everybody.in_words == "4 Personen aus 2 Kommunen"


def test_only_who_answers_today_for_a_member_is_meant(bonn):
    contact("Gestern", bonn, ended_on=today() - datetime.timedelta(days=1))
    contact("Fremd", MunicipalityFactory())
    assert names(MailingFactory()) == []


def test_facts_about_the_body_narrow(bonn, lippe):
    contact("Lippe", lippe)
    contact("Detmold", MunicipalityFactory(kreis=lippe, regierungsbezirk="Detmold", member=True))
    contact("Bonn", bonn)
    topic = TopicFactory()
    ProfileFactory(municipality=bonn).topics.add(topic)
    assert names(MailingFactory(kinds=["Kreis"])) == ["Lippe"]
    assert names(MailingFactory(bezirke=["Köln"])) == ["Bonn"]
    assert set(names(MailingFactory(kreis=lippe))) == {"Lippe", "Detmold"}
    assert names(MailingFactory(topic=topic)) == ["Bonn"]


def test_signed_and_not_yet_signed_which_version(bonn, lippe):
    contact("Bonn", bonn)
    contact("Lippe", lippe)
    declaration = DeclarationFactory()
    SignatureFactory(declaration=declaration, municipality=bonn, checked=True)
    assert names(MailingFactory(signing="signed")) == ["Bonn"]
    assert names(MailingFactory(signing="unsigned", declaration=declaration)) == ["Lippe"]


def test_people_of_a_meeting_guests_included(bonn, lippe):
    meeting = MeetingFactory()
    rosa, silent = contact("Probe", bonn).person, contact("Still", lippe).person
    planning.invite(meeting, ContactPerson.objects.all(), by=None)
    row = places.register(meeting, person=rosa, mode="on_site", municipality=bonn)
    places.register(meeting, person=PersonFactory(last_name="Gast", organisation="Verein"), mode="on_site")
    places.check_in(row)
    assert names(MailingFactory(groups=[Group.REGISTERED], meeting=meeting)) == ["Probe", "Gast"]
    assert names(MailingFactory(groups=[Group.PRESENT], meeting=meeting)) == ["Probe"]
    assert names(MailingFactory(groups=[Group.SILENT], meeting=meeting)) == [silent.last_name]
    assert names(MailingFactory(groups=[Group.REGISTERED], meeting=meeting, kinds=["Kreis"])) == []


def test_single_people_come_and_go(bonn):
    left, guest = contact("Probe", bonn).person, PersonFactory(last_name="Gast")
    mailing = MailingFactory()
    mailing.added.add(guest)
    mailing.left_out.add(left)
    assert names(mailing) == ["Gast"]
    assert reasons(mailing) == {"Probe": audiences.BY_HAND}


def test_whoever_answers_for_two_bodies_is_one_reader(bonn, lippe):
    person = contact("Probe", bonn).person
    ContactPersonFactory(person=person, municipality=lippe)
    (reader,) = audiences.select(MailingFactory()).readers
    assert reader.body_name == "Bonn, Kreis Lippe"


def test_a_mailbox_gets_information_once_but_links_go_to_each(bonn):
    first = contact("Anders", bonn).person
    contact("Probe", bonn, person__email=first.email, person__user=None)
    assert names(MailingFactory()) == ["Anders"]
    assert reasons(MailingFactory()) == {"Probe": f"liest dasselbe Postfach wie {first.name}"}
    assert names(MailingFactory(invites_to=MeetingFactory())) == ["Anders", "Probe"]


def test_who_is_left_out_and_why(bonn):
    contact("Ohne", bonn, person__email="", person__user=None)
    unwilling = contact("Probe", bonn).person
    OptOut.objects.create(person=unwilling, rubric=Rubric.FUNDING)
    mailing = MailingFactory(rubric=Rubric.FUNDING)
    assert names(mailing) == []
    assert reasons(mailing) == {"Ohne": audiences.NO_ADDRESS, "Probe": audiences.UNSUBSCRIBED}
    assert names(MailingFactory()) == ["Probe"]
    assert names(MailingFactory(rubric=Rubric.NETWORK)) == ["Probe"]


def test_an_address_that_bounces_is_left_out(bonn):
    person = contact("Probe", bonn).person
    for number in range(2):
        values = {"to_address": person.email, "recipient_key": person.key, "mail_class": "business", "kind": "x"}
        mail = OutgoingMail.objects.create(**values, message_id=str(number))
        Bounce.objects.create(mail=mail, address=person.email, points=Bounce.HARD)
    assert reasons(MailingFactory()) == {"Probe": audiences.STOPPED}


def test_an_invitation_leaves_out_who_is_invited_already(bonn):
    contact("Probe", bonn)
    meeting = MeetingFactory()
    planning.invite(meeting, ContactPerson.objects.all(), by=None)
    assert reasons(MailingFactory(invites_to=meeting)) == {"Probe": audiences.KNOWN}


@pytest.mark.parametrize("people", [1, 3])
def test_the_number_of_queries_does_not_grow(people, django_assert_num_queries):
    for _ in range(people):
        one = ContactPersonFactory()
        HeadFactory(municipality=one.municipality)
    meeting = MeetingFactory()
    planning.invite(meeting, ContactPerson.objects.all(), by=None)
    places.register(meeting, person=PersonFactory(), mode="on_site")
    mailing = MailingFactory(groups=list(Group), meeting=meeting, rubric=Rubric.DATES)
    mailing.added.add(PersonFactory())
    with django_assert_num_queries(9):
        selection = audiences.select(mailing)
    assert selection.count == 2 * people + 2
