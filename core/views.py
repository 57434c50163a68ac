"""Addresses that machines ask for, and the pages shown when something fails. No session, no cookie."""

import datetime
import sys

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.defaults import server_error as django_server_error

from core import health
from core.outage import is_outage

# A restart of PostgreSQL takes seconds; whoever comes back after these finds it running again, as a rule.
RETRY_AFTER_SECONDS = 5
# RFC 9116 asks for a date less than a year away. The contact is a setting of the running portal, so it is never stale.
SECURITY_TEXT_HOLDS = datetime.timedelta(days=180)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. Asks nobody else, so an outage elsewhere restarts no container."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: fails for the database alone, without which no page works; tells the state of the rest for watching."""
    state = {"database": health.database_answers(), "broker": health.broker_answers(), "storage": health.storage()}
    try:
        state["mail_waits_seconds"] = health.mail_waits() if state["database"] else None
    except DatabaseError:  # gone between the two questions
        state |= {"database": False, "mail_waits_seconds": None}
    if state["database"]:
        return JsonResponse(state)
    return JsonResponse(state, status=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


@require_safe
def security_text(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116)."""
    expires = (timezone.now() + SECURITY_TEXT_HOLDS).astimezone(datetime.UTC).replace(microsecond=0, tzinfo=None)
    lines = [
        f"Contact: {_security_contact()}",
        f"Expires: {expires.isoformat()}Z",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _security_contact() -> str:
    """Return SECURITY_CONTACT as an address for links; without it the office's mailbox."""
    contact = settings.SECURITY_CONTACT or settings.MAIL_OFFICE
    return contact if contact.startswith(("https://", "mailto:")) else f"mailto:{contact}"


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error nobody caught: 503 while the database is away, else 500.

    Not a middleware: Django turns an exception into an answer below each of them, so one of them sees only what views
    raise. But sessions and accounts ask the database in middlewares.
    """
    if is_outage(sys.exc_info()[1]):
        return _unavailable()
    return django_server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that makes no sense; a session that cannot be saved for want of a database comes here, too."""
    if is_outage(exception):
        return _unavailable()
    # Django's own view looks for a form's token, and so once more at the form that could not be read.
    return HttpResponse(loader.get_template("400.html").render(), status=400)


def _unavailable() -> HttpResponse:
    page = loader.get_template("503.html").render()
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(page, status=503, headers=headers)
