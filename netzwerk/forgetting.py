"""Verbs of erasing a person (Art. 17 DSGVO): asked for, confirmed by a second person, and done in every app.

Guests are forgotten the same way when their time is over, and whom a restored backup brought back.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core import actions as core_actions
from core import erasing, journal, revision
from meetings.ending import give_everything_back, withdraw_all_links
from meetings.privacy import guests_to_forget
from members import actions as members_actions
from members.imports import striking
from members.models import Person
from members.privacy import subject_of
from netzwerk.models import Erasure
from users import actions as user_actions
from users.models import User


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
    give_everything_back(person)
    withdraw_all_links(person)
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
