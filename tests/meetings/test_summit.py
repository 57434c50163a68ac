"""A summit: whom it invites and how, three answers by link and by telephone, and what each of them does."""

import datetime
import io

import pikepdf
import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from core import actions as core_actions
from core import delivery
from core.dates import today
from core.history import version_of
from core.links import token_for
from core.models import Batch
from meetings import planning, reminding, summit, summit_answering, summit_documents, summit_inviting
from meetings.access import ANSWERING, OWN_PLACE
from meetings.models import Answer, BriefingPaper, Invitation, Registration, Reply
from meetings.summit_answering import AnsweredMeanwhileError, Said
from members.models import Candidacy, CandidacyStage, Kind, Person
from tests.factories import (
    ContactPersonFactory,
    HeadFactory,
    MeetingFactory,
    MunicipalityFactory,
    OuterOfficeFactory,
    PersonFactory,
)
from tests.pdf_files import text_of

pytestmark = pytest.mark.django_db

COMES, DECLINES = Said(Answer.COMES), Said(Answer.DECLINES)
QUERIES = 15


def head_of(name: str, *, member: bool = True, **values):
    body = MunicipalityFactory(name=name, member=member, street="Markt 1", letter_town="00000 Musterstadt")
    return HeadFactory(municipality=body, **values)


def deputy(**values) -> Said:
    person = Person(**{"first_name": "Dora", "last_name": "Muster", "email": "dora@stadt.example"} | values)
    return Said(Answer.DEPUTY, person, "Erste Beigeordnete")


@pytest.fixture
def meeting():
    return MeetingFactory(summit=True)


@pytest.fixture
def head():
    return head_of("Ahaus", person__email="ada@ahaus.example")


@pytest.fixture
def door(head):
    return OuterOfficeFactory(municipality=head.municipality, person__email="vera@ahaus.example").person


@pytest.fixture
def invitation(meeting, head, door, office):
    [row], _ = summit_inviting.invite(meeting, [head.pk], by=office)
    return row


def send_all():
    with time_machine.travel(timezone.now() + Batch.HOLD + datetime.timedelta(seconds=1)):
        delivery.run_sender()


def letters_to(address: str) -> list:
    send_all()
    return [letter for letter in mail.outbox if address in letter.to[0]]


def calendar_of(letter) -> str:
    return next(
        part.get_payload(decode=True).decode()
        for part in letter.message().walk()
        if part.get_filename() == "termin.ics"
    )


# --- whom ---------------------------------------------------------------------------------------------------------


def test_the_list_has_heads_of_members_and_applicants_in_protocol_order_and_names_the_gaps(meeting):
    town = head_of("Zülpich")
    kreis = head_of("Kreis Lippe", municipality__kind=Kind.KREIS)
    kreis.municipality.kind = Kind.KREIS
    kreis.municipality.save()
    applicant = head_of("Alpen", member=False)
    Candidacy.objects.create(municipality=applicant.municipality, stage=CandidacyStage.APPLYING)
    interested = head_of("Bedburg", member=False)
    Candidacy.objects.create(municipality=interested.municipality, stage=CandidacyStage.INTERESTED)
    head_of("Draußen", member=False)
    merged = head_of("Aufgegangen")
    merged.municipality.successor = town.municipality
    merged.municipality.save()
    gap = ContactPersonFactory(municipality=MunicipalityFactory(name="Ohnekopf", member=True), person__phone="0251 77")

    guests = summit.guests(meeting)

    assert [guest.head for guest in guests.to_invite] == [kreis, applicant, town]
    assert [guest.municipality for guest in guests.headless] == [gap.municipality]
    assert [row.person.phone for row in guests.headless[0].contacts] == ["0251 77"]


def test_who_leads_the_body_on_the_day_is_invited_not_who_leads_it_today(meeting):
    leaves = head_of("Ahaus", ended_on=meeting.day - datetime.timedelta(days=1))
    follows = HeadFactory(municipality=leaves.municipality, started_on=meeting.day)
    assert [guest.head for guest in summit.guests(meeting).to_invite] == [follows]


def test_mail_and_letter_are_mixed_as_each_of_them_wishes(meeting, office):
    by_mail = head_of("Ahaus")
    wants_paper = head_of("Bonn", wants_letters=True)
    no_address = head_of("Coesfeld", person__email="")
    rows, batch = summit_inviting.invite(meeting, [by_mail.pk, wants_paper.pk, no_address.pk], by=office)
    ways = {row.municipality.name: (row.by_mail, row.by_letter) for row in rows}
    assert ways == {"Ahaus": (True, False), "Bonn": (False, True), "Coesfeld": (False, True)}
    assert batch.recipients == 1
    assert [head.pk for _, head in summit.letters(meeting)] == [wants_paper.pk, no_address.pk]


