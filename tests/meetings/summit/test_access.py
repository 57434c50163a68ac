"""Who sees what of a summit, and how many questions its board asks."""

import datetime

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from core.links import token_for
from meetings import summit_answering, summit_inviting
from meetings.access import ANSWERING, OWN_PLACE
from meetings.models import BriefingPaper, Registration
from tests.factories import (
    ContactPersonFactory,
    PersonFactory,
)
from tests.meetings.summit.summits import COMES, DECLINES, deputy, head_of

pytestmark = pytest.mark.django_db

QUERIES = 16


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
