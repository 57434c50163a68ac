"""Rules for every request of a signed-in account: how long a session lives, and the second factor of staff."""

import datetime

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils import timezone

from users.cipher import UnreadableSecretError
from users.models import SECOND_FACTORS

STAFF_IDLE = datetime.timedelta(hours=2)
STAFF_AT_MOST = datetime.timedelta(hours=12)
CONTACT_AT_MOST = datetime.timedelta(days=30)
# Written at most once a minute, so that reading pages does not mean writing sessions.
_TOUCH_EVERY = datetime.timedelta(minutes=1)

_STARTED, _SEEN = "session_started", "session_seen"
# Who acts in this session, where an account knows persons (members.middleware); a passkey remembers it.
ACTING_PERSON = "acting_person"
# The page that staff asked for before they were led to setting up the second factor.
WANTED = "wanted_page"


class SessionLimitMiddleware:
    """Ends sessions: staff after 2 idle hours and at most 12, contact persons after 30 days."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and (reason := self._why_over(request)):
            logout(request)
            messages.info(request, f"{reason} Bitte melden Sie sich neu an.")
        return self.get_response(request)

    def _why_over(self, request) -> str:
        """Return why the session ends now (German), or "" if it goes on; notes that it was used."""
        now = timezone.now().timestamp()
        age = now - request.session.setdefault(_STARTED, now)
        idle = now - request.session.setdefault(_SEEN, now)
        if idle > _TOUCH_EVERY.total_seconds():
            request.session[_SEEN] = now
        if not request.user.is_staff:
            return "Sie waren 30 Tage angemeldet." if age > CONTACT_AT_MOST.total_seconds() else ""
        if idle > STAFF_IDLE.total_seconds():
            return "Sie wurden nach 2 Stunden ohne Aktivität abgemeldet."
        if age > STAFF_AT_MOST.total_seconds():
            return "Sie wurden nach 12 Stunden abgemeldet."
        # For the warning on the page (templates/components/session_end.html).
        idle_since = request.session[_SEEN]
        ends = min(idle_since + STAFF_IDLE.total_seconds(), now - age + STAFF_AT_MOST.total_seconds())
        request.session_ends_in = max(int(ends - now), 1)
        return ""


class SecondFactorMiddleware:
    """Leads staff without a second factor to its set-up; until then they reach nothing but what the set-up needs.

    The recovery codes belong to it: whoever never saw them would stand outside after losing the telephone.
    """

    _SIGNING_OUT = ("account_logout", "account_login", "account_inactive")
    _SET_UP = ("mfa_activate_totp", "mfa_add_webauthn")
    _RECOVERY_CODES = (
        "mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    )  # fmt: skip

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        # With its namespace: "admin:mfa_authenticator_changelist" is none of the account pages.
        name = request.resolver_match.view_name
        if not (request.user.is_authenticated and request.user.is_staff) or name in self._SIGNING_OUT:
            return None
        allowed = self._missing_step(request.user)
        if not allowed or name in allowed:
            return None
        if request.method == "GET":
            request.session[WANTED] = request.get_full_path()
        return redirect(allowed[0])

    def process_exception(self, request, exception):
        """Forms show it at their field; on any other page only signing in anew can help."""
        if not isinstance(exception, UnreadableSecretError):
            return None
        logout(request)
        messages.error(request, exception.message)
        return redirect("account_login")

    def _missing_step(self, user) -> tuple[str, ...]:
        """Return the pages of the step still to be done, its own first; none if all is done."""
        factors = {factor.type: factor for factor in Authenticator.objects.filter(user=user)}
        if not factors.keys() & set(SECOND_FACTORS):
            return self._SET_UP
        codes = factors.get(Authenticator.Type.RECOVERY_CODES)
        return self._RECOVERY_CODES if codes and not codes.wrap().did_view else ()
