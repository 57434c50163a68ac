"""Forms of the sign-in pages: allauth's, with our labels, keyboards for digits and limits on guessing."""

import re
from collections.abc import Callable
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.crypto import constant_time_compare

from core.text import single_line
from users.models import User

_DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off", "spellcheck": "false"}


def _digits(code: str) -> str:
    """Mail programs turn the hyphen into other dashes or spaces when a code is copied."""
    return re.sub("[^0-9]", "", code)


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
        self.cleaned_data["code"] = _digits(self.cleaned_data["code"])
        code = super().clean_code()
        usage.rollback()
        return code


class AuthenticateForm(mfa.AuthenticateForm):
    code = _code_field("Code aus der App", "Ohne Ihr Gerät: Geben Sie einen Ihrer Notfallcodes ein.")


class ReauthenticateForm(mfa.ReauthenticateForm):
    code = _code_field("Code aus der App", "Ohne Ihr Gerät: Geben Sie einen Ihrer Notfallcodes ein.")


class ActivateTOTPForm(totp.ActivateTOTPForm):
    code = _code_field("Code aus der App", "Sechs Ziffern, die die App jetzt für das Kommunen-Netzwerk anzeigt.")


class AddressForm(forms.Form):
    """The address that an account's owner wants to have."""

    email = forms.EmailField(
        label="Neue E-Mail-Adresse",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Geben Sie die neue Adresse ein.",
            "invalid": "Geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@stadt.de.",
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if email == self.user.email:
            raise ValidationError("Geben Sie eine andere Adresse ein: Diese haben Sie schon.")
        return email


class AddressCodeForm(forms.Form):
    code = _code_field("Code aus der E-Mail", "Sechs Ziffern, mit oder ohne Bindestrich.")

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        self.expected = code
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        if not constant_time_compare(_digits(self.cleaned_data["code"]), _digits(self.expected)):
            raise get_adapter().validation_error("incorrect_code")
        return self.cleaned_data["code"]


def _name_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label="Name",
        help_text="Daran erkennen Sie ihn wieder, zum Beispiel „Diensthandy“.",
        max_length=60,
        required=required,
        validators=[single_line],
        error_messages={"required": "Geben Sie dem Passkey einen Namen."},
    )


class _AnswerField(forms.JSONField):
    """JSON of the browser; also where somebody nests it too deeply for Python, or hides a NUL from PostgreSQL."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        refusal = ValidationError(self.error_messages["invalid"])
        if "\\u0000" in str(value):
            raise refusal
        try:
            return super().to_python(value)
        except RecursionError:
            raise refusal from None


class _PasskeyAnswer(forms.Form):
    """Base of the forms that bring what the browser answered; it comes from outside and may be anything."""

    refusal: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        messages = {"required": self.refusal, "invalid": self.refusal}
        self.fields["credential"] = _AnswerField(error_messages=messages)

    def _checked(self, check: Callable[[], Any]) -> Any:
        try:
            return check()
        except DatabaseError:
            raise
        except Exception as error:  # the library takes binary data apart and fails in a dozen ways
            told = getattr(error, "code", "") == "too_many_login_attempts"
            raise error if told else ValidationError(self.refusal) from error


class AddPasskeyForm(_PasskeyAnswer, webauthn.SignupWebAuthnForm):
    """A new passkey. The name may be missing: the browser has made the passkey already, and it must not be lost."""

    refusal = "Richten Sie den Passkey noch einmal ein: Die Antwort Ihres Browsers war nicht zu gebrauchen."
    name = _name_field(required=False)
    field_order = ("name", "credential")

    def clean(self) -> dict[str, Any]:
        if "credential" not in self.cleaned_data:
            return self.cleaned_data
        return self._checked(super().clean)


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    name = _name_field(required=True)


class _PasskeyProof(_PasskeyAnswer):
    refusal = "Versuchen Sie es noch einmal: Dieser Passkey passt nicht zu einem Konto, oder es hat zu lange gedauert."

    def clean_credential(self) -> Any:
        return self._checked(super().clean_credential)  # type: ignore[misc]


class SignInByPasskeyForm(_PasskeyProof, webauthn.LoginWebAuthnForm):
    """Signs in; the account is found by the passkey."""


class AuthenticateByPasskeyForm(_PasskeyProof, webauthn.AuthenticateWebAuthnForm):
    """The passkey after the code by e-mail, in place of the app."""


class ReauthenticateByPasskeyForm(_PasskeyProof, webauthn.ReauthenticateWebAuthnForm):
    """Shows that it is still the same person."""
