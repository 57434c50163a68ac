"""What happens to accounts: opening, inviting, changing, blocking, and the end of sessions and second factors."""

import json
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from users import cipher, emails
from users.models import AccessInvitation, User
from users.roles import Office

# Under which name allauth keeps the secret of each kind of second factor. Of a passkey it keeps the public half only.
_SECRETS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}


# What apps above do when an account has a new address, given the account and the old address.
_followers: list[Callable[[User, str], None]] = []


def when_address_changes(follow: Callable[[User, str], None]) -> None:
    """Let an app carry an account's new address on, in the same transaction; called once at start-up."""
    _followers.append(follow)


@transaction.atomic
def open_account(
    email: str, *, office: str = Office.NONE, is_administrator: bool = False, by: User | None = None
) -> User:
    """Create an account and send its person the invitation.

    `office` is empty for contact persons. `by` is the inviting account, or None for the system itself.
    Raises ValidationError (German) if the address is no address or has an account already.
    """
    user = _new(email, office=office, is_administrator=is_administrator)
    user.full_clean()
    try:
        with transaction.atomic():
            _save(user, by)
    except IntegrityError as error:  # somebody took the address a moment ago
        raise ValidationError({"email": User._meta.get_field("email").error_messages["unique"]}) from error
    invite(user, by=by)
    return user


@transaction.atomic
def find_or_open(
    email: str, *, office: str = Office.NONE, is_administrator: bool = False, by: User | None = None
) -> User:
    """Return the account of an address; if there is none, create it with this office. Invites nobody.

    An account that exists stays as it is, also a blocked one. Raises ValidationError (German) if the address is no
    address.
    """
    user = _new(email, office=office, is_administrator=is_administrator)
    user.clean_fields()
    known = User.objects.filter(email=user.email)
    if existing := known.first():
        return existing
    try:
        with transaction.atomic():
            _save(user, by)
    except IntegrityError:  # somebody opened it a moment ago
        return known.get()
    return user


@transaction.atomic
def invite(user: User, *, by: User | None = None) -> AccessInvitation:
    """Send an account's person the mail that explains signing in; called again, the mail goes out again.

    Raises ValidationError if the account is blocked or its person has signed in already.
    """
    if not user.is_active:
        raise ValidationError(f"{user} ist gesperrt. Schalten Sie das Konto zuerst frei.")
    invitation = AccessInvitation.objects.select_for_update().filter(user=user).first() or AccessInvitation(user=user)
    if invitation.accepted_at:
        raise ValidationError(f"{user} hat sich schon angemeldet und braucht keine Einladung mehr.")
    invitation.invited_by, invitation.sent_at = by, timezone.now()
    _save(invitation, by)
    emails.access_invitation(user)
    return invitation


def accept_invitation(user: User, *, by: User | None) -> None:
    """Note the first sign-in, which accepts the invitation; later sign-ins change nothing."""
    for invitation in AccessInvitation.objects.filter(user=user, accepted_at=None):
        invitation.accepted_at = timezone.now()
        _save(invitation, by)


@transaction.atomic
def change_account(
    user: User,
    *,
    email: str | None = None,
    office: str | None = None,
    is_administrator: bool | None = None,
    by: User | None,
) -> None:
    """Change what is given; None leaves a value as it is stored, whatever the object in hand says.

    A new address ends the open sessions (see `User`), and the old address is told. Unless the owner herself changes it,
    the passkeys go, too: they would still let in whoever had the old address. Raises ValidationError (German) if the
    new address is taken or nobody would be left to care for accounts.
    """
    _lock(user)
    old_address = user.email
    changes = {"email": email, "office": office, "is_administrator": is_administrator}
    _change(user, {name: value for name, value in changes.items() if value is not None}, by)
    if user.email != old_address:
        is_own = by is not None and by.pk == user.pk
        if not is_own:
            remove_passkeys(user)
        emails.address_changed(user, old_address=old_address, by_owner=is_own)
        for follow in _followers:
            follow(user, old_address)


@transaction.atomic
def take_office(user: User, *, by: User | None) -> None:
    """Take an account out of the staff: office, administration and open sessions end.

    Raises ValidationError (German) for one's own account and for the last administrator's.
    """
    if by is not None and user.pk == by.pk:
        raise ValidationError("Sich selbst können Sie nicht entfernen. Bitten Sie eine andere Person darum.")
    change_account(user, office=Office.NONE, is_administrator=False, by=by)
    end_sessions(user)


