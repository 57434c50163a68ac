"""The signing round of a summit: who is ready, who signs, and that the round belongs to the meeting."""

import pytest
from django.urls import reverse
from django.utils import timezone

from declarations import rounds
from declarations.models import Signature, SigningRound
from declarations.rounds import Signed
from meetings import planning, summit_answering, summit_inviting
from meetings.models import Meeting
from meetings.summit_answering import Said
from members.models import Candidacy, CandidacyStage, Person
from netzwerk import summit
from tests.declaration_factories import DeclarationFactory
from tests.factories import HeadFactory, MeetingFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


def invited(meeting, office, name: str, *, applying: bool):
    body = MunicipalityFactory(name=name, member=not applying)
    if applying:
        Candidacy.objects.create(municipality=body, stage=CandidacyStage.APPLYING)
    head = HeadFactory(municipality=body)
    [row], _ = summit_inviting.invite(meeting, [head.pk], by=office)
    return row


@pytest.fixture
def meeting():
    DeclarationFactory()
    return MeetingFactory(summit=True)


def test_bodies_that_apply_and_come_sign_through_head_or_deputy(meeting, office, client_of):
    comes = invited(meeting, office, "Ahaus", applying=True)
    sends = invited(meeting, office, "Alpen", applying=True)
    declines = invited(meeting, office, "Bedburg", applying=True)
    member = invited(meeting, office, "Bonn", applying=False)
    deputy = Person(first_name="Dora", last_name="Muster", email="dora@stadt.example")
    summit_answering.answer(comes, Said("comes"), by=comes.person)
    summit_answering.answer(sends, Said("deputy", deputy, "Beigeordnete"), by=sends.person)
    summit_answering.answer(declines, Said("declines"), by=declines.person)
    summit_answering.answer(member, Said("comes"), by=member.person)

    client = client_of(office)
    for _ in range(2):  # a second press changes nothing
        client.post(reverse("plan_summit_round", args=[meeting.pk]), {"fuellen": "1"})

    row = SigningRound.objects.get()
    assert (row.meeting, row.held_on, row.place) == (meeting, meeting.day, "Musterstadt")
    signing = [(entry.copy.municipality.name, entry.copy.in_deputy) for entry in row.entries.all()]
    assert signing == [("Ahaus", False), ("Alpen", True)]
    page = client.get(reverse("summit_board", args=[meeting.pk])).text
    assert page.index("Stadt Ahaus") < page.index("Stadt Alpen")
    assert summit.signing_of(meeting, list(meeting.invitations.sent().for_summit())).ready == []


def test_who_changes_the_answer_after_the_round_is_filled_is_named_on_the_board(meeting, office, client_of):
    declines, sends, stays = (invited(meeting, office, name, applying=True) for name in ("Ahaus", "Alpen", "Bedburg"))
    for row in (declines, sends, stays):
        summit_answering.answer(row, Said("comes"), by=row.person)
    summit.plan_round(meeting)
    summit.fill_round(meeting)
    summit_answering.answer(declines, Said("declines"), by=declines.person)
    deputy = Person(first_name="Dora", last_name="Muster", email="dora@stadt.example")
    summit_answering.answer(sends, Said("deputy", deputy, "Beigeordnete"), by=sends.person)
    page = client_of(office).get(reverse("summit_board", args=[meeting.pk])).text
    assert f"{declines.person.name} steht in der Runde, aber es kommt niemand." in page
    assert f"In der Runde steht {sends.person.name}, aber es kommt Dora Muster." in page
    assert f"{stays.person.name} steht in der Runde" not in page


def test_recording_the_round_shows_on_the_board_and_makes_members(meeting, office, chancellery, client_of):
    comes = invited(meeting, office, "Ahaus", applying=True)
    summit_answering.answer(comes, Said("comes"), by=comes.person)
    row = summit.plan_round(meeting)
    assert summit.fill_round(meeting) == (1, [])
    # The day has come.
    SigningRound.objects.update(held_on=timezone.localdate(meeting.announced_at))
    results = {entry.pk: Signed(signed=True) for entry in row.entries.all()}
    rounds.record(row, results, by=chancellery)
    assert Signature.objects.valid().count() == 1
    assert comes.municipality.running_membership() is not None
    assert "1 unterzeichnet" in client_of(office).get(reverse("summit_board", args=[meeting.pk])).text


def test_without_a_declaration_in_force_the_office_is_told(office, client_of):
    meeting = MeetingFactory(summit=True)
    answer = client_of(office).post(reverse("plan_summit_round", args=[meeting.pk]), follow=True)
    assert "Legen Sie zuerst die Fassung" in answer.text
    assert not SigningRound.objects.exists()


def test_a_summit_called_off_keeps_its_round(meeting, office):
    summit.plan_round(meeting)
    planning.call_off(meeting, reason="Sturm", by=office)
    assert SigningRound.objects.get().meeting == Meeting.objects.get()
