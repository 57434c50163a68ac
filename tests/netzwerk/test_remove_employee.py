"""Somebody leaves the staff: one step ends what must end, and says what stays."""

import pytest
from django.urls import reverse

from tests.factories import ContactPersonFactory
from tests.users.walk import ask_for_code, is_signed_in, told
from users.models import User

pytestmark = pytest.mark.django_db


def remove(client, user):
    return client.post(reverse("remove_employee", args=[user.pk]), follow=True)


def test_an_employee_is_out_with_the_next_click(client_of, administrator, office):
    hers, admins = client_of(office), client_of(administrator)
    assert is_signed_in(hers)
    page = admins.get(reverse("remove_employee", args=[office.pk])).content.decode()
    assert "Es wird gesperrt" in page
    assert (
        reverse("remove_employee", args=[office.pk])
        in admins.get(f"/verwaltung/users/user/{office.pk}/change/").content.decode()
    )
    assert told(remove(admins, office)) == [f"{office} gehört nicht mehr zum Team. Offene Sitzungen sind beendet."]
    assert not is_signed_in(hers)
    office.refresh_from_db()
    assert (office.office, office.is_administrator, office.is_active) == ("", False, False)
    assert office.history.first().history_user == administrator
    assert remove(admins, office).status_code == 404


def test_who_answers_for_a_member_keeps_that_access(client_of, administrator, office, town):
    ContactPersonFactory(municipality=town, person__user=office, person__first_name="Gesa", person__last_name="Probe")
    hers, admins = client_of(office), client_of(administrator)
    page = admins.get(reverse("remove_employee", args=[office.pk])).content.decode()
    assert "der Zugang als Ansprechperson: <bdi>Gesa Probe</bdi>" in page
    assert "Es wird gesperrt" not in page
    remove(admins, office)
    assert not is_signed_in(hers)
    office.refresh_from_db()
    assert (office.office, office.is_active) == ("", True)
    assert ask_for_code(hers, office.email).status_code == 302


def test_nobody_removes_herself_or_the_last_administrator(client_of, administrator):
    page = remove(client_of(administrator), administrator).content.decode()
    assert "Sich selbst können Sie nicht entfernen." in page
    administrator.refresh_from_db()
    assert administrator.is_administrator


def test_inviting_says_who_was_told(client_of, administrator):
    data = {"email": "neu@netzwerk.example", "office": "secretariat"}
    answer = client_of(administrator).post("/verwaltung/users/user/add/", data, follow=True)
    assert "Die Einladung an neu@netzwerk.example ist unterwegs." in told(answer)
    assert User.objects.get(email=data["email"]).access_invitation.accepted_at is None
