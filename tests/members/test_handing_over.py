"""Who leads when a day has passed, and naming somebody else before it has."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core.dates import today
from core.models import OutgoingMail
from members import colleagues, handing_over
from members.models import Confirmation, ContactPerson, Person
from netzwerk.tasks import tidy
from tests.factories import ContactPersonFactory, UserFactory
from users.models import User

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def rosa(contact):
    return ContactPerson.objects.select_related("person", "municipality").get(person__user=contact)


@pytest.fixture
def rudi(colleague):
    return ContactPerson.objects.select_related("person", "municipality").get(person__user=colleague)


def in_days(days):
    return time_machine.travel(timezone.now() + days * DAY)


def new(first_name):
    return Person(first_name=first_name, last_name="Neu", email=f"{first_name.lower()}@rheine.example")


def pass_on(contact, first_name, days=10):
    successor = new(first_name) if isinstance(first_name, str) else first_name
    return handing_over.hand_over(contact, successor=successor, on=today() + days * DAY, by=None)


def leads(town):
    return [row.person.first_name for row in town.contacts.on().filter(is_deputy=False)]


# --- who leads ----------------------------------------------------------------------------------------------------


def test_a_lead_who_ends_on_a_day_to_come_is_followed_that_night(rosa, rudi, town):
    colleagues.remove(rosa, on=today() + 5 * DAY)
    tidy()
    assert leads(town) == [rosa.person.first_name]
    with in_days(5):
        tidy()
        assert leads(town) == [rudi.person.first_name]
        assert rudi.history.first().actor_name == "Nachrücken"


def test_if_nobody_is_named_the_deputy_leads(rosa, rudi, town):
    handing_over.hand_over(rosa, successor=None, on=today(), by=None)
    assert leads(town) == [rudi.person.first_name]


def test_whoever_has_answered_longest_leads_and_unknown_is_longest(rosa, town):
    ContactPersonFactory(municipality=town, is_deputy=True, started_on=datetime.date(2015, 1, 1))
    oldest = ContactPersonFactory(municipality=town, is_deputy=True, started_on=None)
    ContactPersonFactory(municipality=town, is_deputy=True, started_on=datetime.date(2013, 1, 1))
    handing_over.hand_over(rosa, successor=None, on=today(), by=None)
    assert leads(town) == [oldest.person.first_name]


def test_where_nobody_ever_led_or_somebody_leads_all_stays(rosa, rudi, town):
    only = ContactPersonFactory(is_deputy=True)
    tidy()
    assert not leads(only.municipality)
    assert leads(town) == [rosa.person.first_name]


# --- naming somebody else -----------------------------------------------------------------------------------------


def test_who_was_named_before_goes_and_is_told(rosa, town):
    nele = pass_on(rosa, "Nele")
    with in_days(3):
        pass_on(rosa, "Olaf")
        assert {row.person.first_name for row in town.contacts.on()} == {rosa.person.first_name, "Olaf"}
        nele.refresh_from_db()
        assert nele.ended_on == today() - DAY
        assert not User.objects.filter(email="nele@rheine.example").exists()
        assert "nele@rheine.example" in OutgoingMail.objects.filter(kind="members.function_ended").values_list(
            "to_address", flat=True
        )


def test_named_and_taken_back_on_one_day_she_was_never_there(rosa, town):
    nele = pass_on(rosa, "Nele")
    pass_on(rosa, "Olaf")
    assert not ContactPerson.objects.filter(pk=nele.pk).exists()
    assert ContactPerson.history.filter(id=nele.pk).first().history_type == "-"


def test_her_open_questions_come_back(rosa):
    asked = Confirmation.objects.create(contact=rosa)
    pass_on(rosa, "Nele")
    olaf = pass_on(rosa, "Olaf")
    assert Confirmation.objects.get().contact == olaf
    handing_over.hand_over(rosa, successor=None, on=today() + 10 * DAY, by=None)
    asked.refresh_from_db()
    assert asked.contact == rosa


def test_a_colleague_who_was_to_lead_is_deputy_again(rosa, rudi, town):
    pass_on(rosa, rudi.person)
    assert set(leads(town)) == {rosa.person.first_name, rudi.person.first_name}
    pass_on(rosa, "Nele")
    assert set(leads(town)) == {rosa.person.first_name, "Nele"}
    rudi.refresh_from_db()
    assert (rudi.is_deputy, rudi.ended_on) == (True, None)


def test_only_another_day_changes_nobody(rosa, town):
    nele = pass_on(rosa, "Nele")
    again = pass_on(rosa, nele.person, days=20)
    assert again == nele
    assert town.contacts.on().count() == 2


def test_whoever_came_otherwise_stays(rosa, rudi, town):
    pass_on(rosa, "Nele")
    added = colleagues.add(town, new("Otto"), invite=False, by=None)
    pass_on(rosa, "Olaf")
    assert {rudi, added} <= set(town.contacts.on())


def test_a_refusal_takes_nobody_back(rosa):
    nele = pass_on(rosa, "Nele")
    with pytest.raises(ValidationError, match="E-Mail-Adresse"):
        pass_on(rosa, Person(first_name="Olaf", last_name="Neu"))
    assert nele.holds()
    assert ContactPerson.objects.filter(pk=nele.pk).exists()


def test_the_pages_say_who_goes(client_of, contact, rosa, office):
    nele = pass_on(rosa, "Nele")
    data = {"on": (today() + 9 * DAY).isoformat(), "successor": "known", "first_name": "Olaf", "last_name": "Neu"}
    address = reverse("give_up", args=[rosa.pk])
    page = client_of(contact).post(address, data | {"email": "olaf@rheine.example"}).content.decode()
    assert "Nele Neu, bisher als Nachfolge genannt, ist sofort nicht mehr zuständig." in page
    same = client_of(contact).post(address, data | {"successor": str(nele.person_id)}).content.decode()
    assert "bisher als Nachfolge genannt" not in same
    desk = client_of(office).get(reverse("hand_over", args=[rosa.pk])).content.decode()
    assert "Als Nachfolge eingetragen ist schon <bdi>Nele Neu</bdi>." in desk


def test_whoever_is_staff_keeps_the_account_when_taken_back(rosa):
    account = UserFactory(email="nele@rheine.example", is_administrator=True)
    pass_on(rosa, "Nele")
    pass_on(rosa, "Olaf")
    assert User.objects.filter(pk=account.pk).exists()
