import datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from members import access
from members.models import Visibility
from tests.factories import ContactPersonFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def released(town):
    """A contact who released her name and phone to all, her address to the network."""
    person = PersonFactory(first_name="Petra", last_name="Muster", email="petra@rheine.example", phone="0251 99")
    return ContactPersonFactory(
        person=person, municipality=town, name_visibility=Visibility.PUBLIC, phone_visibility=Visibility.PUBLIC
    )


def test_a_visitor_sees_only_what_was_released_to_all(released, town):
    [seen] = access.contacts_for(AnonymousUser(), town)
    assert (seen.name, seen.phone, seen.email) == ("Petra Muster", "0251 99", "")


def test_the_network_sees_what_was_released_to_it(released, town, stranger):
    [seen] = access.contacts_for(stranger, town)
    assert seen.email == "petra@rheine.example"


def test_only_the_office_sees_the_rest(released, town, stranger, office):
    type(released).objects.update(email_visibility=Visibility.OFFICE)
    assert access.contacts_for(stranger, town)[0].email == ""
    assert access.contacts_for(office, town)[0].email == "petra@rheine.example"


def test_by_default_nothing_of_a_contact_is_public(contact, town):
    assert access.contacts_for(AnonymousUser(), town) == []


def test_a_contact_of_yesterday_is_no_contact(released, town):
    type(released).objects.update(ended_on=datetime.date(2020, 1, 1))
    assert access.contacts_for(AnonymousUser(), town) == []


def test_a_body_that_left_gives_no_access(contact, town):
    assert access.own_municipalities(contact) == [town]
    town.memberships.update(ended_on=datetime.date(2020, 1, 1), end_reason="Ratsbeschluss")
    assert access.own_municipalities(contact) == []
    assert not access.is_network(contact)


def test_an_administrator_without_office_sees_no_more_than_a_visitor(released, town, administrator):
    assert access.contacts_for(administrator, town)[0].email == ""
