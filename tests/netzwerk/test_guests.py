"""Guests are forgotten 12 months after their last date; everybody else stays."""

import datetime

import pytest
import time_machine

from core.models import OutgoingMail
from meetings import actions
from meetings.models import Invitation, Registration
from members.models import Person
from netzwerk.tasks import tidy
from tests.factories import AgendaItemFactory, ContactPersonFactory, MeetingFactory, PersonFactory

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def guest(meeting, name):
    person = PersonFactory(last_name=name, email=f"{name.lower()}@verein.example", organisation="Verein")
    return actions.register(meeting, person=person, mode="on_site")


def names():
    return set(Person.objects.exclude(last_name="").values_list("last_name", flat=True))


def test_a_guest_is_erased_a_year_after_her_last_date_and_counts_on():
    meeting = MeetingFactory()
    row = guest(meeting, "Gast")
    with time_machine.travel(meeting.ends_at + 364 * DAY):
        tidy()
    assert names() == {"Gast"}
    with time_machine.travel(meeting.ends_at + 367 * DAY):
        tidy()
    assert names() == set()
    row = Registration.objects.select_related("person").get(pk=row.pk)
    assert (row.has_place, row.person.is_erased, row.person.organisation) == (True, True, "")
    assert not Person.history.filter(last_name="Gast").exists()
    assert not OutgoingMail.objects.filter(to_address="gast@verein.example").exists()


def test_who_came_again_or_is_more_than_a_guest_stays():
    first, second = MeetingFactory(), MeetingFactory()
    guest(first, "Einmal")
    again, invited, speaks, answers = (guest(first, name) for name in ("Wieder", "Geladen", "Spricht", "Zuständig"))
    with time_machine.travel(first.ends_at + 300 * DAY):
        later = MeetingFactory()
        actions.register(later, person=again.person, mode="on_site")
        Invitation.objects.create(meeting=later, person=invited.person)
    AgendaItemFactory(meeting=second).speakers.add(speaks.person)
    ContactPersonFactory(person=answers.person)
    stays = names() - {"Einmal"}
    with time_machine.travel(first.ends_at + 367 * DAY):
        tidy()
    assert names() == stays
