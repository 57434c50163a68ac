"""The mails about signing in: every one in text and HTML, and none of allauth's own."""

import datetime
import re
from pathlib import Path

import allauth
import pytest
import time_machine
from django.core import mail as mailbox

from core.delivery import run_sender
from core.mailkinds import MailClass, kind_for
from core.models import MailState, OutgoingMail
from tests.back_office import choose, confirm
from tests.users.walk import ask_for_code, letter_of, told
from users import actions, emails
from users.adapter import AccountAdapter

pytestmark = pytest.mark.django_db

# Mails of allauth's flows that the portal has no address for: sign-up, passwords, several addresses.
# Of a new passkey our view tells itself; it does not take the flow that would.
_OUT_OF_REACH = {
    "account/email/account_already_exists",
    "account/email/email_changed",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
    "account/email/email_deleted",
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_reset_code",
    "account/email/password_reset_key",
    "account/email/password_set",
    "account/email/unknown_account",
    "mfa/email/webauthn_added",
}
WRITE = {
    "sign_in_code": lambda user: emails.sign_in_code(user, code="123-456"),
    "access_invitation": emails.access_invitation,
    "second_factor_added": emails.second_factor_added,
    "second_factor_removed": emails.second_factor_removed,
    "second_factor_reset": emails.second_factor_reset,
    "passkey_added": lambda user: emails.passkey_added(user, name="Diensthandy"),
    "passkey_removed": lambda user: emails.passkey_removed(user, name="Diensthandy"),
    "recovery_codes_renewed": emails.recovery_codes_renewed,
    "address_changed": lambda user: emails.address_changed(user, old_address="old@stadt.example", by_owner=True),
    "address_code": lambda user: emails.address_code(user, to_address="new@stadt.example", code="123-456"),
    "address_taken": emails.address_taken,
}


def test_every_mail_of_allauth_is_ours_or_out_of_reach():
    folder = Path(allauth.__file__).parent
    sources = [path.read_text() for app in ("account", "mfa", "usersessions") for path in (folder / app).rglob("*.py")]
    prefixes = {prefix for source in sources for prefix in re.findall(r'"((?:account|mfa)/email/\w+)"', source)}
    assert prefixes == {*emails._FOR_ALLAUTH, *emails.TOLD_BY_VIEWS, *_OUT_OF_REACH}


def test_a_mail_without_a_text_of_ours_fails_loudly(contact):
    with pytest.raises(KeyError):
        emails.queue_for_allauth("account/email/unknown_account", contact.email, {})
    with pytest.raises(KeyError):
        AccountAdapter().send_notification_mail("mfa/email/webauthn_added", contact)


def test_every_kind_is_written_here():
    assert {kind.key.removeprefix("users.") for kind in emails.KINDS} == set(WRITE)


@pytest.mark.parametrize("name", WRITE)
def test_mail_is_complete_in_text_and_html(contact, name):
    mail = WRITE[name](contact)
    letter = kind_for(mail.kind).render(mail)
    assert letter.subject
    for part in (letter.text, letter.html):
        assert "Guten Tag" in part
        assert not re.search(r"\b([Dd]u|[Dd]ein\w*|[Dd]ich)\b", part)
        assert "{" not in re.sub(r"(?s)<style.*?</style>", "", part)
    assert 'lang="de"' in letter.html
    facts = re.findall(r"\d\d:\d\d Uhr|\b\d{3}-\d{3}\b|\S+@stadt\.example", letter.text)
    assert all(fact in letter.html for fact in facts)


def test_invitation_explains_the_way_in_without_a_secret(administrator):
    actions.open_account("new@netzwerk.example", office="secretariat", by=administrator)
    letter = letter_of("users.access_invitation")
    assert "http://testserver/konto/anmelden/" in letter.text
    assert "new@netzwerk.example" in letter.text
    assert "Authenticator-App" in letter.text
    assert re.findall(r"https?://[^\s\"<]+", letter.text) == ["http://testserver/konto/anmelden/", "http://testserver/"]


def test_invitation_of_contacts_does_not_speak_of_apps():
    actions.open_account("new@stadt.example")
    assert "Authenticator" not in letter_of("users.access_invitation").text


@pytest.mark.django_db(transaction=True)
def test_a_sign_in_code_overtakes_fifty_invitations(client, contact):
    for n in range(50):
        actions.open_account(f"new{n}@stadt.example")
    ask_for_code(client, contact.email)
    run_sender()
    assert len(mailbox.outbox) == 51
    assert [mail.to for mail in mailbox.outbox[:2]] == [[contact.email], ["new0@stadt.example"]]


def test_only_codes_go_out_however_many_mails_a_minute():
    assert [kind.key for kind in emails.KINDS if kind.mail_class == MailClass.ACCESS] == [
        "users.sign_in_code",
        "users.address_code",
    ]


def _left_uncertain(kind):
    mail = OutgoingMail.objects.get(kind=f"users.{kind}")
    OutgoingMail.objects.update(state=MailState.UNKNOWN)
    return mail


@pytest.fixture
def send_again(client, office):
    """Press "Ungewisse noch einmal senden" in the back office; return what it says."""

    def press(mail):
        client.force_login(office)
        answer = confirm(client, choose(client, "/verwaltung/core/outgoingmail/", "send_again", mail))
        mail.refresh_from_db()
        return " ".join(told(answer))

    return press


def test_an_uncertain_invitation_is_sent_again(send_again):
    actions.open_account("new@stadt.example")
    mail = _left_uncertain("access_invitation")
    send_again(mail)
    assert mail.state == MailState.PENDING
    assert "new@stadt.example" in kind_for(mail.kind).render(mail).text


def test_an_uncertain_code_is_not_sent_again(send_again, client, contact):
    ask_for_code(client, contact.email)
    mail = _left_uncertain("sign_in_code")
    assert "Die Person fordert auf der Anmeldeseite einen neuen Code an." in send_again(mail)
    assert mail.state == MailState.UNKNOWN


def _refusal():
    mail = OutgoingMail.objects.latest("pk")
    return kind_for(mail.kind).refuse(mail)


def test_a_code_that_waited_too_long_is_not_sent(client, contact):
    now = datetime.datetime(2027, 3, 12, 10, 0, tzinfo=datetime.UTC)
    with time_machine.travel(now, tick=False) as clock:
        ask_for_code(client, contact.email)
        assert _refusal() == ""
        clock.shift(datetime.timedelta(minutes=21))
        assert _refusal() == "Der Anmeldecode ist abgelaufen."


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "moved@stadt.example"}])
def test_codes_and_invitations_do_not_go_to_strangers(client, contact, change):
    ask_for_code(client, contact.email)
    code = OutgoingMail.objects.latest("pk")
    emails.access_invitation(contact)
    type(contact).objects.filter(pk=contact.pk).update(**change)
    assert _refusal() == "Das Konto ist gesperrt oder gelöscht."
    assert kind_for(code.kind).refuse(code) == "Das Konto ist gesperrt oder gelöscht."
