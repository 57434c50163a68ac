"""Forms of the sign-in pages: allauth's, with our labels, keyboards for digits and limits on guessing."""

import re
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms

_DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off", "spellcheck": "false"}


def _code_field(label: str, help_text: str = "", missing: str = "Geben Sie den Code ein.") -> forms.CharField:
    widget = forms.TextInput(attrs=dict(_DIGITS))
    return forms.CharField(label=label, help_text=help_text, widget=widget, error_messages={"required": missing})


class RequestLoginCodeForm(account.RequestLoginCodeForm):
    email = forms.EmailField(
        label="E-Mail-Adresse",
        help_text="Die Adresse, unter der das Netzwerk Sie kennt, meist Ihre dienstliche.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Geben Sie Ihre E-Mail-Adresse ein.",
            "invalid": "Geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@stadt.de.",
        },
    )

    def clean_email(self) -> str:
        """Mail goes to the address that the account holds, not to one that only looks alike."""
        self.cleaned_data["email"] = self.cleaned_data["email"].lower()
        return super().clean_email()


class ConfirmLoginCodeForm(account.ConfirmLoginCodeForm):
    code = _code_field("Anmeldecode", "Sechs Ziffern aus der E-Mail, mit oder ohne Bindestrich.")

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        self.email = email
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        """Count wrong codes by address and by IP, whether there is an account or not; a right one is not counted."""
        key = f"code:{self.email}"
        usage = ratelimit.consume(context.request, app="allauth.account", action="login_failed", key=key)
        if not usage:
            raise get_adapter().validation_error("too_many_login_attempts")
        # Mail programs turn the hyphen into other dashes or spaces when a code is copied.
        self.cleaned_data["code"] = re.sub("[^0-9]", "", self.cleaned_data["code"])
        code = super().clean_code()
        usage.rollback()
        return code


class AuthenticateForm(mfa.AuthenticateForm):
    code = _code_field("Code aus der App", "Ohne Ihr Gerät: Geben Sie einen Ihrer Notfallcodes ein.")


class ReauthenticateForm(mfa.ReauthenticateForm):
    code = _code_field("Code aus der App", "Ohne Ihr Gerät: Geben Sie einen Ihrer Notfallcodes ein.")


class ActivateTOTPForm(totp.ActivateTOTPForm):
    code = _code_field("Code aus der App", "Sechs Ziffern, die die App jetzt für das Kommunen-Netzwerk anzeigt.")
