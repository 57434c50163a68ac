"""Mails about signing in. Each function writes one mail to the queue; its text lies in templates/users/emails/."""

import datetime
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from core.actions import queue_mail
from core.jobs import DELIVER_MAIL, wake
from core.letters import compose
from core.mailkinds import Facts, Letter, MailClass, MailKind, never
from core.models import OutgoingMail
from users.models import User


def sign_in_code(user: User, *, code: str) -> OutgoingMail:
    """The six digits that sign in, with the time until which they hold."""
    valid_until = timezone.now() + datetime.timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    return _queue("sign_in_code", user, {"code": code, "valid_until": valid_until.isoformat()})


def rehearse_sign_in_code(address: str) -> None:
    """Do the work of `sign_in_code` and undo it, for an address without an account: the answer takes as long."""
    with transaction.atomic():
        sign_in_code(User.objects.filter(email=address).first() or User(email=address), code="000-000")
        transaction.set_rollback(True)
    wake(DELIVER_MAIL)  # went with the rest; with Redis away it is what takes longest


def access_invitation(user: User) -> OutgoingMail:
    """Tells a person that she has an account and how to sign in; holds no secret, so it may be forwarded or found."""
    return _queue("access_invitation", user, {"is_staff": user.is_staff})


def second_factor_added(user: User) -> OutgoingMail:
    """Tells that an authenticator app was set up."""
    return _queue("second_factor_added", user)


def second_factor_removed(user: User) -> OutgoingMail:
    """Tells that the authenticator app was removed by the signed-in person."""
    return _queue("second_factor_removed", user)


def second_factor_reset(user: User) -> OutgoingMail:
    """Tells that an administrator removed the second factor."""
    return _queue("second_factor_reset", user)


def recovery_codes_renewed(user: User) -> OutgoingMail:
    """Tells that there are new recovery codes and the old ones are void."""
    return _queue("recovery_codes_renewed", user)


def passkey_added(user: User, *, name: str) -> OutgoingMail:
    """Tells that a passkey was set up; name: as the owner calls it."""
    return _queue("passkey_added", user, {"name": name})


def passkey_removed(user: User, *, name: str) -> OutgoingMail:
    """Tells that the signed-in person removed a passkey."""
    return _queue("passkey_removed", user, {"name": name})


def address_changed(user: User, *, old_address: str, by_owner: bool) -> OutgoingMail:
    """Tells the old address that the account belongs to another one from now on; by_owner: she changed it herself."""
    return _queue("address_changed", user, {"by_owner": by_owner}, to_address=old_address)


def address_code(user: User, *, to_address: str, code: str) -> OutgoingMail:
    """The digits that prove a new address, sent there."""
    valid_until = timezone.now() + datetime.timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    facts = {"code": code, "valid_until": valid_until.isoformat()}
    return _queue("address_code", user, facts, to_address=to_address)


def address_taken(user: User) -> OutgoingMail:
    """Tells an account's owner that somebody wanted to give this address to another account."""
    return _queue("address_taken", user)


def queue_for_allauth(template_prefix: str, email: str, context: dict[str, Any]) -> OutgoingMail:
    """Queue our mail in place of the one that allauth would send. KeyError for a mail that has no text of ours."""
    queue_one = _FOR_ALLAUTH[template_prefix]
    return queue_one(User.objects.get(email=email.lower()), code=context["code"])


_FOR_ALLAUTH: dict[str, Callable[..., OutgoingMail]] = {"account/email/login_code": sign_in_code}
# allauth would tell these after its transaction, and a crash in between would lose them: users.views tell instead.
TOLD_BY_VIEWS = frozenset(
    {
        "mfa/email/totp_activated",
        "mfa/email/totp_deactivated",
        "mfa/email/webauthn_removed",
        "mfa/email/recovery_codes_generated",
    }
)


def _queue(
    name: str, user: User, facts: dict[str, Any] | None = None, *, to_address: str | None = None
) -> OutgoingMail:
    data = {"at": timezone.now().isoformat(), **(facts or {})}
    return queue_mail(f"users.{name}", to_address=to_address or user.email, recipient_key=user.key, data=data)


def _render(mail: OutgoingMail) -> Letter:
    return compose(mail.kind, _facts(mail))


def _facts(mail: OutgoingMail) -> Facts:
    times = {key: datetime.datetime.fromisoformat(mail.data[key]) for key in ("at", "valid_until") if key in mail.data}
    links = {"sign_in_url": settings.SITE_URL + reverse("account_login")}
    at = timezone.localtime(times["at"])
    words = {
        "adresse": mail.to_address,
        "datum": date_format(at, "j. F Y"),
        "uhrzeit": date_format(at, "H:i"),
        "passkey": mail.data.get("name", ""),
        "wer": "Sie haben" if mail.data.get("by_owner") else "die Administration hat",
    }
    return Facts({"address": mail.to_address} | mail.data | times | links, words)


