import pytest
from django.urls import reverse

from members.models import Topic
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_history_names_the_person_behind_the_account(client_of, office):
    person = PersonFactory(first_name="Gesa", last_name="Schäft", user=office)
    client_of(office).post(reverse("admin:members_topic_add"), {"name": "Digitales", "slug": ""})
    change = Topic.objects.get().history.get()
    assert (change.history_user, change.actor_key, change.actor_name) == (office, person.key, "Gesa Schäft")


def test_without_a_person_the_address_stands_in(client_of, office):
    client_of(office).post(reverse("admin:members_topic_add"), {"name": "Digitales", "slug": ""})
    assert Topic.objects.get().history.get().actor_name == office.email
