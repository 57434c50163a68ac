import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from core import revision
from members.models import Topic
from tests.factories import TopicFactory

pytestmark = pytest.mark.django_db


def test_every_public_change_raises_the_number():
    numbers = [revision.current()]
    topic = TopicFactory()
    numbers.append(revision.current())
    topic.save()
    numbers.append(revision.current())
    topic.delete()
    numbers.append(revision.current())
    assert numbers == sorted(set(numbers))


def test_a_change_that_is_rolled_back_leaves_the_number():
    before = revision.current()
    with transaction.atomic():
        TopicFactory()
        transaction.set_rollback(True)
    assert revision.current() == before


@pytest.mark.django_db(transaction=True)
def test_two_long_changes_of_the_same_row_do_not_wait_for_each_other_without_end():
    first, second = TopicFactory(name="eins"), TopicFactory(name="zwei")
    halfway, numbers = threading.Barrier(2), [revision.current()]

    def change(*steps):
        try:
            with transaction.atomic():
                steps[0]()
                with contextlib.suppress(threading.BrokenBarrierError):  # SQLite lets one begin when the other is done
                    halfway.wait(1)
                steps[1]()
            numbers.append(revision.current())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        imported = pool.submit(change, first.save, second.save)
        edited = pool.submit(change, lambda: Topic.objects.select_for_update().get(pk=second.pk), second.save)
    imported.result()
    edited.result()
    assert len(set(numbers)) == 3
