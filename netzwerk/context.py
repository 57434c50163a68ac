"""What every page knows beside its own data."""

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:
    """Return whether this is the demonstration (its banner and outbox link), the portal's address, and for staff the
    seconds until their session ends.
    """
    return {
        "demo": settings.DEMO,
        "site_url": settings.SITE_URL,
        "session_ends_in": getattr(request, "session_ends_in", None),
    }
