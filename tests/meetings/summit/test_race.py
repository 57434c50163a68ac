"""Head and outer office answer at the same instant: one answer counts, and the other is told."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from core.models import OutgoingMail
from meetings import summit_answering, summit_inviting
from meetings.models import Registration, Reply
from meetings.summit_answering import AnsweredMeanwhileError, Said
from tests.factories import HeadFactory, MeetingFactory, MunicipalityFactory, OuterOfficeFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    start = threading.Barrier(len(deeds))

    def do(deed):
        start.wait()
        try:
            return deed()
        except AnsweredMeanwhileError as told:
            return told
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


@pytest.fixture
def invitation():
    head = HeadFactory(municipality=MunicipalityFactory(member=True))
    OuterOfficeFactory(municipality=head.municipality)
    [row], _ = summit_inviting.invite(MeetingFactory(summit=True), [head.pk], by=UserFactory(staff=True))
    return row


def test_of_two_who_answer_at_once_the_second_is_told(invitation):
    door = invitation.copies.get().person
    results = at_once(
        lambda: summit_answering.answer(invitation, Said("comes"), by=invitation.person, seen=0),
        lambda: summit_answering.answer(invitation, Said("declines"), by=door, seen=0),
    )
    told = [result for result in results if isinstance(result, AnsweredMeanwhileError)]
    assert len(told) == 1
    reply = Reply.objects.get()
    assert Reply.history.count() == 1
    assert Registration.objects.registered().count() == (reply.answer == "comes")


def test_the_same_form_sent_five_times_at_once_is_one_answer(invitation):
    at_once(*5 * [lambda: summit_answering.answer(invitation, Said("comes"), by=invitation.person, seen=0)])
    assert Reply.history.count() == Registration.objects.count() == 1
    noted = OutgoingMail.objects.filter(kind="meetings.summit_noted")
    assert noted.values("recipient_key").distinct().count() == noted.count() == 2
