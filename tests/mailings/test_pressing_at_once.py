"""Two people at the same moment, as two threads with a connection each: one batch goes out, and the second is told."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from core.models import Batch, MailState, OutgoingMail
from mailings import releasing
from tests.factories import ContactPersonFactory, UserFactory
from tests.mailing_factories import MailingFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time anyway"),
]


def at_once(*deeds):
    """Do all of it at the same moment; return what each was answered, or what it was told."""
    barrier, answers = threading.Barrier(len(deeds)), {}

    def do(number, deed):
        barrier.wait(30)
        try:
            answers[number] = deed()
        except ValidationError as error:
            answers[number] = " ".join(error.messages)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return [answers[number] for number in range(len(deeds))]


@pytest.fixture
def mailing(office, town):
    ContactPersonFactory.create_batch(3, municipality=town)
    return MailingFactory(author=office, submitted=True)


def released(mailing, by):
    return lambda: releasing.release(mailing, by=by, expected=3, seen_at=mailing.changed_at)


def test_two_people_release_at_the_same_moment(mailing, chancellery):
    other = UserFactory(chancellery=True)
    answers = at_once(released(mailing, chancellery), released(mailing, other))
    told = [answer for answer in answers if isinstance(answer, str)]
    (batch,) = Batch.objects.all()
    winner = type(mailing).objects.get().released_by
    assert told == [f"Die E-Mail ist schon freigegeben von {winner}."]
    assert (batch.created_by, batch.recipients) == (winner, 3)
    assert OutgoingMail.objects.filter(batch=batch, state=MailState.PENDING).count() == 3
    assert OutgoingMail.objects.count() == 3


def test_one_person_releases_in_two_windows_at_the_same_moment(mailing, chancellery):
    told = [answer for answer in at_once(*2 * [released(mailing, chancellery)]) if isinstance(answer, str)]
    assert told == ["Die E-Mail ist schon freigegeben."]
    assert (Batch.objects.count(), OutgoingMail.objects.count()) == (1, 3)


def test_a_person_releases_while_the_clock_hands_over_what_was_planned(office, town, chancellery):
    ContactPersonFactory.create_batch(3, municipality=town)
    mailing = MailingFactory(author=office, planned=True, released_by=chancellery, planned_for=timezone.now())
    other = UserFactory(chancellery=True)
    answers = at_once(releasing.send_planned, releasing.send_planned, released(mailing, other))
    assert [bool(answer) for answer in answers] == [False, False, True]
    # While the person held the row, neither clock could have it: it goes out with the next minute, once.
    releasing.send_planned()
    assert (Batch.objects.count(), OutgoingMail.objects.count()) == (1, 3)
