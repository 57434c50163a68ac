"""How allauth's flows behave here: accounts by invitation only, every mail through the queue of record."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from users import actions
from users.models import User


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: an account begins with an `AccessInvitation`."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put allauth's mail into the queue; the page never talks to a mail server."""
        actions.queue_account_mail(template_prefix, email=email, context=context)


class SecondFactorAdapter(DefaultMFAAdapter):
    def get_totp_label(self, user: User) -> str:
        return user.email
