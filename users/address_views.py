"""Change of one's own address: a code that goes to the new one proves it before anything changes."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.core.internal import ratelimit
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from users import actions
from users.forms import AddressCodeForm, AddressForm

# The session's note of the address to be proved: email, code, since when, how many wrong tries.
_PENDING = "new_address"
# A mailbox gets at most three of these mails in an hour, whoever asks for them.
_LIMITS = {"change_address": "10/h/user,3/h/key"}


@reauthentication_required(app="users")
@require_http_methods(["GET", "HEAD", "POST"])
def change_address(request: HttpRequest) -> HttpResponse:
    """Ask for the new address. The answer is the same whether it has an account or not."""
    form = AddressForm(request.POST or None, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return render(request, "users/change_address.html", {"form": form})
    email, code = form.cleaned_data["email"], get_adapter().generate_login_code()
    limits = {"app": "users", "action": "change_address", "config": _LIMITS, "user": request.user, "key": email}
    if not ratelimit.consume(request, **limits):
        return render(request, "429.html", status=429)
    actions.prove_address(request.user, email=email, code=code)
    request.session[_PENDING] = {"email": email, "code": code, "at": time.time(), "failed": 0}
    return redirect("confirm_address")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest) -> HttpResponse:
    """Take the code; the address changes, and every other session of the account ends."""
    pending = request.session.get(_PENDING)
    if not pending or time.time() > pending["at"] + settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT:
        return _start_again(request)
    form = AddressCodeForm(request.POST or None, code=pending["code"])
    if request.method == "POST" and form.is_valid():
        return _change(request, pending["email"])
    if request.method == "POST" and _no_try_left(request, pending):
        return _start_again(request)
    return render(request, "users/confirm_address.html", {"form": form, "email": pending["email"]})


def _no_try_left(request: HttpRequest, pending: dict[str, Any]) -> bool:
    pending["failed"] += 1
    request.session[_PENDING] = pending
    return pending["failed"] >= settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS


def _start_again(request: HttpRequest) -> HttpResponse:
    if request.session.pop(_PENDING, None):
        messages.warning(request, "Der Code gilt nicht mehr. Fordern Sie einen neuen an.")
    return redirect("change_address")


def _change(request: HttpRequest, email: str) -> HttpResponse:
    del request.session[_PENDING]
    try:
        with transaction.atomic():
            actions.change_account(request.user, email=email, by=request.user)
            # Tied to the address, every session is over; this one goes on under a new key.
            UserSession.objects.filter(user=request.user).delete()
            update_session_auth_hash(request, request.user)
            UserSession.objects.create_from_request(request)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("change_address")
    messages.success(request, f"Ihre Adresse ist jetzt {email}. Andere Sitzungen sind beendet.")
    return redirect("mfa_index")