def test_the_outer_office_gets_a_copy_with_a_link_of_its_own(invitation):
    [to_head], [copy] = letters_to("ada@ahaus.example"), letters_to("vera@ahaus.example")
    assert "Sehr geehrte Frau Bürgermeisterin," in to_head.body
    assert "in Kopie" in copy.body
    assert token_for(invitation, ANSWERING) in to_head.body
    assert token_for(invitation, ANSWERING) not in copy.body
    assert token_for(invitation.copies.get(), ANSWERING) in copy.body


def test_what_was_taken_back_reaches_nobody_and_can_be_sent_anew(meeting, head, invitation, office, client):
    address = reverse("invitation", args=[token_for(invitation, ANSWERING)])
    core_actions.take_back(Invitation.objects.get().batch, by=office)
    send_all()
    assert mail.outbox == []
    assert client.get(address).status_code == 404
    summit_inviting.invite(meeting, [head.pk], by=office)
    assert Invitation.objects.count() == 1
    assert len(letters_to("ada@ahaus.example")) == 1


def test_nobody_is_invited_to_a_draft_or_without_a_day_to_answer_by(head, office):
    for values in ({"state": "draft"}, {"register_until": None}):
        with pytest.raises(ValidationError):
            summit_inviting.invite(MeetingFactory(summit=True, **values), [head.pk], by=office)
    assert not Invitation.objects.exists()


def test_an_empty_selection_is_nobody_and_a_stale_one_is_refused(meeting, head, office):
    for heads in ([], [head.pk, 4711]):
        with pytest.raises(ValidationError):
            summit_inviting.invite(meeting, heads, by=office)
    assert not Invitation.objects.exists()


# --- letters ------------------------------------------------------------------------------------------------------


@pytest.mark.once
def test_letters_are_accessible_and_say_what_the_mail_says(meeting, head, invitation, pdf_ua):
    data = summit_documents.letters(meeting, [(invitation, head)])
    assert pdf_ua(data) == []
    text = text_of(data)
    assert "Frau Bürgermeisterin" in text
    assert "Stadt Ahaus" in text
    assert "Sehr geehrte Frau Bürgermeisterin," in text
    assert token_for(invitation, ANSWERING) in "".join(text.split())
    assert len(pikepdf.open(io.BytesIO(data)).pages) == 1


# --- three answers ------------------------------------------------------------------------------------------------


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


# --- who cannot answer --------------------------------------------------------------------------------------------


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
    for query in ("", "?antwort=comes", "?antwort=declines", "absage/"):
        client.get(address + query)
        client.head(address + query)
    assert not Reply.objects.exists()
    assert not Registration.objects.exists()


# --- staff --------------------------------------------------------------------------------------------------------


def test_what_staff_note_by_mistake_is_undone_and_nobody_hears_of_it(invitation, client_of, office):
    client = client_of(office)
    where = [invitation.meeting_id, invitation.pk]
    client.post(reverse("record_quickly", args=where), {"antwort": "comes", "way": "phone"})
    assert Registration.objects.registered().count() == 1
    client.post(reverse("undo_answer", args=where))
    assert not Reply.objects.exists()
    assert not Registration.objects.registered().exists()
    assert [letter.subject.split(":")[0] for letter in letters_to("ada@ahaus.example")] == ["Einladung"]


def test_undoing_restores_what_the_head_herself_had_answered(invitation):
    summit_answering.answer(invitation, deputy(), by=invitation.person)
    summit_answering.answer(invitation, DECLINES, by=None, way="phone")
    summit_answering.undo(invitation)
    reply = Reply.objects.get()
    assert (reply.answer, reply.way, reply.given_by) == (Answer.DEPUTY, "link", invitation.person)
    assert reply.registration.has_place
    with pytest.raises(ValidationError):
        summit_answering.undo(invitation)


def test_only_the_silent_that_are_ticked_are_reminded(meeting, head, invitation, office):
    other, third = head_of("Bonn"), head_of("Coesfeld", person__email="")
    rows, _ = summit_inviting.invite(meeting, [other.pk, third.pk], by=office)
    assert summit_inviting.remindable(meeting) == [invitation, rows[0]]
    batch = summit_inviting.remind(meeting, [invitation.pk], by=office)
    assert batch.recipients == 2  # the head and her outer office
    summit_answering.answer(invitation, COMES, by=invitation.person)
    with pytest.raises(ValidationError):
        summit_inviting.remind(meeting, [invitation.pk], by=office)
    send_all()
    assert not any("fehlt noch" in letter.subject for letter in mail.outbox)  # she has answered meanwhile


