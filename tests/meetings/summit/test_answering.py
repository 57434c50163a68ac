"""Three answers by link, what each of them does, and who cannot answer."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core import delivery
from core.dates import today
from core.history import version_of
from core.links import token_for
from core.models import Batch
from meetings import actions, planning, reminding, summit, summit_answering, summit_inviting
from meetings.access import ANSWERING, OWN_PLACE
from meetings.models import Answer, Invitation, Registration, Reply
from meetings.summit_answering import AnsweredMeanwhileError
from tests.factories import (
    HeadFactory,
    MunicipalityFactory,
)
from tests.meetings.summit.summits import COMES, DECLINES, calendar_of, deputy, head_of, letters_to, send_all

pytestmark = pytest.mark.django_db


# --- three answers ----------------------------------------------------------------------------------------------------


def test_coming_gives_a_place_beyond_the_seats_and_a_calendar_entry(meeting, invitation, door):
    meeting.seats_on_site = 0
    meeting.save()
    reply = summit_answering.answer(invitation, COMES, by=invitation.person)
    assert reply.registration.has_place
    assert "Ada" in letters_to("ada@ahaus.example")[-1].body
    assert "STATUS:CONFIRMED" in calendar_of(letters_to("ada@ahaus.example")[-1])
    assert "kommt" in letters_to("vera@ahaus.example")[-1].body


def test_a_deputy_gets_her_own_confirmation_and_link(invitation):
    summit_answering.answer(invitation, deputy(), by=invitation.person)
    [letter] = letters_to("dora@stadt.example")
    place = Registration.objects.get()
    assert place.municipality == invitation.municipality
    assert token_for(place, OWN_PLACE) in letter.body
    assert "STATUS:CONFIRMED" in calendar_of(letter)


def test_a_deputy_without_an_address_is_stored_and_the_head_is_told_to_pass_it_on(invitation):
    summit_answering.answer(invitation, deputy(email=""), by=invitation.person)
    assert Registration.objects.get().person.last_name == "Muster"
    assert "selbst weiter" in letters_to("ada@ahaus.example")[-1].body


def test_changing_ones_mind_frees_the_deputy_and_tells_her(invitation):
    summit_answering.answer(invitation, deputy(), by=invitation.person)
    send_all()
    reply = summit_answering.answer(invitation, COMES, by=invitation.person)
    assert [row.person for row in Registration.objects.registered()] == [invitation.person]
    assert reply.deputy is None
    assert "STATUS:CANCELLED" in calendar_of(letters_to("dora@stadt.example")[-1])


def test_declining_after_coming_takes_the_entry_out_again(invitation):
    summit_answering.answer(invitation, COMES, by=invitation.person)
    send_all()
    summit_answering.answer(invitation, DECLINES, by=invitation.person)
    assert not Registration.objects.registered().exists()
    assert "STATUS:CANCELLED" in calendar_of(letters_to("ada@ahaus.example")[-1])


def test_the_second_of_two_who_answer_at_once_is_told_and_decides(invitation, door):
    seen = 0
    summit_answering.answer(invitation, DECLINES, by=door, seen=seen)
    with pytest.raises(AnsweredMeanwhileError, match="schon geantwortet: kommt nicht"):
        summit_answering.answer(invitation, COMES, by=invitation.person, seen=seen)
    assert Reply.objects.get().answer == Answer.DECLINES
    now = version_of(Reply, Reply.objects.get().pk)
    summit_answering.answer(invitation, COMES, by=invitation.person, seen=now)
    assert Reply.objects.get().answer == Answer.COMES


def test_the_same_answer_twice_is_one(invitation):
    for _ in range(2):
        summit_answering.answer(invitation, deputy(), by=invitation.person, seen=0)
    assert Reply.history.count() == 1
    assert len(letters_to("dora@stadt.example")) == 1


def test_somebody_who_comes_for_another_body_is_refused_as_deputy(meeting, invitation, office):
    other = head_of("Bonn", person__first_name="Dora", person__last_name="Muster", person__email="dora@stadt.example")
    [row], _ = summit_inviting.invite(meeting, [other.pk], by=office)
    summit_answering.answer(row, COMES, by=other.person)
    with pytest.raises(ValidationError, match="nimmt schon für Bonn teil"):
        summit_answering.answer(invitation, deputy(), by=invitation.person)
    assert not Reply.objects.filter(invitation=invitation).exists()


def test_a_deputy_who_gives_her_place_back_leaves_the_body_without_and_the_head_hears_of_it(invitation, client):
    summit_answering.answer(invitation, deputy(), by=invitation.person)
    place = Registration.objects.get()
    send_all()
    client.post(reverse("cancel_registration", args=[token_for(place, OWN_PLACE)]))
    assert Invitation.objects.sent().for_summit().get().answer == Answer.DECLINES
    assert "Vertretung hat abgesagt" in letters_to("ada@ahaus.example")[-1].body


@pytest.mark.parametrize("state", ["waiting", "offered"])
def test_who_says_she_comes_waits_no_longer_and_no_offer_of_hers_lapses(meeting, invitation, office, state):
    row = actions.register(meeting, person=invitation.person, mode="on_site", municipality=invitation.municipality)
    until = meeting.begins_at if state == "offered" else None
    Registration.objects.filter(pk=row.pk).update(state=state, offered_until=until)
    reply = summit_answering.answer(invitation, COMES, by=invitation.person)
    assert (reply.registration.pk, reply.registration.state, reply.registration.number) == (row.pk, "registered", 1)
    assert reply.stands == Answer.COMES


# --- who cannot answer ------------------------------------------------------------------------------------------------


def test_who_lost_the_office_answers_nothing_and_stands_apart_on_the_board(meeting, head, invitation, client):
    head.ended_on = today()
    head.save()
    address = reverse("invitation", args=[token_for(invitation, ANSWERING)])
    page = client.get(address)
    assert "damals im Amt" in page.text
    client.post(address, {"antwort": "comes", "stand": "0"})
    assert not Reply.objects.exists()
    board = summit.board(meeting)
    assert board.rows == []
    assert [row.invitation for row in board.left] == [invitation]
    summit_inviting.withdraw(invitation)
    assert client.get(address).status_code == 404


def test_who_was_expected_hears_that_her_invitation_is_withdrawn(invitation):
    summit_answering.answer(invitation, COMES, by=invitation.person)
    send_all()
    assert summit_inviting.withdraw(invitation)
    letter = letters_to("ada@ahaus.example")[-1]
    assert "gilt nicht mehr" in letter.subject
    assert "Sehr geehrte Frau Bürgermeisterin" in letter.body
    assert "STATUS:CANCELLED" in calendar_of(letter)


def test_a_mistake_withdrawn_within_the_minute_tells_nobody(invitation):
    summit_answering.answer(invitation, COMES, by=None, way="phone")
    assert not summit_inviting.withdraw(invitation)
    send_all()
    assert mail.outbox == []


def test_a_merged_body_has_nobody_to_answer_for_it(meeting, head, invitation):
    head.municipality.successor = MunicipalityFactory(name="Neustadt")
    head.municipality.save()
    with pytest.raises(ValidationError):
        summit_answering.answer(invitation, COMES, by=invitation.person)
    assert len(summit.board(meeting).left) == 1


def test_calling_it_off_tells_the_silent_and_deputies_and_closes_the_links(meeting, invitation, office):
    summit_answering.answer(invitation, deputy(), by=invitation.person)
    send_all()
    planning.call_off(meeting, reason="Sturm", by=office)
    for address in ("ada@ahaus.example", "vera@ahaus.example", "dora@stadt.example"):
        assert "Fällt aus" in letters_to(address)[-1].subject
    with pytest.raises(ValidationError):
        summit_answering.answer(invitation, COMES, by=invitation.person)


def test_a_new_day_is_told_to_all_who_have_not_declined(meeting, invitation, office):
    silent, declines = head_of("Bonn", person__email="still@bonn.example"), head_of("Coesfeld")
    rows, _ = summit_inviting.invite(meeting, [silent.pk, declines.pk], by=office)
    summit_answering.answer(invitation, deputy(), by=invitation.person)
    summit_answering.answer(rows[1], DECLINES, by=declines.person)
    send_all()
    mail.outbox.clear()
    meeting.day = meeting.last_day = meeting.day + datetime.timedelta(days=7)
    planning.save(meeting)
    planning.tell_change(meeting, by=office)
    send_all()
    told = sorted(letter.to[0].partition("<")[2].rstrip(">") for letter in mail.outbox)
    assert told == ["ada@ahaus.example", "dora@stadt.example", "still@bonn.example", "vera@ahaus.example"]


def test_heads_are_greeted_by_their_office_in_every_mail(meeting, invitation):
    summit_answering.answer(invitation, COMES, by=invitation.person)
    with time_machine.travel(meeting.begins_at - datetime.timedelta(days=1)):
        reminding.remind()
        with time_machine.travel(timezone.now() + Batch.HOLD + datetime.timedelta(seconds=1)):
            delivery.run_sender()
    reminder = next(
        letter for letter in mail.outbox if "ada@ahaus.example" in letter.to[0] and "orgen" in letter.subject
    )
    assert reminder.body.startswith("Sehr geehrte Frau Bürgermeisterin,")


def test_the_successor_may_send_the_same_deputy(meeting, head, invitation, office):
    summit_answering.answer(invitation, deputy(), by=invitation.person)
    head.ended_on = today()
    head.save()
    follows = HeadFactory(municipality=head.municipality, started_on=today() + datetime.timedelta(days=1))
    [row], _ = summit_inviting.invite(meeting, [follows.pk], by=office)
    reply = summit_answering.answer(row, deputy(), by=follows.person)
    assert reply.stands == Answer.DEPUTY
    assert Registration.objects.count() == 1


def test_a_deputy_who_gave_back_may_come_for_another_body(meeting, invitation, office):
    other = head_of("Bonn")
    [row], _ = summit_inviting.invite(meeting, [other.pk], by=office)
    summit_answering.answer(invitation, deputy(), by=invitation.person)
    summit_answering.give_back(Registration.objects.get())
    summit_answering.answer(row, deputy(), by=other.person)
    answers = {one.municipality.name: one.answer for one in Invitation.objects.sent().for_summit()}
    assert answers == {"Ahaus": Answer.DECLINES, "Bonn": Answer.DEPUTY}


@pytest.mark.parametrize("change", ["forged", "cut", "withdrawn"])
def test_a_link_that_is_none_answers_nothing(invitation, client, change):
    token = token_for(invitation, ANSWERING)
    token = {"forged": token[:-1] + ("a" if token[-1] != "a" else "b"), "cut": token[:-4], "withdrawn": token}[change]
    if change == "withdrawn":
        Invitation.objects.update(link_version=2)
    answer = client.post(reverse("invitation", args=[token]), {"antwort": "comes", "stand": "0"})
    assert answer.status_code == 404
    assert not Reply.objects.exists()


def test_an_outer_office_that_changed_hands_answers_no_more(invitation, door, client):
    address = reverse("invitation", args=[token_for(invitation.copies.get(), ANSWERING)])
    assert client.get(address).status_code == 200
    door.outer_offices.update(ended_on=today() - datetime.timedelta(days=1))
    assert client.get(address).status_code == 404


def test_opening_every_link_changes_nothing(invitation, client):
    address = reverse("invitation", args=[token_for(invitation, ANSWERING)])
    for query in ("", "?antwort=zusage", "?antwort=absage", "absage/"):
        client.get(address + query)
        client.head(address + query)
    assert not Reply.objects.exists()
    assert not Registration.objects.exists()


def test_the_links_of_the_mail_choose_the_answer_that_they_name(invitation, client):
    [letter] = letters_to("ada@ahaus.example")
    links = re.findall(r"/einladung/\S+", letter.body)
    assert [link.partition("=")[2] for link in links] == ["zusage", "vertretung", "absage"]
    for link, value in zip(links, Answer.values, strict=True):
        assert re.search(rf'value="{value}"[^>]* checked', client.get(link).text)
