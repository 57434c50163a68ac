"""Accounts of the demonstration: one per office, with a second factor whose code the Postausgang shows."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt

from users import actions
from users.models import User
from users.roles import Office

STAFF = {
    "geschaeftsstelle@netzwerk.example": "Geschäftsstelle",
    "staatskanzlei@netzwerk.example": "Staatskanzlei",
    "administration@netzwerk.example": "Geschäftsstelle und Administration",
}
CONTACT_EMAIL = "rosa.beispiel@rheine.example"
TOTP_PERIOD = 30  # seconds; allauth's default, RFC 6238


def fill() -> User:
    """Create the demonstration's staff where missing; return the administrator."""
    _staff("geschaeftsstelle@netzwerk.example", Office.SECRETARIAT)
    _staff("staatskanzlei@netzwerk.example", Office.CHANCELLERY)
    return _staff("administration@netzwerk.example", Office.SECRETARIAT, is_administrator=True)


def _staff(email: str, office: Office, *, is_administrator: bool = False) -> User:
    user = actions.find_or_open(email, office=office, is_administrator=is_administrator, by=None)
    if not Authenticator.objects.filter(user=user).exists():
        set_up_second_factor(user)
    return user


def set_up_second_factor(user: User) -> None:
    """Give an account an authenticator app and recovery codes, as after its owner's first sign-in."""
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user).mark_as_viewed()


def current_code(user: User) -> str:
    """Return the six digits that the account's app shows now."""
    app = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return code_of(decrypt(app.data["secret"]))


def code_of(secret: str) -> str:
    """Return the six digits that an app with this key (base32) shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_PERIOD))


def current_codes() -> list[tuple[str, str, str]]:
    """Return (address, office, six digits valid now) of each demonstration account with a second factor."""
    users = User.objects.filter(email__in=STAFF, authenticator__type=Authenticator.Type.TOTP)
    codes = {user.email: current_code(user) for user in users}
    return [(email, label, codes[email]) for email, label in STAFF.items() if email in codes]
