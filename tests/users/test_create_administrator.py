import pytest
from django.core.management import CommandError, call_command

from core.models import OutgoingMail
from tests.factories import UserFactory
from tests.users.walk import SECOND_FACTOR, sign_in
from users.models import User

pytestmark = pytest.mark.django_db


def test_first_administrator_is_invited_and_told_what_to_do(capsys, client):
    call_command("create_administrator", "First@Netzwerk.example")
    user = User.objects.get()
    assert (user.email, user.is_administrator, user.is_staff) == ("first@netzwerk.example", True, True)
    assert OutgoingMail.objects.get().kind == "users.access_invitation"
    text = capsys.readouterr().out
    assert "http://testserver/konto/anmelden/" in text
    assert "first@netzwerk.example" in text
    assert user.history.get().actor_name == "Befehl create_administrator"
    answer = sign_in(client, user.email)
    assert client.get(answer.url).url == "/konto/sicherheit/app/einrichten/"


def test_second_call_is_refused(administrator):
    with pytest.raises(CommandError, match=administrator.email):
        call_command("create_administrator", "other@netzwerk.example")
    assert User.objects.count() == 1


def test_force_appoints_another(administrator):
    call_command("create_administrator", "other@netzwerk.example", force=True, verbosity=0)
    assert User.objects.administrators().count() == 2


def test_force_lets_the_locked_out_in_again(administrator, client):
    administrator.is_active = False
    administrator.save()
    call_command("create_administrator", administrator.email, force=True, verbosity=0)
    answer = sign_in(client, administrator.email)
    assert answer.url != SECOND_FACTOR
    assert client.get("/verwaltung/").url == "/konto/sicherheit/app/einrichten/"


def test_a_contact_can_become_administrator():
    contact = UserFactory()
    call_command("create_administrator", contact.email, verbosity=0)
    contact.refresh_from_db()
    assert contact.is_administrator


def test_a_typing_error_is_told_in_german():
    with pytest.raises(CommandError, match="Schreiben Sie die Adresse wie"):
        call_command("create_administrator", "not-an-address")
