import pytest
from django.db import transaction

from core import revision
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
