"""What bodies and contact persons ask of the office; each number is that of the list behind it."""

import datetime
import re

import pytest
from django.utils import timezone

from core.dates import today
from core.models import Bounce, OutgoingMail
from members.worklist import lines_for
from tests.factories import ContactPersonFactory, MunicipalityFactory, PersonFactory, ProfileFactory, UserFactory
from users.models import AccessInvitation


@pytest.fixture
def complete(db):
    """A member that lacks nothing."""
    municipality = MunicipalityFactory(member=True)
    ContactPersonFactory(municipality=municipality)
    ProfileFactory(municipality=municipality, confirmed_on=today())
    return municipality


def texts(user):
    return [(line.count, line.text) for line in lines_for(user)]


def listed(client, url):
    """The number of rows in the list behind a line."""
    return int(
        re.search(r"(\d+) (?:Kommune|Ansprechperson)", client.get(url).content.decode().split("paginator")[1])[1]
    )


def test_a_complete_member_asks_for_nothing(office, complete):
    assert lines_for(office) == []


def test_others_than_members_ask_for_nothing(office, complete):
    MunicipalityFactory()
    assert lines_for(office) == []


def test_members_without_contact_or_profile(client_of, office, complete):
    left = MunicipalityFactory(member=True)
    ContactPersonFactory(municipality=left, ended_on=today() - datetime.timedelta(days=1))
    MunicipalityFactory(member=True)
    lines = lines_for(office)
    assert [(line.count, line.text) for line in lines] == [
        (2, "Mitglieder ohne Ansprechperson"),
        (2, "Mitglieder ohne Profil"),
    ]
    assert [listed(client_of(office), line.url) for line in lines] == [2, 2]


def test_a_profile_goes_stale_after_a_year(client_of, office, complete):
    complete.profile.confirmed_on = today() - datetime.timedelta(days=400)
    complete.profile.save()
    (line,) = lines_for(office)
    assert (line.count, line.text) == (1, "Profil, das seit einem Jahr niemand bestätigt hat")
    assert line.age == "seit 400 Tagen"
    assert listed(client_of(office), line.url) == 1


def test_contact_persons_without_access_or_answer(client_of, office, complete):
    ContactPersonFactory(municipality=complete, person=PersonFactory(user=None))
    invited = ContactPersonFactory(municipality=complete).person.user
    AccessInvitation.objects.create(user=invited, sent_at=timezone.now() - datetime.timedelta(days=20))
    fresh = ContactPersonFactory(municipality=complete).person.user
    AccessInvitation.objects.create(user=fresh)
    lines = lines_for(office)
    assert [(line.count, line.text) for line in lines] == [
        (1, "Ansprechperson ohne Zugang"),
        (1, "Ansprechperson, die ihre Einladung nicht angenommen hat"),
    ]
    assert [listed(client_of(office), line.url) for line in lines] == [1, 1]
    assert lines[1].age == "seit 20 Tagen"


def test_a_contact_person_whom_no_mail_reaches_is_to_be_called(office, complete):
    silent = PersonFactory(first_name="Rosa", last_name="Beispiel", email="rosa@rheine.example", phone="05971 1234")
    ContactPersonFactory(municipality=complete, person=silent)
    for number in range(2):
        mail = OutgoingMail.objects.create(
            kind="x", mail_class="business", to_address=silent.email, recipient_key=f"person:{number}"
        )
        assert not any("nicht erreichbar" in line.text for line in lines_for(office))
        Bounce.objects.create(mail=mail, address=silent.email, points=Bounce.HARD)
    wanted = f"Rosa Beispiel ({complete}) ist per E-Mail nicht erreichbar, Telefon 05971 1234"
    assert wanted in [line.text for line in lines_for(office)]
    silent.email = "rosa.beispiel@rheine.example"
    silent.save()
    assert wanted not in [line.text for line in lines_for(office)]


def test_of_many_who_are_not_reached_none_is_left_out(client_of, office, complete):
    persons = [ContactPersonFactory(municipality=complete).person for _ in range(12)]
    for person in persons:
        for number in range(2):
            mail = OutgoingMail.objects.create(
                kind="x", mail_class="business", to_address=person.email, recipient_key=f"{person.key}:{number}"
            )
            Bounce.objects.create(mail=mail, address=person.email, points=Bounce.HARD)
    lines = [line for line in lines_for(office) if "nicht erreichbar" in line.text]
    assert [line.count for line in lines] == [None] * 10 + [2]
    assert listed(client_of(office), lines[-1].url) == 12


def test_administrators_without_an_office_see_none_of_it(complete):
    MunicipalityFactory(member=True)
    assert texts(UserFactory(administrator=True)) == []