def test_whoever_keeps_the_door_now_is_written_to_and_nobody_who_did(meeting, head, invitation, door, office):
    send_all()
    mail.outbox.clear()
    door.outer_offices.update(ended_on=today() - datetime.timedelta(days=1))
    OuterOfficeFactory(municipality=head.municipality, person__email="neu@ahaus.example")
    summit_inviting.remind(meeting, [invitation.pk], by=office)
    send_all()
    told = sorted(letter.to[0].partition("<")[2].rstrip(">") for letter in mail.outbox)
    assert told == ["ada@ahaus.example", "neu@ahaus.example"]


def test_lists_stand_in_protocol_order_with_the_deputy_in_her_heads_place(meeting, invitation, office):
    kreis = head_of("Kreis Lippe", office_title="Landrätin")
    kreis.municipality.kind = Kind.KREIS
    kreis.municipality.save()
    last = head_of("Zülpich")
    rows, _ = summit_inviting.invite(meeting, [kreis.pk, last.pk], by=office)
    for row in rows:
        summit_answering.answer(row, COMES, by=row.person)
    summit_answering.answer(invitation, deputy(), by=invitation.person)
    seats = summit.in_protocol_order(meeting, meeting.registrations.for_list())
    assert [(row.body_name, row.office) for row in seats] == [
        ("Kreis Lippe", "Landrätin"),
        ("Ahaus", "Erste Beigeordnete"),
        ("Zülpich", "Bürgermeisterin"),
    ]


@pytest.mark.once
def test_the_seating_is_accessible(meeting, invitation, pdf_ua):
    assert pdf_ua(summit_documents.seating(meeting)) == []
    summit_answering.answer(invitation, deputy(), by=invitation.person)
    data = summit_documents.seating(meeting)
    assert pdf_ua(data) == []
    assert "Erste Beigeordnete" in text_of(data)


# --- who sees what ------------------------------------------------------------------------------------------------


def test_papers_are_for_those_who_come_and_only_around_the_day(meeting, invitation, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    paper = BriefingPaper.objects.create(
        meeting=meeting, title="Tagesordnung", size=9, file=ContentFile(b"%PDF-1.7\n", "x.pdf")
    )
    address = reverse("invitation_paper", args=[token_for(invitation, ANSWERING), paper.pk])
    assert client.get(address).status_code == 404
    summit_answering.answer(invitation, deputy(), by=invitation.person)
    hers = reverse("place_paper", args=[token_for(Registration.objects.get(), OWN_PLACE), paper.pk])
    assert client.get(address).status_code == client.get(hers).status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(days=30)):
        assert client.get(address).status_code == client.get(hers).status_code == 404
    summit_answering.answer(invitation, DECLINES, by=invitation.person)
    assert client.get(address).status_code == client.get(hers).status_code == 404


def test_a_contact_person_sees_that_her_head_is_invited_and_nothing_else(meeting, head, invitation, client_of):
    contact = ContactPersonFactory(municipality=head.municipality).person.user
    stranger = ContactPersonFactory().person.user
    summit_answering.answer(invitation, COMES, by=invitation.person)
    page = client_of(contact).get(reverse("own_meetings")).text
    assert f"{head.person.name}</bdi> ist eingeladen" in page
    assert "zugesagt" not in page
    assert client_of(contact).get(meeting.get_absolute_url()).status_code == 404
    assert meeting.title not in client_of(stranger).get(reverse("own_meetings")).text


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_keeps_its_number_of_queries(client_of, office, meeting, count, django_assert_num_queries):
    heads = [head_of(f"Ort {number}") for number in range(count)]
    rows, _ = summit_inviting.invite(meeting, [row.pk for row in heads], by=office)
    summit_answering.answer(rows[0], deputy(), by=None, way="phone")
    client = client_of(office)
    client.get(reverse("summit_board", args=[meeting.pk]))
    with django_assert_num_queries(QUERIES):
        client.get(reverse("summit_board", args=[meeting.pk]))


def test_a_person_without_account_is_no_stranger_to_her_own_summit(meeting, invitation, client):
    assert client.get(meeting.get_absolute_url()).status_code == 404
    assert PersonFactory().invitations.count() == 0
    page = client.get(reverse("invitation", args=[token_for(invitation, ANSWERING)]))
    assert meeting.title in page.text