def prove_address(user: User, *, email: str, code: str) -> None:
    """Send a code to the address that an account's owner wants to have; typing it proves that she reads there.

    If the address has an account already, its owner is told instead; the caller learns nothing of it.
    """
    if other := User.objects.filter(email=email).first():
        emails.address_taken(other)
    else:
        emails.address_code(user, to_address=email, code=code)


@transaction.atomic
def block(user: User, *, by: User | None) -> None:
    """Shut an account at once: its open sessions end with their next request, codes on the way are worthless.

    Raises ValidationError for one's own account and for the last administrator's.
    """
    if by is not None and user.pk == by.pk:
        raise ValidationError("Ihr eigenes Konto können Sie nicht sperren. Bitten Sie eine andere Person darum.")
    _lock(user)
    _change(user, {"is_active": False}, by)
    end_sessions(user)


@transaction.atomic
def unblock(user: User, *, by: User | None) -> None:
    """Open a blocked account again. Sessions from before do not come back to life."""
    _lock(user)
    _change(user, {"is_active": True}, by)
    end_sessions(user)


@transaction.atomic
def reset_second_factor(user: User, *, by: User | None) -> None:
    """Remove app, passkeys and recovery codes, so that the person sets up a new device at the next sign-in.

    For lost telephones. Ends all sessions and tells the person. Raises ValidationError for one's own account, where
    it would undo the second factor with one stolen session.
    """
    if by is not None and user.pk == by.pk:
        raise ValidationError("Ihren eigenen zweiten Faktor können Sie hier nicht zurücksetzen.")
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    emails.second_factor_reset(user)


@transaction.atomic
def end_account(user: User) -> None:
    """Delete an account that nobody uses any more, with its second factor, sessions and what else hangs on it.

    Raises ValidationError for staff: who works with the portal keeps it until office and administration are taken.
    """
    if user.office or user.is_administrator:
        raise ValidationError(
            f"{user} gehört zu den Mitarbeitenden. Nehmen Sie dem Konto zuerst Stelle und Administration."
        )
    for session in Session.objects.all().iterator():
        if _is_of(session.get_decoded(), user):
            session.delete()
    for row in (*AccessInvitation.objects.filter(user=user), user):
        # Who did it stands in the last version as text: the account may be just that one ("Ich gebe das Thema ab").
        row._history_user = None  # type: ignore[attr-defined]
        row.delete()


def _is_of(data: dict[str, Any], user: User) -> bool:
    """Whether a session is the account's, signed in or on the way there with a code."""
    return data.get(SESSION_KEY) == str(user.pk) or user.email in json.dumps(data, ensure_ascii=False)


@transaction.atomic
def renew_secrets() -> list[User]:
    """Close all kept secrets anew with today's SECRET_KEY; return the accounts with a secret that no key opens."""
    unreadable = {}
    factors = Authenticator.objects.filter(type__in=_SECRETS).select_related("user").order_by("user__email")
    for factor in factors.select_for_update(of=("self",)):
        name = _SECRETS[factor.type]
        try:
            factor.data[name] = cipher.renew(factor.data[name])
        except cipher.UnreadableSecretError:
            unreadable[factor.user_id] = factor.user
        else:
            factor.save(update_fields=["data"])
    return list(unreadable.values())


def remove_passkeys(user: User) -> None:
    """Take every passkey from an account: each signs in by itself, without its mailbox."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).delete()


def end_sessions(user: User) -> None:
    """End every open session of an account with its next request.

    Nobody has a password; the random text in its place is the stamp that all sessions carry (see `User`).
    """
    user.set_unusable_password()
    User.objects.filter(pk=user.pk).update(password=user.password)


def _new(email: str, **fields: Any) -> User:
    user = User(email=email.strip().lower(), **fields)
    user.set_unusable_password()
    return user


def _save(row: User | AccessInvitation, by: User | None) -> None:
    row._history_user = by  # type: ignore[union-attr]
    row.save()


def _lock(user: User) -> None:
    """Hold the administrators' rows, so that two cannot block each other at once, and the account's; reload it."""
    list(User.objects.select_for_update().administrators().order_by("pk"))
    user.refresh_from_db(from_queryset=User.objects.select_for_update())


def _change(user: User, changes: dict[str, Any], by: User | None) -> None:
    for name, value in changes.items():
        setattr(user, name, value)
    user.full_clean()
    _save(user, by)
