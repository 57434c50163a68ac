"""What every page knows beside its own data."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest

from netzwerk.menu import menu_for


def portal(request: HttpRequest) -> dict[str, object]:
    """Return whether this is the demonstration (its banner and outbox link), the portal's address, and for staff the
    seconds until their session ends and, computed only where it is shown, the menu of the back office.
    """
    return {
        "demo": settings.DEMO,
        "site_url": settings.SITE_URL,
        "desk_menu": partial(menu_for, request),
        "session_ends_in": getattr(request, "session_ends_in", None),
    }
