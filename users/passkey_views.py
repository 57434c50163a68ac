"""Passkeys: allauth's views, told by mail in the transaction of the change, with staff never left without a factor."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import auto_generate_recovery_codes
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth, flows
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.http import urlencode

from users import emails, forms
from users.middleware import ACTING_PERSON
from users.models import User


def can_hold_passkeys(request: HttpRequest) -> bool:
    """Whether this page was opened under the portal's own name: no other address, least an IP address, can hold one."""
    return request.get_host().partition(":")[0] == get_adapter().get_public_key_credential_rp_entity()["id"]


class AddPasskeyView(webauthn.AddWebAuthnView):
    """Sets up a passkey; staff who had no factor see their recovery codes next, as after setting up the app."""

    form_class = forms.AddPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        options = auth.begin_registration(self.request.user, passwordless=True)
        return context | {"options": options, "can_hold_passkeys": can_hold_passkeys(self.request)}

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        user, name = self.request.user, form.cleaned_data["name"]
        passkey = flows.signup_authenticator(self.request, user, name, form.cleaned_data["credential"])
        # It belongs to one human being, also at a shared mailbox: once she is gone, it lets nobody in.
        passkey.data["person"] = self.request.session.get(ACTING_PERSON)
        passkey.save(update_fields=["data"])
        emails.passkey_added(user, name=name)
        # Making it was the proof of having it: what follows may count on it.
        record_authentication(self.request, user, "mfa", id=passkey.pk, type="webauthn", reauthenticated=True)
        # Contact persons need none: without the passkey the code by e-mail still lets them in.
        codes = auto_generate_recovery_codes(self.request) if user.is_staff else None
        return redirect("mfa_view_recovery_codes" if codes else "mfa_index")


class RenamePasskeyView(webauthn.EditWebAuthnView):
    form_class = forms.RenamePasskeyForm
    success_url = reverse_lazy("mfa_index")


class RemovePasskeyView(webauthn.RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_go=get_adapter().can_delete_authenticator(self.object), **kwargs)

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        # Locked, so that two windows cannot remove the last two factors at once.
        User.objects.select_for_update().get(pk=self.request.user.pk)
        if not get_adapter().can_delete_authenticator(self.object):
            return self.render_to_response(self.get_context_data(form=form))
        emails.passkey_removed(self.request.user, name=str(self.object))
        return super().form_valid(form)


class SignInByPasskeyView(webauthn.LoginWebAuthnView):
    """Signs in without a code: the passkey is the device and its PIN, finger or face, so staff need nothing besides."""

    form_class = forms.SignInByPasskeyForm

    def form_valid(self, form) -> HttpResponse:
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=get_next_redirect_url(self.request))
        response = flows.perform_passwordless_login(self.request, passkey, login)
        if self.request.user.is_authenticated and (person := passkey.data.get("person")):
            self.request.session[ACTING_PERSON] = person
        return response

    def form_invalid(self, form) -> HttpResponse:
        messages.error(self.request, form.refusal)
        wanted = get_next_redirect_url(self.request)
        return redirect(reverse("account_login") + (f"?{urlencode({'next': wanted})}" if wanted else ""))


class AuthenticateView(mfa.AuthenticateView):
    """The second factor: a code of the app, a recovery code, or a passkey if the account has one."""

    form_class, webauthn_form_class = forms.AuthenticateForm, forms.AuthenticateByPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        types = set(Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True))
        context = super().get_context_data(**kwargs)
        return context | {
            "has_passkey": Authenticator.Type.WEBAUTHN in types and can_hold_passkeys(self.request),
            "has_app": Authenticator.Type.TOTP in types,
            "options": context["js_data"]["request_options"],
        }


class ReauthenticateByPasskeyView(webauthn.ReauthenticateWebAuthnView):
    form_class = forms.ReauthenticateByPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"options": context["js_data"]["request_options"]}

    def form_invalid(self, form) -> HttpResponse:
        messages.error(self.request, form.refusal)
        return redirect(self.passthrough_next_url(self.request.path))
