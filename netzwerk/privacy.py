"""How long the portal keeps who reported a barrier (see `core.privacy`)."""

import datetime

from django.utils import timezone

from netzwerk.models import BarrierReport

# As long as the address in a delivery row; the report itself names no person and stays for the next statement.
ADDRESS_KEPT = datetime.timedelta(days=365)


def forget_reporters() -> int:
    """Clear the addresses of barrier reports older than 12 months, in the history, too; return of how many reports."""
    before = timezone.now() - ADDRESS_KEPT
    BarrierReport.history.filter(created_at__lt=before).exclude(address="").update(address="")
    return BarrierReport.objects.filter(created_at__lt=before).exclude(address="").update(address="")
