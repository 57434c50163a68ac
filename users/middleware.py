"""Rules that hold for every request of a signed-in account: how long a session lives, and the second factor of staff."""

import datetime

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import resolve
from django.utils import timezone

STAFF_IDLE = datetime.timedelta(hours=2)
STAFF_AT_MOST = datetime.timedelta(hours=12)
CONTACT_AT_MOST = datetime.timedelta(days=30)
# Written at most once a minute, so that reading pages does not mean writing sessions.
_TOUCH_EVERY = datetime.timedelta(minutes=1)

_STARTED, _SEEN = "session_started", "session_seen"


class SessionLimitMiddleware:
    """Ends sessions: staff after 2 idle hours and at most 12, contact persons after 30 days."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and self._is_over(request):
            logout(request)
        return self.get_response(request)

    def _is_over(self, request) -> bool:
        now = timezone.now().timestamp()
        started = request.session.setdefault(_STARTED, now)
        seen = request.session.setdefault(_SEEN, now)
        if now - seen > _TOUCH_EVERY.total_seconds():
            request.session[_SEEN] = now
        if request.user.is_staff:
            return now - started > STAFF_AT_MOST.total_seconds() or now - seen > STAFF_IDLE.total_seconds()
        return now - started > CONTACT_AT_MOST.total_seconds()


class SecondFactorMiddleware:
    """Leads staff without a second factor to its set-up; until then they reach nothing but their account pages."""

    _ALLOWED = ("account_", "mfa_")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not (user.is_authenticated and user.is_staff):
            return None
        if (resolve(request.path_info).url_name or "").startswith(self._ALLOWED) or is_mfa_enabled(user):
            return None
        return redirect("mfa_activate_totp")
