"""What the probes ask: does the database answer, and the broker, is there room for files, how long does mail wait?"""

import os
import shutil
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Min
from django.utils import timezone

from core import jobs
from core.models import OutgoingMail


def database_answers() -> bool:
    """Whether the database answers a question at this moment; takes as long as its time-outs allow at most."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    """Whether tasks can be woken at this moment; waits about a second at most."""
    return jobs.broker_answers()


def storage() -> dict[str, Any]:
    """Return whether files can be written, and how many megabytes are free where they lie."""
    folder = settings.DATA_DIR
    if not folder.is_dir():
        return {"writable": False, "free_mb": 0}
    return {"writable": os.access(folder, os.W_OK), "free_mb": shutil.disk_usage(folder).free // 1_000_000}


def mail_waits() -> int:
    """Return for how many seconds the mail that waits longest could have gone out already; 0 if none waits."""
    oldest = OutgoingMail.objects.ready().aggregate(oldest=Min("due_at"))["oldest"]
    return int((timezone.now() - oldest).total_seconds()) if oldest else 0
