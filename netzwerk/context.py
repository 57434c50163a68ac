"""What every page knows beside its own data."""

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:
    """Return whether this is the demonstration (its banner and outbox link) and the portal's address."""
    return {"demo": settings.DEMO, "site_url": settings.SITE_URL}
