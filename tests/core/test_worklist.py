"""What the queue asks of the office, and that each number is that of the list behind it."""

import datetime
import re

import pytest
import time_machine
from django.utils import timezone

from core import actions
from core.dates import today
from core.models import Batch, MailState, OutgoingMail
from core.worklist import DECIDE, DO, RUNNING, Line, lines_for
from tests.factories import UserFactory


def line(group=DO, **values):
    return Line(group, "Anruf", "Ansehen", "/", **values)


@pytest.mark.parametrize(
    ("days", "words"), [(0, "heute"), (1, "seit gestern"), (12, "seit 12 Tagen"), (-3, "heute"), (None, "")]
)
def test_the_age_of_a_line_in_words(days, words):
    since = None if days is None else today() - datetime.timedelta(days=days)
    assert line(since=since).age == words


def shown(lines):
    return [(line.group, line.count, line.text) for line in lines]


def listed(client, url):
    """The number of rows in the list behind a line."""
    return int(re.search(r"(\d+) (?:Zustellung|Sammelsendung)", client.get(url).content.decode())[1])


def test_nothing_in_the_queue_is_no_line(office):
    assert lines_for(office) == []


def test_uncertain_and_failed_mails_are_counted_as_their_lists_do(client_of, office, queue):
    for number in range(3):
        queue(f"a{number}@stadt.example")
    OutgoingMail.objects.update(state=MailState.UNKNOWN)
    queue("no address")
    old = queue("gone address")
    OutgoingMail.objects.filter(pk=old.pk).update(created_at=timezone.now() - datetime.timedelta(days=30))
    lines = lines_for(office)
    assert shown(lines) == [
        (DECIDE, 3, "E-Mails, deren Ankunft ungewiss ist"),
        (DO, 1, "E-Mail der letzten 14 Tage nicht zustellbar"),
    ]
    assert [listed(client_of(office), line.url) for line in lines] == [3, 1]


def test_paused_batches_wait_for_a_decision(client_of, office, recipients):
    paused, gone = (
        actions.queue_batch("test.business", recipients(1), title=title, by=office) for title in ("Eins", "Zwei")
    )
    for batch in (paused, gone):
        actions.pause(batch, by=office)
    actions.take_back(gone, by=office)
    (line,) = lines_for(office)
    assert (line.group, line.count, line.text) == (DECIDE, 1, "angehaltene Sammelsendung")
    assert listed(client_of(office), line.url) == 1


def test_a_batch_can_be_taken_back_while_it_is_held_and_is_watched_afterwards(office, recipients):
    batch = actions.queue_batch("test.business", recipients(3), title="Einladung", by=office)
    (held,) = lines_for(office)
    assert (held.group, held.label, held.acts) == (RUNNING, "Zurücknehmen", True)
    assert held.text == "„Einladung“ geht in einer Minute an 3 Empfänger"
    OutgoingMail.objects.filter(pk=batch.outgoingmail_set.first().pk).update(state=MailState.SENT)
    with time_machine.travel(timezone.now() + Batch.HOLD):
        (sending,) = lines_for(office)
        assert (sending.label, sending.acts) == ("Ansehen", False)
        assert sending.text == "„Einladung“ wird versandt: 1 von 3 E-Mails erledigt"
        OutgoingMail.objects.update(state=MailState.SENT)
        assert lines_for(office) == []


def test_who_has_no_duty_in_the_queue_sees_nothing_of_it(queue):
    queue("no address")
    assert lines_for(UserFactory(administrator=True)) == []
