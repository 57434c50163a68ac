"""Accounts in the back office, by what the pages answer and what is stored."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import OutgoingMail
from tests.back_office import choose, confirm
from tests.factories import UserFactory
from tests.users.walk import is_signed_in, told
from users import actions
from users.models import User

pytestmark = pytest.mark.django_db

LIST, ADD = "/verwaltung/users/user/", "/verwaltung/users/user/add/"


def _page_of(user):
    return f"{LIST}{user.pk}/change/"


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


def _act(client, action, *users):
    question = choose(client, LIST, action, *users)
    return confirm(client, question) if "chosen" in question.context else question


def test_adding_an_account_invites_its_person(admin, administrator):
    page = admin.post(ADD, {"email": "New@netzwerk.example", "office": "secretariat"}, follow=True)
    user = User.objects.get(email="new@netzwerk.example")
    assert page.status_code == 200
    assert user.office == "secretariat"
    assert user.access_invitation.invited_by == administrator
    assert OutgoingMail.objects.get().to_address == "new@netzwerk.example"


def test_an_address_that_exists_is_refused_in_german(admin, contact):
    page = admin.post(ADD, {"email": contact.email.upper(), "office": ""})
    assert "Zu dieser Adresse gibt es schon ein Konto." in page.content.decode()


def test_forms_know_no_password_and_no_other_rights(admin, contact):
    for address in (ADD, _page_of(contact)):
        page = admin.get(address).content.decode()
        assert 'name="password"' not in page
        assert 'name="is_active"' not in page
    admin.post(_page_of(contact), {"email": contact.email, "office": "", "is_superuser": "1", "is_active": ""})
    contact.refresh_from_db()
    assert (contact.is_active, contact.is_staff) == (True, False)


def test_changing_the_address_ends_the_sessions_and_tells(admin, contact):
    old, session = contact.email, Client()
    session.force_login(contact)
    admin.post(_page_of(contact), {"email": "moved@stadt.example", "office": ""})
    assert not is_signed_in(session)
    assert OutgoingMail.objects.get(kind="users.address_changed").to_address == old


@pytest.mark.parametrize("persona", ["office", "chancellery", "contact"])
def test_nobody_makes_herself_administrator(client, request, persona):
    user = request.getfixturevalue(persona)
    client.force_login(user)
    data = {"email": user.email, "office": user.office, "is_administrator": "on"}
    assert client.post(_page_of(user), data).status_code in (302, 403)
    assert client.post(ADD, data | {"email": "x@netzwerk.example"}).status_code in (302, 403)
    user.refresh_from_db()
    assert not user.is_administrator
    assert not User.objects.filter(email="x@netzwerk.example").exists()


def test_last_administrator_cannot_step_down(admin, administrator):
    page = admin.post(_page_of(administrator), {"email": administrator.email, "office": ""})
    assert "mindestens eine Person" in page.content.decode()
    administrator.refresh_from_db()
    assert administrator.is_administrator


def _steps_down(client, user):
    try:
        return client.post(_page_of(user), {"email": user.email, "office": "secretariat"})
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_step_down_at_once_one_is_told_why_not(client_of):
    users = [UserFactory(administrator=True), UserFactory(administrator=True)]
    clients = [client_of(user) for user in users]
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            list(User.objects.select_for_update())
            answers = [pool.submit(_steps_down, *pair) for pair in zip(clients, users, strict=True)]
            time.sleep(1)  # by now both forms have been checked; both wait for the accounts (PostgreSQL)
        pages = sorted((answer.result() for answer in answers), key=lambda page: page.status_code)
    assert [page.status_code for page in pages] == [200, 302]
    assert "mindestens eine Person" in pages[0].content.decode()
    assert User.objects.administrators().count() == 1


def test_block_and_unblock(admin, administrator, office):
    page = _act(admin, "block", office, administrator)
    assert set(told(page)) == {
        f"{administrator.email}: Ihr eigenes Konto können Sie nicht sperren. Bitten Sie eine andere Person darum.",
        f"Gesperrt, offene Sitzungen sind beendet (1): {office.email}.",
    }
    office.refresh_from_db()
    assert not office.is_active
    _act(admin, "unblock", office)
    office.refresh_from_db()
    assert office.is_active


def test_invite_again(admin, contact):
    page = _act(admin, "invite", contact)
    assert told(page) == [f"Einladung ist unterwegs (1): {contact.email}."]
    actions.accept_invitation(contact, by=contact)
    page = _act(admin, "invite", contact)
    assert told(page) == [f"{contact.email} hat sich schon angemeldet und braucht keine Einladung mehr."]


def test_reset_second_factor(admin, office):
    _act(admin, "reset_second_factor", office)
    assert not office.authenticator_set.exists()


def test_accounts_and_invitations_are_not_deleted(admin, contact):
    assert admin.get(f"{LIST}{contact.pk}/delete/").status_code == 403
    assert "delete_selected" not in admin.get(LIST).content.decode()
    assert admin.get("/verwaltung/users/accessinvitation/add/").status_code == 403


@pytest.mark.parametrize("address", [LIST, "/verwaltung/users/accessinvitation/"])
def test_lists_need_the_same_queries_however_many_rows(admin, administrator, address):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(address).status_code == 200
        return len(captured)

    actions.open_account("first@stadt.example", by=administrator)
    admin.get(address)
    with_one = queries()
    actions.open_account("second@stadt.example", by=administrator)
    actions.open_account("third@stadt.example", by=administrator)
    assert queries() == with_one


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("q=secret", {"open@stadt.example": False, "secretary@stadt.example": True}),
        ("einladung=offen", {"open@stadt.example": True, "in@stadt.example": False, "secretary@stadt.example": False}),
        ("einladung=angenommen", {"open@stadt.example": False, "in@stadt.example": True}),
        ("is_active__exact=0", {"out@stadt.example": True, "in@stadt.example": False}),
        ("office__exact=secretariat", {"secretary@stadt.example": True, "in@stadt.example": False}),
    ],
)
def test_search_and_filters(admin, query, shown):
    actions.open_account("open@stadt.example")
    actions.accept_invitation(actions.open_account("in@stadt.example"), by=None)
    UserFactory(email="out@stadt.example", is_active=False)
    UserFactory(email="secretary@stadt.example", staff=True)
    page = admin.get(f"{LIST}?{query}").content.decode()
    assert {email: f">{email}</a>" in page for email in shown} == shown


def test_history_names_what_was_changed(admin, contact):
    admin.post(_page_of(contact), {"email": contact.email, "office": "secretariat"})
    page = admin.get(f"{LIST}{contact.pk}/history/").content.decode()
    assert "administrator@netzwerk.example" in page
    assert contact.history.first().history_user.email == "administrator@netzwerk.example"


@pytest.mark.parametrize("app", ["account/emailaddress", "mfa/authenticator", "usersessions/usersession"])
def test_lists_of_allauth_are_not_shown(admin, app):
    assert admin.get(f"/verwaltung/{app}/").status_code == 404
