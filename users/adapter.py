"""How allauth's flows behave here: accounts by invitation only, every mail through the queue of record."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from users import actions, cipher, emails
from users.middleware import STAFF_AT_MOST
from users.models import SECOND_FACTORS, User
from users.templatetags.devices import device

_WRONG_CODE = "Dieser Code stimmt nicht. Prüfen Sie die Ziffern und geben Sie den Code noch einmal ein."
_TOO_OFTEN = "Das waren zu viele Versuche. Warten Sie fünf Minuten und versuchen Sie es dann noch einmal."


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _WRONG_CODE,
        "too_many_login_attempts": _TOO_OFTEN,
        "rate_limited": _TOO_OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: an account begins with an `AccessInvitation`."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only a path of this portal is followed after signing in; an address with a host never, not even our own."""
        return bool(url) and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put allauth's mail into the queue; the page never talks to a mail server."""
        emails.queue_for_allauth(template_prefix, email, context)

    def send_notification_mail(self, template_prefix: str, *args: Any, **kwargs: Any) -> None:
        """Send nothing: our views tell, in the transaction of the change. KeyError for a change that none tells."""
        if template_prefix not in emails.TOLD_BY_VIEWS:
            raise KeyError(template_prefix)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index" if request.user.is_staff else "home")

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        if user.is_staff:
            # The middleware ends it in time; the row in the database lives on to say why, and no longer.
            request.session.set_expiry(2 * STAFF_AT_MOST)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        actions.accept_invitation(user, by=user)
        return super().post_login(request, user, **kwargs)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Dieser Code stimmt nicht. Jeder Code der App gilt nur einmal und nur kurz: "
        "Warten Sie auf den nächsten und geben Sie ihn ein.",
        "cannot_delete_authenticator": "Für Mitarbeitende ist der zweite Faktor Pflicht, und Sie haben nur diesen "
        "einen. Richten Sie zuerst einen anderen ein; danach können Sie diesen entfernen.",
        "cannot_generate_recovery_codes": "Richten Sie zuerst eine Authenticator-App oder einen Passkey ein. "
        "Danach können Sie Notfallcodes erstellen.",
    }

    def get_totp_label(self, user: User) -> str:
        return user.email

    def is_mfa_enabled(self, user: User, types: Iterable[str] | None = None) -> bool:
        """Whether the account has a second factor, or one of these types.

        For contact persons a passkey is a way to sign in instead of the code, not a factor asked for besides it: who
        has lost the device still gets in by code.
        """
        wanted = set(types or SECOND_FACTORS)
        if not user.is_staff:
            wanted.discard(Authenticator.Type.WEBAUTHN)
        return super().is_mfa_enabled(user, wanted)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep their only factor; the app may also move to a new device (`users.views.ReplaceTOTPView`)."""
        user = authenticator.user
        others = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exclude(pk=authenticator.pk)
        return not user.is_staff or others.exists()

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 - allauth's name
        """What a passkey is called until its owner finds a better name: "Firefox unter Windows"."""
        return device(context.request.META.get("HTTP_USER_AGENT", ""))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the one address of the portal, whatever a request says its host is."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": settings.MFA_TOTP_ISSUER}

    def encrypt(self, text: str) -> str:
        return cipher.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return cipher.decrypt(encrypted_text)
