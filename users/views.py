"""Sign-in pages where allauth's own need more: guidance, the way back to where a link led, a change of device."""

import datetime
import time
from typing import Any

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView

from users import emails, forms
from users.middleware import WANTED
from users.models import User
from users.passkey_views import can_hold_passkeys
from users.templatetags.devices import device


@login_required
@require_safe
def stay_signed_in(request: HttpRequest) -> HttpResponse:
    """Say how many seconds the session of staff goes on; asking prolongs it, as any visit does."""
    if not request.user.is_staff:
        raise Http404
    return HttpResponse(str(request.session_ends_in), content_type="text/plain")


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions, on whatever device it runs."""
    session = UserSession.objects.filter(user=request.user, pk=pk).first()
    if session is None:
        raise Http404
    session.end()
    messages.success(request, f"Die Sitzung ist beendet: {device(session.user_agent)}.")
    return redirect("usersessions_list")


class RequestLoginCodeView(account.RequestLoginCodeView):
    """Asks for the address; answers the same whether there is an account or not."""

    form_class = forms.RequestLoginCodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(can_hold_passkeys=can_hold_passkeys(self.request), **kwargs)

    def form_valid(self, form):
        if not form._user:
            emails.rehearse_sign_in_code(form.cleaned_data["email"])
        return super().form_valid(form)

    def _redirect_to_pending_stage(self, request, stage):
        """Someone who waits for a code and follows a second link lands where the second link leads."""
        response = super()._redirect_to_pending_stage(request, stage)
        response["Location"] = self.passthrough_next_url(response.url)
        return response


class ConfirmLoginCodeView(account.ConfirmLoginCodeView):
    """Takes the code: 20 minutes, three tries, two more codes; the way to `next` is kept through all of it."""

    form_class = forms.ConfirmLoginCodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        entrance = reverse("account_request_login_code")
        if response.status_code == 302 and response.url == entrance and request.user.is_anonymous:
            if not getattr(self, "told_why", False):
                messages.warning(request, "Der Code gilt nicht mehr. Fordern Sie einen neuen an.")
            return redirect(self.passthrough_next_url(entrance))
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if self._action == "verify":
            kwargs["email"] = self._process.state["email"]
        return kwargs

    def _verify_form_valid(self, form) -> HttpResponse:
        if self._process.user.email != self._process.state["email"]:
            # The account moved to another address while the code was on its way to the old one.
            self._process.abort()
            return redirect("account_request_login_code")
        return super()._verify_form_valid(form)

    def _resend_form_valid(self, form) -> HttpResponse:
        self._process.state["at"] = time.time()  # the new code, too, holds for its full time
        messages.success(self.request, "Wir haben einen neuen Code abgeschickt. Der vorige gilt nicht mehr.")
        if not self._process.user:
            emails.rehearse_sign_in_code(self._process.state["email"])
        return super()._resend_form_valid(form)

    def form_invalid(self, form) -> HttpResponse:
        response = super().form_invalid(form)
        self.told_why = response.status_code == 302
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ends = self._process.state["at"] + settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
        tries_left = settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS - self._process.state["failed_attempts"]
        valid_until = datetime.datetime.fromtimestamp(ends, tz=timezone.get_current_timezone())
        return super().get_context_data(valid_until=valid_until, tries_left=tries_left, **kwargs)


class ActivateTOTPView(totp.ActivateTOTPView):
    """Sets up the authenticator app; then the recovery codes are shown without asking for a second code."""

    form_class = forms.ActivateTOTPForm

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        emails.second_factor_added(self.request.user)
        # Typing the code was the proof of having the device: what follows may count on it.
        record_authentication(self.request, self.request.user, "mfa", type="totp", reauthenticated=True)
        return response


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class ReplaceTOTPView(ActivateTOTPView):
    """Moves the second factor to a new device: the old one holds until the code of the new one was right."""

    extra_context = {"is_replacement": True}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            return redirect("mfa_activate_totp")
        return FormView.dispatch(self, request, *args, **kwargs)

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.TOTP).delete()
        return super().form_valid(form)


class DeactivateTOTPView(totp.DeactivateTOTPView):
    """Removes the authenticator app and tells by mail."""

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        user = User.objects.select_for_update().get(pk=self.request.user.pk)
        if not get_mfa_adapter().can_delete_authenticator(self.authenticator):
            return self.form_invalid(self.get_form())
        emails.second_factor_removed(user)
        if not user.is_staff:
            # Nothing would ask for them any more, though a passkey may stay.
            Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
        return super().form_valid(form)


class GenerateRecoveryCodesView(recovery_codes.GenerateRecoveryCodesView):
    """Makes new recovery codes and tells by mail."""

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        emails.recovery_codes_renewed(self.request.user)
        return super().form_valid(form)


class ViewRecoveryCodesView(recovery_codes.ViewRecoveryCodesView):
    """Shows the recovery codes; the button below leads on to the page that was wanted before the set-up."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.request.session.get(WANTED) or get_adapter().get_login_redirect_url(self.request)
        return super().get_context_data(continue_url=wanted, **kwargs)
