"""What every page knows beside its own data."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest

from netzwerk.menu import menu_for, own_menu_for


def portal(request: HttpRequest) -> dict[str, object]:
    """Return whether this is the demonstration (its banner and outbox link), the portal's address, for staff the
    seconds until their session ends and through whose eyes they look, at a shared mailbox who of its persons acts,
    and, computed only where it is shown, the menus of the back office and of the own area.
    """
    shared = len(getattr(request, "persons", [])) > 1
    return {
        "demo": settings.DEMO,
        "site_url": settings.SITE_URL,
        "desk_menu": partial(menu_for, request),
        "own_menu": partial(own_menu_for, request),
        "one_of_several": request.acting_person if shared else None,  # type: ignore[attr-defined]
        "viewing": getattr(request, "viewing", None),
        "session_ends_in": getattr(request, "session_ends_in", None),
    }
