import pytest

from core.history import Actor, acting_as
from members.models import Topic

pytestmark = pytest.mark.django_db


def test_a_change_keeps_who_acted_and_the_old_value():
    with acting_as(Actor("person:17", "Rosa Beispiel")):
        topic = Topic.objects.create(name="Digitales")
        topic.name = "Digitalisierung"
        topic.save()
    newest, oldest = topic.history.all()
    assert (oldest.name, newest.name) == ("Digitales", "Digitalisierung")
    assert (newest.actor_key, newest.actor_name) == ("person:17", "Rosa Beispiel")


def test_outside_the_block_nobody_is_named():
    with acting_as(Actor("person:17", "Rosa Beispiel")):
        pass
    assert Topic.objects.create(name="Digitales").history.get().actor_name == ""
