"""Whom a summit invites and how, letters, reminders, and lists in protocol order."""

import datetime
import io

import pikepdf
import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from core import actions as core_actions
from core.dates import today
from core.links import token_for
from core.models import Bounce, OutgoingMail
from meetings import summit, summit_answering, summit_documents, summit_inviting
from meetings.access import ANSWERING
from meetings.models import Answer, Invitation, Registration, Reply
from members.models import Candidacy, CandidacyStage, Kind
from tests.factories import (
    ContactPersonFactory,
    HeadFactory,
    MeetingFactory,
    MunicipalityFactory,
    OuterOfficeFactory,
)
from tests.meetings.summit.summits import COMES, DECLINES, calendar_of, deputy, head_of, letters_to, send_all
from tests.pdf_files import text_of

pytestmark = pytest.mark.django_db


# --- whom -------------------------------------------------------------------------------------------------------------


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


def test_an_address_that_mail_comes_back_from_counts_as_none(meeting, head, invitation, office):
    gone, stays = head_of("Bonn", person__email="weg@bonn.example"), head_of("Coesfeld")
    for number in range(2):
        row = OutgoingMail.objects.create(
            kind="x", mail_class="business", to_address="weg@bonn.example", recipient_key=f"person:{number}"
        )
        Bounce.objects.create(mail=row, address="weg@bonn.example", points=Bounce.HARD)
    [listed] = [guest for guest in summit.guests(meeting).to_invite if guest.head == gone]
    assert listed.by_letter
    assert any("kommen zurück" in gap for gap in listed.person_gaps)
    rows, batch = summit_inviting.invite(meeting, [gone.pk, stays.pk], by=office)
    assert batch.recipients == 1
    assert summit_inviting.remindable(meeting) == [invitation, rows[1]]  # the other one is called


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


# --- letters ----------------------------------------------------------------------------------------------------------


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


# --- staff ------------------------------------------------------------------------------------------------------------


def test_what_staff_note_by_mistake_is_undone_and_nobody_hears_of_it(invitation, client_of, office):
    client = client_of(office)
    where = [invitation.meeting_id, invitation.pk]
    client.post(reverse("record_quickly", args=where), {"antwort": "comes", "way": "phone"})
    assert Registration.objects.registered().count() == 1
    client.post(reverse("undo_answer", args=where))
    assert not Reply.objects.exists()
    assert not Registration.objects.registered().exists()
    assert [letter.subject.split(":")[0] for letter in letters_to("ada@ahaus.example")] == ["Einladung"]


def test_undoing_a_confirmed_yes_takes_the_entry_out_of_the_calendar(invitation, client_of, office):
    summit_answering.answer(invitation, COMES, by=None, way="phone")
    assert "STATUS:CONFIRMED" in calendar_of(letters_to("ada@ahaus.example")[-1])
    answer = client_of(office).post(reverse("undo_answer", args=[invitation.meeting_id, invitation.pk]), follow=True)
    assert "auch dazu eine E-Mail" in answer.text
    letter = letters_to("ada@ahaus.example")[-1]
    assert "wieder offen" in letter.subject
    assert "STATUS:CANCELLED" in calendar_of(letter)
    assert "wieder offen" in letters_to("vera@ahaus.example")[-1].subject


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
