"""How long the portal remembers from where somebody signed in.

The table of all periods comes with the pages on data protection (see `core.privacy`).
"""

import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

# "Spuren der Anmeldung: 7 Tage" – unless the session still lives, whose owner sees it in her list of devices.
TRACES_KEPT = datetime.timedelta(days=7)


def forget_traces() -> None:
    """Delete ended sessions at once, and IP address and browser of those that are older than 7 days."""
    call_command("clearsessions")
    for session in UserSession.objects.filter(created_at__lt=timezone.now() - TRACES_KEPT).select_related("user"):
        # No session of staff lives that long (users.middleware), but its row ends only with the next visit.
        if not session.purge() and session.user.is_staff:
            session.end()
    _forget_counters()


def _forget_counters() -> None:
    """Delete rate limits that are over: they bear IP addresses, and Django drops them only when the table is full."""
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608 - the name is our own setting
