"""Verbs of the portal as a whole: texts and reports of barriers, keeping the periods, and what spans all apps.

Handing over, leaving, merging and erasing call one function of every app that keeps something for the person or body.
"""

import datetime
import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core import actions as core_actions
from core import erasing, journal, revision
from core.dates import today
from core.retention import Retention, all_retentions
from mailings import subscribing
from meetings.privacy import guests_to_forget
from members import access as members_access
from members import actions as members_actions
from members import handing_over, merging
from members.imports import striking
from members.models import ContactPerson, Municipality, Person
from members.privacy import subject_of
from netzwerk import emails
from netzwerk.models import BarrierReport, Erasure, TextPage, TidyRun, Viewing, shipped
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
def hand_over(
    contact: ContactPerson, *, successor: Person | None, on: datetime.date, by: User | None
) -> ContactPerson | None:
    """Pass a contact person's subject on ("Ich gebe das Thema ab"); see `members.handing_over`."""
    return handing_over.hand_over(contact, successor=successor, on=on, by=by)


@transaction.atomic
def leave(municipality: Municipality, *, on: datetime.date, reason: str, by: User | None) -> list[Person]:
    """Let a body leave the network with `on` as its last day; see `members.actions.end_membership`."""
    return members_actions.end_membership(municipality, on=on, reason=reason, by=by)


@transaction.atomic
def merge(keep: Person, other: Person) -> Person:
    """Make one of two rows that are the same human being; see `members.merging`."""
    subscribing.join(keep, other)
    return merging.merge_persons(keep, other)


@transaction.atomic
def remove_employee(user: User, *, by: User | None) -> None:
    """Take somebody out of the staff at once; the account is blocked unless she answers for a member as well.

    Raises ValidationError (German) as `users.actions.take_office` does.
    """
    user_actions.take_office(user, by=by)
    if not members_access.persons_acting(user):
        user_actions.block(user, by=by)


# --- erasing a person (Art. 17 DSGVO) -------------------------------------------------------------------------------


def request_erasure(person: Person, *, by: User, own_wish: bool = False) -> Erasure:
    """Ask an administrator to erase a person. own_wish: she asks herself.

    Asked twice, the first request stays. ValidationError for staff and for who is erased already.
    """
    if reason := _why_not_erasable(person):
        raise ValidationError(reason)
    given = {"requested_by": by, "own_wish": own_wish}
    return Erasure.objects.open().get_or_create(person=person, defaults=given)[0]


def _why_not_erasable(person: Person) -> str:
    if person.is_erased:
        return "Diese Person ist schon gelöscht."
    if person.user and person.user.is_staff:
        return (
            "Diese Person gehört zu den Mitarbeitenden. Nehmen Sie ihrem Konto zuerst Stelle und Administration, "
            "dann lässt sie sich löschen."
        )
    return ""


def withdraw_erasure(person: Person) -> bool:
    """Take the open request back, if there is one; return whether there was. What is done already stays done."""
    return bool(Erasure.objects.open().filter(person=person).update(withdrawn_at=timezone.now()))


@transaction.atomic
def erase(person: Person, *, by: User) -> None:
    """Do what was requested: empty everything that names the person. There is no way back.

    ValidationError if no request is open, if the same account made it ("vier Augen"), or if the person
    has come to the staff meanwhile.
    """
    locked = Erasure.objects.open().select_for_update().filter(person=person).first()
    if locked is None:
        raise ValidationError("Über diesen Antrag ist schon entschieden. Laden Sie die Seite neu.")
    if locked.requested_by_id == by.pk:
        raise ValidationError(
            "Diesen Antrag haben Sie selbst gestellt. Bitten Sie eine andere Administratorin oder einen anderen "
            "Administrator, ihn zu bestätigen."
        )
    if reason := _why_not_erasable(person):
        raise ValidationError(reason)
    forget_person(person)
    # Not with the row as it was read: if she asked herself, her account is gone from it by now.
    Erasure.objects.filter(pk=locked.pk).update(done_at=timezone.now(), done_by=by)


@transaction.atomic
def forget_person(person: Person) -> None:
    """Leave of a person only her number and what counts without her name; one function of each app."""
    subject = subject_of(person)
    surnames = {version.last_name for version in [person, *person.history.all()]} - {""}
    members_actions.end_everything_of(person)
    striking.strike_out(subject)
    core_actions.stop_mail_to(subject)
    for user in User.objects.filter(pk__in=subject.ids("user")):
        user_actions.end_account(user)
    erasing.empty(subject)
    revision.raise_number()
    journal.append(person.key, surnames)


def forget_guests() -> int:
    """Erase guests whose last date lies 12 months back; return how many."""
    guests = list(guests_to_forget())
    for guest in guests:
        forget_person(guest)
    return len(guests)


def forget_again(entry: journal.Entry) -> bool:
    """Erase whom a restored backup brought back; return whether there was anybody to erase."""
    kind, _, number = entry.key.partition(":")
    person = Person.objects.filter(pk=number).first() if kind == "person" else None
    if person is None or person.is_erased:
        return False
    if not any(entry.fits(version.last_name) for version in [person, *person.history.all()]):
        return False
    forget_person(person)
    return True


# --- "Als diese Person ansehen" -------------------------------------------------------------------------------------


def start_viewing(person: Person, *, by: User) -> Viewing:
    """Note that somebody of the staff begins to look through a person's eyes."""
    return Viewing.objects.create(person=person, viewer=by)


def stop_viewing(person_pk: int, *, by: User) -> None:
    """Note the end; a view that ended with its session has none."""
    latest = Viewing.objects.filter(person=person_pk, viewer=by, ended_at=None).first()
    if latest:
        Viewing.objects.filter(pk=latest.pk).update(ended_at=timezone.now())