def _sample() -> Facts:
    """Serves every mail of this module: each takes what it needs."""
    now = timezone.now()
    data = {
        "at": now.isoformat(),
        "valid_until": (now + datetime.timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)).isoformat(),
        "code": "123-456",
        "name": "Diensthandy",
    }
    return _facts(OutgoingMail(to_address="rosa.beispiel@stadt.example", data=data))


def _refuse_code(mail: OutgoingMail) -> str:
    """A code that waited too long for the mail server would only confuse."""
    if datetime.datetime.fromisoformat(mail.data["valid_until"]) < timezone.now():
        return "Der Anmeldecode ist abgelaufen."
    return _refuse_strangers(mail)


def _refuse_address_code(mail: OutgoingMail) -> str:
    """As with the sign-in code; the account does not bear this address yet."""
    if datetime.datetime.fromisoformat(mail.data["valid_until"]) < timezone.now():
        return "Der Code ist abgelaufen."
    account = User.objects.filter(pk=mail.recipient_key.removeprefix("user:"), is_active=True)
    return "" if account.exists() else _GONE


def _refuse_strangers(mail: OutgoingMail) -> str:
    """The account was blocked, erased or has moved to another address since the mail was queued."""
    mine = User.objects.filter(email=mail.to_address, is_active=True)
    return "" if any(user.key == mail.recipient_key for user in mine) else _GONE


def _kind(
    name: str,
    title: str,
    when: str,
    to_whom: str,
    refuse: Callable[[OutgoingMail], str] = never,
    *,
    mail_class: MailClass = MailClass.BUSINESS,
    words: dict[str, str] | None = None,
) -> MailKind:
    placeholders = _WORDS | (words or {})
    return MailKind(f"users.{name}", title, when, to_whom, mail_class, _render, refuse, _sample, placeholders)


_WORDS = {
    "adresse": "die Adresse, an die diese E-Mail geht",
    "datum": "der Tag, an dem es geschah, zum Beispiel 3. Mai 2027",
    "uhrzeit": "die Uhrzeit dazu, zum Beispiel 14:05",
}
_PASSKEY = {"passkey": "wie die Person den Passkey genannt hat"}
_GONE = "Das Konto ist gesperrt oder gelöscht."
_OWNER = "Inhaberin oder Inhaber des Kontos"

KINDS = (
    _kind(
        "sign_in_code",
        "Anmeldecode",
        "sofort, wenn jemand einen Code anfordert",
        "an die eingegebene Adresse, wenn es dazu ein Konto gibt",
        _refuse_code,
        # The only mail that somebody sits and waits for, and the only one with a secret.
        mail_class=MailClass.ACCESS,
    ),
    _kind(
        "access_invitation",
        "Einladung zum Portal",
        "wenn ein Konto angelegt oder noch einmal eingeladen wird",
        _OWNER,
        _refuse_strangers,
    ),
    _kind("second_factor_added", "Zweiter Faktor eingerichtet", "sofort nach dem Einrichten", _OWNER),
    _kind("second_factor_removed", "Zweiter Faktor entfernt", "sofort nach dem Entfernen", _OWNER),
    _kind(
        "second_factor_reset",
        "Zweiter Faktor zurückgesetzt",
        "wenn die Administration den zweiten Faktor zurücksetzt",
        _OWNER,
    ),
    _kind("passkey_added", "Passkey eingerichtet", "sofort nach dem Einrichten eines Passkeys", _OWNER, words=_PASSKEY),
    _kind("passkey_removed", "Passkey entfernt", "sofort nach dem Entfernen eines Passkeys", _OWNER, words=_PASSKEY),
    _kind("recovery_codes_renewed", "Neue Notfallcodes", "sofort nach dem Erstellen neuer Notfallcodes", _OWNER),
    _kind(
        "address_changed",
        "Adresse des Kontos geändert",
        "wenn die Adresse eines Kontos geändert wird",
        "bisherige Adresse des Kontos",
        words={"wer": "„Sie haben“ oder „die Administration hat“, je nachdem, wer die Adresse geändert hat"},
    ),
    _kind(
        "address_code",
        "Code für eine neue Adresse",
        "sofort, wenn jemand die eigene Adresse ändern möchte",
        "an die neue Adresse, wenn es zu ihr noch kein Konto gibt",
        _refuse_address_code,
        mail_class=MailClass.ACCESS,
    ),
    _kind(
        "address_taken",
        "Zu dieser Adresse gibt es schon ein Konto",
        "sofort, wenn jemand die eigene Adresse auf eine ändern möchte, die schon ein Konto hat",
        _OWNER,
        _refuse_strangers,
    ),
)
