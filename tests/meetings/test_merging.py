"""Two rows of one human being become one: her places, invitations, answers, links and opt-outs are hers."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core import delivery
from core.links import token_for
from core.models import Batch, OutgoingMail
from mailings import subscribing
from mailings.access import SETTINGS
from mailings.models import OptOut, Rubric, Subscriber
from meetings import actions, planning, summit_answering, summit_inviting
from meetings.access import ANSWERING, OWN_PLACE, SUBSCRIBING
from meetings.models import CalendarLink, Invitation, InvitationCopy, Registration, Reply
from netzwerk.actions import merge
from tests.factories import ContactPersonFactory, MeetingFactory, OuterOfficeFactory, PersonFactory
from tests.meetings.summit.summits import COMES, DECLINES, deputy, head_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def keep(town):
    return ContactPersonFactory(municipality=town, person__last_name="Beispiel").person


@pytest.fixture
def other(town):
    return ContactPersonFactory(municipality=town, person__last_name="Beispeil").person


def invite(meeting, *persons):
    planning.invite_persons(meeting, [(person, None) for person in persons], title="Einladung", by=None)
    return [Invitation.objects.get(meeting=meeting, person=person) for person in persons]


def test_all_links_of_the_one_that_goes_lead_to_the_one_that_stays(client, keep, other):
    [invitation] = invite(MeetingFactory(), other)
    place = actions.register(MeetingFactory(), person=other, mode="on_site")
    calendars = [CalendarLink.objects.create(person=person) for person in (keep, other)]
    subscriber = subscribing.subscriber_of(other)
    addresses = [
        reverse("invitation", args=[token_for(invitation, ANSWERING)]),
        reverse("registration", args=[token_for(place, OWN_PLACE)]),
        reverse("mail_settings_by_link", args=[token_for(subscriber, SETTINGS)]),
        *(reverse("own_calendar", args=[token_for(row, SUBSCRIBING)]) for row in calendars),
    ]
    merge(keep, other)
    assert [client.get(url).status_code for url in addresses] == [200] * 5
    assert keep.name in client.get(addresses[0]).text
    assert place.meeting.title in client.get(addresses[3]).text
    assert "Rosa Beispeil" not in "".join(client.get(url).text for url in addresses)


def test_of_two_places_the_better_one_stays_and_the_next_moves_up(keep, other):
    workshop = MeetingFactory(seats_on_site=2)
    places = [actions.register(workshop, person=who, mode="on_site") for who in (other, keep, PersonFactory())]
    Registration.objects.filter(pk=places[0].pk).update(food="vegan")
    merge(keep, other)
    own = workshop.registrations.get(person=keep)
    assert (own, own.state, own.food) == (places[1], "registered", "vegan")
    assert workshop.registrations.get(pk=places[2].pk).has_place


def test_a_place_goes_before_a_cancelled_one(keep, other):
    workshop = MeetingFactory()
    rows = [actions.register(workshop, person=who, mode="on_site") for who in (keep, other)]
    actions.cancel(rows[0])
    merge(keep, other)
    assert workshop.registrations.get() == rows[1]
    assert workshop.registrations.get().person == keep


@pytest.mark.parametrize("answers", ["nobody", "other"])
def test_invited_twice_one_invitation_stays_the_one_that_was_answered(client, keep, other, answers):
    own, theirs = invite(MeetingFactory(), keep, other)
    if answers == "other":
        actions.decline(theirs)
    merge(keep, other)
    stays = theirs if answers == "other" else own
    assert Invitation.objects.get() == stays
    assert keep.name in client.get(reverse("invitation", args=[token_for(stays, ANSWERING)])).text
    assert OutgoingMail.objects.filter(data__invitation=stays.pk).count() == 1


def summit_of(keep, other, office):
    """A summit to which both rows are invited, as heads of two bodies, with the same outer office in copy."""
    meeting, heads = (
        MeetingFactory(summit=True),
        [head_of(name, person=who) for name, who in (("Ahaus", keep), ("Bad Oeynhausen", other))],
    )
    door = OuterOfficeFactory(municipality=heads[0].municipality)
    OuterOfficeFactory(municipality=heads[1].municipality, person=door.person)
    summit_inviting.invite(meeting, [head.pk for head in heads], by=office)
    return [meeting.invitations.get(person=who) for who in (keep, other)]


def test_of_two_answers_of_a_head_the_later_one_counts(keep, other, office):
    own, theirs = summit_of(keep, other, office)
    summit_answering.answer(own, deputy(), by=keep)
    summit_answering.answer(theirs, DECLINES, by=other)
    merge(keep, other)
    assert (Reply.objects.get().invitation, Reply.objects.get().answer) == (theirs, "declines")
    assert Registration.objects.get().is_cancelled  # the deputy's
    assert InvitationCopy.objects.get().invitation == theirs


def test_who_comes_twice_has_one_place(keep, other, office):
    for invitation in summit_of(keep, other, office):
        summit_answering.answer(invitation, COMES, by=invitation.person)
    merge(keep, other)
    assert Reply.objects.get().registration == Registration.objects.get()
    assert Registration.objects.get().has_place


def test_what_one_of_them_unsubscribed_from_stays_so(keep, other):
    subscribing.unsubscribe(subscribing.subscriber_of(keep), [Rubric.FUNDING])
    subscribing.unsubscribe(subscribing.subscriber_of(other), [Rubric.FUNDING, Rubric.NETWORK])
    merge(keep, other)
    assert set(OptOut.objects.values_list("person", "rubric")) == {(keep.pk, "funding"), (keep.pk, "network")}
    assert Subscriber.objects.filter(person=keep).count() == 2


def test_letters_that_wait_go_to_the_address_of_the_one_that_stays_once(keep, other, mailoutbox):
    invite(MeetingFactory(title="Erstens"), other)
    invite(MeetingFactory(title="Zweitens"), keep, other)
    merge(keep, other)
    with time_machine.travel(timezone.now() + Batch.HOLD):
        delivery.run_sender()
    assert {letter.to[0].split()[-1] for letter in mailoutbox} == {f"<{keep.email}>"}
    titles = [title for title in ("Erstens", "Zweitens") for letter in mailoutbox if title in letter.body]
    assert titles == ["Erstens", "Zweitens"]
