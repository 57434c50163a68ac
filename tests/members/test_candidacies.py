"""Bodies on their way into the network, and how a body stands."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.dates import PartialDate, Precision, today
from members import actions, candidacies
from members.models import Candidacy, CandidacyStage, Municipality
from tests.factories import MembershipFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db
INTERESTED, APPLYING = CandidacyStage.INTERESTED, CandidacyStage.APPLYING


@pytest.fixture
def body():
    return MunicipalityFactory(name="Wettringen", slug="wettringen")


def test_a_body_becomes_interested_then_applies_and_both_times_stay_readable(body):
    candidacies.advance(body, INTERESTED)
    candidacies.advance(body, INTERESTED)
    applying = candidacies.advance(body, APPLYING)
    assert body.candidacy() == applying
    assert list(body.candidacies.values_list("stage", "ended_on")) == [(APPLYING, None), (INTERESTED, today())]


def test_the_database_knows_one_way_at_a_time(body):
    candidacies.advance(body, INTERESTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidacy.objects.create(municipality=body, stage=APPLYING)


def test_a_member_is_no_candidate_and_who_becomes_one_is_none_any_more(body, town):
    with pytest.raises(ValidationError, match="schon Mitglied"):
        candidacies.advance(town, APPLYING)
    candidacies.advance(body, APPLYING)
    actions.start_membership(body, begin=PartialDate(today(), Precision.DAY))
    assert body.candidacy() is None


def test_a_membership_of_long_ago_leaves_a_candidate_on_her_way(body):
    candidacies.advance(body, APPLYING)
    past = MembershipFactory.build(municipality=body, ended_on=datetime.date(2015, 1, 1), end_reason="Ratsbeschluss")
    actions.save_membership(past)
    assert body.candidacy().stage == APPLYING


def test_every_body_stands_somewhere_and_only_there(body, town):
    candidacies.advance(body, APPLYING)
    interested, former, other = MunicipalityFactory(), MunicipalityFactory(), MunicipalityFactory()
    candidacies.advance(interested, INTERESTED)
    MembershipFactory(municipality=former, ended_on=datetime.date(2019, 3, 31), end_reason="Neuordnung")
    bodies = Municipality.objects
    assert list(bodies.members()) == [town]
    assert list(bodies.candidates(APPLYING)) == [body]
    assert list(bodies.candidates(INTERESTED)) == [interested]
    assert list(bodies.former_members()) == [former]
    assert set(bodies.not_members()) == {body, interested, former, other}


def test_the_office_notes_an_interest_by_hand_and_ends_it_but_leaves_applications_alone(client_of, office, body, town):
    client = client_of(office)
    page = client.post(
        reverse("admin:members_candidacy_add"), {"municipality": town.pk, "started_on": "1.3.2027", "ended_on": ""}
    )
    assert "schon Mitglied" in page.content.decode()
    client.post(
        reverse("admin:members_candidacy_add"), {"municipality": body.pk, "started_on": "1.3.2020", "ended_on": ""}
    )
    noted = Candidacy.objects.get()
    assert noted.period_text() == "Interessiert seit 1. März 2020"
    assert "Interessiert seit 1. März 2020" in client.get(reverse("dossier", args=[body.slug])).content.decode()
    applying = candidacies.advance(body, APPLYING)
    url = reverse("admin:members_candidacy_change", args=[applying.pk])
    assert client.post(url, {"municipality": body.pk, "started_on": "1.3.2020"}).status_code == 403


def test_the_way_in_is_never_public(client, body):
    plain = client.get(body.get_absolute_url()).content.decode()
    candidacies.advance(body, APPLYING)
    assert client.get(body.get_absolute_url()).content.decode() == plain
