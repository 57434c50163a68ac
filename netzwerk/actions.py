"""Verbs of the portal as a whole: writing and resetting a text, reporting a barrier, keeping the periods."""

import logging

from django.db import transaction
from django.utils import timezone

from core.dates import today
from core.retention import Retention, all_retentions
from netzwerk import emails
from netzwerk.models import BarrierReport, TextPage, TidyRun, shipped

logger = logging.getLogger(__name__)


def save_page(page: TextPage, *, title: str, text: str) -> None:
    """Write a page's title and text. What equals the shipped wording is not stored, so a newer one will show.

    Who writes is known to the history (see `core.history`). ValidationError (German) for a text too long.
    """
    given = shipped(page.key)
    page.own_title = "" if title.strip() == given.title else title.strip()
    page.own_text = "" if text.strip() == given.text else text.strip()
    page.updated_at = timezone.now() if page.is_own else None
    page.full_clean()
    page.save()


def reset_page(page: TextPage) -> None:
    """Let the shipped title and text show again; what stood there stays in the history."""
    given = shipped(page.key)
    save_page(page, title=given.title, text=given.text)


@transaction.atomic
def report_barrier(*, what: str, where: str = "", address: str = "") -> BarrierReport:
    """Keep a report with the day by which it must be answered, and tell the office.

    where: path or address of the page. address: of the person who wants an answer, may be empty.
    """
    report = BarrierReport.objects.create(
        what=what, where=where, address=address, due_on=today() + BarrierReport.ANSWER_WITHIN
    )
    emails.accessibility_feedback(report)
    return report


def keep_periods() -> None:
    """Forget what was kept long enough, by every period of the apps, and note what each did.

    A period that fails changes nothing, is logged and noted, and does not stop the others.
    """
    for retention in all_retentions():
        if retention.forget is not None:
            TidyRun.objects.create(key=retention.key, started_at=timezone.now(), **_kept(retention))


def _kept(retention: Retention) -> dict[str, int | str]:
    assert retention.forget is not None  # noqa: S101 - for the type checker
    try:
        with transaction.atomic():
            return {"rows": retention.forget()}
    except Exception as error:
        logger.exception("the period %s failed, the next night tries again", retention.key)
        return {"error": type(error).__name__}
