"""Verbs of the portal as a whole: texts and reports of barriers, keeping the periods, and what spans all apps.

What spans apps calls one function of each app that keeps something; erasing a person is `netzwerk.forgetting`.
"""

import logging

from django.db import transaction
from django.utils import timezone

from core.dates import today
from core.retention import Retention, all_retentions
from mailings import subscribing
from meetings import merging as places
from members import access as members_access
from members import merging
from members.models import Person
from netzwerk import emails
from netzwerk.models import BarrierReport, TextPage, TidyRun, Viewing, shipped
from users import actions as user_actions
from users.models import User

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


@transaction.atomic
def merge(keep: Person, other: Person) -> Person:
    """Make one of two rows that are the same human being; see `members.merging`."""
    subscribing.join(keep, other)
    places.join(keep, other)
    return merging.merge_persons(keep, other)


@transaction.atomic
def remove_employee(user: User, *, by: User | None) -> None:
    """Take somebody out of the staff at once; the account is blocked unless she answers for a member as well.

    Raises ValidationError (German) as `users.actions.take_office` does.
    """
    user_actions.take_office(user, by=by)
    if not members_access.persons_acting(user):
        user_actions.block(user, by=by)


# --- "Als diese Person ansehen" -------------------------------------------------------------------------------------


def start_viewing(person: Person, *, by: User) -> Viewing:
    """Note that somebody of the staff begins to look through a person's eyes."""
    return Viewing.objects.create(person=person, viewer=by)


def stop_viewing(person_pk: int, *, by: User) -> None:
    """Note the end; a view that ended with its session has none."""
    latest = Viewing.objects.filter(person=person_pk, viewer=by, ended_at=None).first()
    if latest:
        Viewing.objects.filter(pk=latest.pk).update(ended_at=timezone.now())
