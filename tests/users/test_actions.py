"""Accounts as rows and mails."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import connection

from core.models import OutgoingMail
from tests.factories import UserFactory
from tests.users.walk import is_signed_in, letter_of
from users import actions
from users.models import AccessInvitation, User

pytestmark = pytest.mark.django_db


def _mails(kind):
    return list(OutgoingMail.objects.filter(kind=f"users.{kind}").values_list("to_address", flat=True))


def test_opening_an_account_invites_its_person(administrator):
    user = actions.open_account("  New.Person@Stadt.example ", by=administrator)
    assert user.email == "new.person@stadt.example"
    assert not user.is_staff
    assert not user.has_usable_password()
    assert AccessInvitation.objects.get(user=user).invited_by == administrator
    assert _mails("access_invitation") == ["new.person@stadt.example"]


@pytest.mark.parametrize(
    ("email", "sentence"),
    [("taken@stadt.example", "Zu dieser Adresse gibt es schon ein Konto."), ("TAKEN@stadt.example", "schon ein Konto")],
)
def test_an_address_has_one_account(email, sentence):
    UserFactory(email="taken@stadt.example")
    with pytest.raises(ValidationError, match=sentence):
        actions.open_account(email)
    assert not OutgoingMail.objects.exists()


def test_an_account_needs_an_address():
    with pytest.raises(ValidationError):
        actions.open_account("no address")


def test_find_or_open_opens_one_account_for_an_address_and_invites_nobody(administrator):
    user = actions.find_or_open(" Shared@Stadt.example", by=administrator)
    assert actions.find_or_open("shared@stadt.example", office="secretariat", by=None) == user
    user.refresh_from_db()
    assert (user.email, user.office, user.has_usable_password()) == ("shared@stadt.example", "", False)
    assert user.history.get().history_user == administrator
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("email", ["", "no address", "a" * 250 + "@stadt.example"])
def test_find_or_open_refuses_what_is_no_address(email):
    with pytest.raises(ValidationError):
        actions.find_or_open(email, by=None)
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_of_the_staff_open_the_same_account_at_once():
    start = threading.Barrier(2)

    def find_or_open(_):
        try:
            start.wait()
            return actions.find_or_open("shared@stadt.example", by=None).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(find_or_open, range(2))) == {User.objects.get().pk}


def test_inviting_again_sends_again_and_keeps_one_invitation(administrator, office):
    user = actions.open_account("new@stadt.example", by=administrator)
    first = user.access_invitation
    second = actions.invite(user, by=office)
    assert (second.pk, second.invited_by) == (first.pk, office)
    assert second.sent_at > first.sent_at
    assert len(_mails("access_invitation")) == 2


def test_who_has_signed_in_is_not_invited_again(administrator):
    user = actions.open_account("new@stadt.example", by=administrator)
    actions.accept_invitation(user, by=user)
    with pytest.raises(ValidationError, match="schon angemeldet"):
        actions.invite(user, by=administrator)


def test_blocked_accounts_are_not_invited(administrator):
    user = UserFactory(is_active=False)
    with pytest.raises(ValidationError, match="gesperrt"):
        actions.invite(user, by=administrator)


def test_accepting_twice_keeps_the_first_moment():
    user = actions.open_account("new@stadt.example")
    actions.accept_invitation(user, by=user)
    first = AccessInvitation.objects.get().accepted_at
    actions.accept_invitation(user, by=user)
    assert AccessInvitation.objects.get().accepted_at == first


def test_changing_the_address_tells_the_old_one(contact):
    old = contact.email
    actions.change_account(contact, email="New@stadt.example", by=None)
    contact.refresh_from_db()
    assert contact.email == "new@stadt.example"
    assert _mails("address_changed") == [old]
    assert f"Mit der Adresse {old} können Sie sich nicht mehr anmelden." in letter_of("users.address_changed").text


def test_a_change_leaves_alone_what_somebody_else_changed_meanwhile(contact, administrator):
    first, second = User.objects.get(pk=contact.pk), User.objects.get(pk=contact.pk)
    actions.block(contact, by=administrator)
    actions.change_account(first, office="secretariat", by=administrator)
    actions.unblock(second, by=administrator)
    actions.block(second, by=administrator)
    contact.refresh_from_db()
    assert (contact.is_active, contact.office) == (False, "secretariat")


def test_every_change_names_who_made_it(contact, administrator, office):
    actions.change_account(contact, office="secretariat", by=administrator)
    actions.block(contact, by=office)
    actions.unblock(contact, by=administrator)
    actions.invite(contact, by=office)
    actions.accept_invitation(contact, by=contact)
    rows = [*contact.history.order_by("history_id"), *contact.access_invitation.history.order_by("history_id")]
    assert [row.history_user for row in rows][1:] == [administrator, office, administrator, office, contact]


def test_nobody_blocks_the_own_account(administrator):
    UserFactory(administrator=True)
    with pytest.raises(ValidationError, match="eigenes Konto"):
        actions.block(administrator, by=administrator)
    administrator.refresh_from_db()
    assert administrator.is_active


def test_the_last_administrator_stays(administrator):
    with pytest.raises(ValidationError, match="mindestens eine Person"):
        actions.block(administrator, by=None)
    administrator.refresh_from_db()
    assert administrator.is_active
    with pytest.raises(ValidationError, match="mindestens eine Person"):
        actions.change_account(administrator, is_administrator=False, by=administrator)


def test_a_blocked_administrator_does_not_count(administrator, office):
    UserFactory(administrator=True, is_active=False)
    with pytest.raises(ValidationError, match="mindestens eine Person"):
        actions.block(administrator, by=office)


def test_the_second_last_administrator_may_go(administrator):
    other = UserFactory(administrator=True)
    actions.block(other, by=administrator)
    assert list(User.objects.administrators()) == [administrator]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_block_each_other_at_once():
    users = [UserFactory(administrator=True), UserFactory(administrator=True)]
    start = threading.Barrier(2)

    def block(victim, by):
        try:
            start.wait()
            actions.block(User.objects.get(pk=victim.pk), by=by)
        except ValidationError as error:
            return error.messages
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(block, users, reversed(users)))
    assert User.objects.administrators().count() == 1
    assert sorted(answer is None for answer in answers) == [False, True]


def test_blocking_is_in_the_history(contact, administrator):
    actions.block(contact, by=administrator)
    assert [row.is_active for row in contact.history.order_by("history_id")][-2:] == [True, False]


def test_reset_of_the_second_factor_ends_sessions_and_tells(client, office, administrator):
    client.force_login(office)
    assert is_signed_in(client)
    actions.reset_second_factor(office, by=administrator)
    assert not is_signed_in(client)
    assert not Authenticator.objects.filter(user=office).exists()
    assert _mails("second_factor_reset") == [office.email]


def test_nobody_resets_the_own_second_factor(administrator):
    with pytest.raises(ValidationError, match="eigenen zweiten Faktor"):
        actions.reset_second_factor(administrator, by=administrator)
    assert Authenticator.objects.filter(user=administrator).exists()


def test_end_of_sessions_leaves_the_account_open(client, contact):
    client.force_login(contact)
    actions.end_sessions(contact)
    assert not is_signed_in(client)
    client.force_login(contact)
    assert is_signed_in(client)
