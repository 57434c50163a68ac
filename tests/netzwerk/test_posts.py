"""What is sent to every address of the table: forged, by those who may not, and more than was asked for."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from core.probes import PROBES
from tests.addresses import ADDRESSES
from tests.world import World, sign_in
from users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # what may be sent is decided before the database is asked

# What must not come from a form of one's own; each model names its fields so.
MORE_THAN_ASKED_FOR = {
    "is_administrator": "1", "is_active": "1", "is_staff": "1", "is_superuser": "1", "office": "chancellery",
    "email": "anybody@stadt.example", "password": "x", "user": "1", "person": "1", "municipality": "1", "id": "1",
    "state": "sent", "started_on": "2020-01-01", "ended_on": "2020-01-01", "created_by": "1", "name": "X", "action": "",
}  # fmt: skip


class Sender:
    """Sends as one persona; signs in again where an answer has signed her out."""

    def __init__(self, persona: str, **options):
        self.world = World()
        self.user, self.client = self.world.users[persona], Client(raise_request_exception=False, **options)

    def __call__(self, row, data=None, method="post"):
        if self.user and SESSION_KEY not in self.client.session:
            sign_in(self.client, self.user)
        return getattr(self.client, method)(row.path(self.world), data).status_code


@pytest.mark.parametrize("persona", ["visitor", "contact", "administrator"])
def test_a8_nothing_is_taken_without_the_forms_own_token(persona):
    send = Sender(persona, enforce_csrf_checks=True)
    methods = ("post", "put", "delete")
    taken = {row.name: status for row in ADDRESSES for method in methods if (status := send(row, method=method)) != 403}
    # The probes answer before anybody is anybody, and only to be read.
    assert set(taken.values()) <= {405}
    # Mail programs that unsubscribe for their reader (RFC 8058) know no form: the link in their mail is the permission.
    paths = {row.path(send.world) for row in ADDRESSES if row.name in taken and row.name != "unsubscribe"}
    assert paths == set(PROBES)


# The colleague may do what the contact person may, the chancellery what the office may.
@pytest.mark.parametrize("persona", ["visitor", "contact", "stranger", "office", "administrator"])
def test_who_may_not_see_a_page_may_not_send_to_it(persona):
    send = Sender(persona)
    wrong = {}
    for row in ADDRESSES:
        status, expected = send(row), row.expected(persona)
        let_in = expected in (403, 404) and status not in (403, 404, 405)
        if status >= 500 or let_in:
            wrong[row.name] = status, expected
    assert wrong == {}


@pytest.mark.parametrize("persona", ["contact", "office"])
def test_a10_nobody_gives_herself_rights_by_sending_more_than_was_asked_for(persona):
    send = Sender(persona)
    rights = ("pk", "email", "office", "is_administrator", "is_active")
    users = User.objects.filter(pk__in=list(User.objects.values_list("pk", flat=True))).order_by("pk")
    before, staff = list(users.values_list(*rights)), set(User.objects.exclude(office=""))
    failed = {row.name: status for row in ADDRESSES if (status := send(row, MORE_THAN_ASKED_FOR)) >= 500}
    assert failed == {}
    assert list(users.values_list(*rights)) == before
    # The office may have invited somebody on the way; nobody may have become staff by it.
    assert set(User.objects.exclude(office="")) == staff
