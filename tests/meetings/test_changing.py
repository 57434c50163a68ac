"""What is changed later: how somebody takes part, what she needs, and what an old page may still do."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from core.links import token_for
from core.models import OutgoingMail
from meetings import actions, planning
from meetings.access import OWN_PLACE
from meetings.models import Registration
from meetings.standing import standing
from members.models import Person
from tests.factories import AgendaItemFactory, MeetingFactory, MunicipalityFactory, PersonFactory

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def workshop():
    return MeetingFactory(online=True, seats_on_site=1, seats_online=1)


def register(meeting, mode="on_site", **values):
    return actions.register(meeting, person=PersonFactory(), mode=mode, **values)


def fresh(row):
    return Registration.objects.get(pk=row.pk)


def told(row):
    kinds = OutgoingMail.objects.filter(recipient_key=row.person.key).order_by("pk").values_list("kind", flat=True)
    return [kind.removeprefix("meetings.") for kind in kinds]


def own_page(row):
    return reverse("registration", args=[token_for(row, OWN_PLACE)])


def test_both_or_nothing_is_stored(client, workshop):
    row = register(workshop)
    register(workshop, mode="online")
    page = client.post(own_page(row), {"mode": "online", "food": "vegan"}).content.decode()
    assert actions.FULL in page
    assert (fresh(row).mode, fresh(row).food) == ("on_site", "")


@pytest.mark.parametrize("deed", ["cancelled", "called off", "begun"])
def test_an_old_page_changes_nothing_any_more(client, workshop, deed):
    row = register(workshop)
    if deed == "cancelled":
        actions.cancel(row)
    if deed == "called off":
        planning.call_off(workshop, reason="", by=None)
    with time_machine.travel(workshop.begins_at + (HOUR if deed == "begun" else -100 * HOUR)):
        for mode in ("on_site", "online"):
            client.post(own_page(row), {"mode": mode, "access_needs": "Rollstuhl"})
    assert (fresh(row).mode, fresh(row).access_needs) == ("on_site", "")


def test_nobody_accepts_a_place_of_a_meeting_called_off(workshop):
    goes, waits = register(workshop), register(workshop)
    with time_machine.travel(workshop.begins_at - 40 * HOUR):
        actions.cancel(goes)
        planning.call_off(workshop, reason="", by=None)
        with pytest.raises(ValidationError, match="abgesagt"):
            actions.accept(waits)


def test_whom_staff_move_is_told_with_a_place_and_without(workshop):
    placed, waits = register(workshop), register(workshop)
    actions.move(placed, mode="online", by_staff=True)
    assert told(placed) == ["registered", "registered"]
    assert told(waits) == ["waiting", "moved_up"]
    further = register(workshop)
    actions.move(further, mode="online", by_staff=True)
    assert told(further) == ["waiting", "waiting"]
    assert (fresh(further).mode, fresh(further).place_in_line) == ("online", 1)


def test_who_takes_the_other_way_instead_of_an_offer_gets_her_parallel_item(workshop):
    item = AgendaItemFactory(meeting=workshop, choice_round=1, seats=1)
    goes = register(workshop)
    waits = register(workshop, details=actions.Details(choices={1: (item, None)}))
    with time_machine.travel(workshop.begins_at - 40 * HOUR):
        actions.cancel(goes)
        assert fresh(waits).is_offered
        actions.move(waits, mode="online")
    assert (fresh(waits).state, fresh(waits).given_items) == ("registered", [item])


def test_a_free_place_is_said_to_be_free_though_a_further_person_waits(client):
    meeting = MeetingFactory(seats_on_site=2, seats_per_body=1)
    rheine = MunicipalityFactory(name="Rheine")
    for _ in range(2):
        register(meeting, municipality=rheine)
    assert standing(meeting, None, inside=True).state == "Noch 1 Platz frei."
    assert register(meeting).has_place


def test_whom_staff_let_in_without_a_place_takes_part(client, workshop):
    register(workshop)
    waits = register(workshop)
    guest = actions.register_guest(workshop, person=PersonFactory.build(email="gast@verein.example"), mode="on_site")
    with time_machine.travel(workshop.begins_at + HOUR):
        for row in (waits, guest):
            assert actions.check_in(row) is True
    assert [(fresh(row).state, fresh(row).number) for row in (waits, guest)] == [("registered", 2), ("registered", 3)]
    certificate = reverse("own_certificate", args=[token_for(guest, OWN_PLACE)])
    assert client.get(certificate).content.startswith(b"%PDF")


def test_the_office_adds_nobody_to_a_meeting_called_off(client_of, office, workshop):
    planning.call_off(workshop, reason="", by=None)
    values = {"email": "neu@verein.example", "first_name": "Nora", "last_name": "Neu", "mode": "on_site"}
    page = client_of(office).post(reverse("add_participant", args=[workshop.pk]), values)
    assert actions.CANCELLED in page.content.decode()
    assert not Person.objects.filter(last_name="Neu").exists()


def test_who_brings_a_colleague_reads_which_of_them_waits(client_of, contact, colleague):
    meeting = MeetingFactory(seats_on_site=1)
    other = colleague.persons.get()
    path = reverse("register", args=[meeting.year, meeting.slug])
    page = client_of(contact).post(path, {"along": [other.pk]}, follow=True).content.decode()
    assert f"Sie sind angemeldet. Auf der Warteliste: {other.name}." in page
