"""When the personal links of a meeting end: with the address they were sent to, with the person, with what was sent."""

import pytest
from django.urls import reverse

from core.actions import take_back
from core.links import token_for
from meetings import access, actions, planning, summit_inviting
from meetings.models import CalendarLink, Invitation, Registration
from members import addresses
from members.models import ContactPerson
from netzwerk.forgetting import erase, request_erasure
from tests.factories import ContactPersonFactory, MeetingFactory, PersonFactory
from tests.meetings.summit.summits import head_of
from users import actions as user_actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa():
    return ContactPersonFactory().person


def links_of(person) -> dict[str, str]:
    """One link of each kind that leads to something of hers."""
    place = actions.register(MeetingFactory(), person=person, mode="on_site")
    invitation = Invitation.objects.create(meeting=MeetingFactory(), person=person)
    calendar = CalendarLink.objects.create(person=person)
    return {
        "place": reverse("registration", args=[token_for(place, access.OWN_PLACE)]),
        "invitation": reverse("invitation", args=[token_for(invitation, access.ANSWERING)]),
        "calendar": reverse("own_calendar", args=[token_for(calendar, access.SUBSCRIBING)]),
    }


def open_ones(client, links) -> set[str]:
    return {name for name, url in links.items() if client.get(url).status_code == 200}


@pytest.mark.parametrize("by_herself", [True, False])
def test_a_new_address_ends_what_lies_in_the_old_mailbox_and_not_her_calendar(client, rosa, by_herself):
    links = links_of(rosa)
    assert open_ones(client, links) == set(links)
    if by_herself:
        user_actions.change_account(rosa.user, email="neu@rheine.example", by=rosa.user)
    else:
        rosa.email = "neu@rheine.example"
        addresses.save_person(rosa, by=None)
    assert open_ones(client, links) == {"calendar"}
    place = reverse("registration", args=[token_for(Registration.objects.get(), access.OWN_PLACE)])
    assert client.get(place).status_code == 200  # what the next mail bears


def test_a_new_address_leaves_a_letter_as_it_is(client, office):
    head = head_of("Ahaus", wants_letters=True)
    [row], _ = summit_inviting.invite(MeetingFactory(summit=True), [head.pk], by=office)
    head.person.email = "neu@ahaus.example"
    addresses.save_person(head.person, by=None)
    assert client.get(reverse("invitation", args=[token_for(row, access.ANSWERING)])).status_code == 200


def test_nobody_acts_by_the_links_of_an_erased_person(client, office, administrator):
    person = PersonFactory()
    links = links_of(person)
    request_erasure(person, by=office)
    erase(person, by=administrator)
    assert open_ones(client, links) == set()


def test_an_invitation_taken_back_is_answered_by_nobody(client, rosa, office):
    meeting = MeetingFactory()
    batch = planning.invite(meeting, ContactPerson.objects.filter(person=rosa), by=office)
    token = token_for(Invitation.objects.get(), access.ANSWERING)
    take_back(batch, by=office)
    for name in ("invitation", "decline_invitation"):
        answer = client.post(reverse(name, args=[token]), {"mode": "on_site"})
        assert answer.status_code == 404
        assert "gilt nicht mehr" in answer.text
    assert not Registration.objects.exists()
    assert Invitation.objects.get().declined_at is None
