"""Verbs of memberships and functions: who is in, who answers and leads, who has access."""

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from core.dates import PartialDate, Precision, long_date, today
from core.periods import not_over
from members import candidacies, emails
from members.models import ContactPerson, HeadOfAdministration, Membership, Municipality, Person, Visibility
from members.models.people import Function, FunctionQuerySet
from users import actions as user_actions
from users.models import User
from users.roles import Office

_DAY = datetime.timedelta(days=1)
# Rows that one statement stores.
_BATCH = 500


def start_membership(
    municipality: Municipality, *, begin: PartialDate | None, source: str = "", note: str = ""
) -> Membership:
    """Open a membership, historical or new; `begin` None means that the start is not proven.

    Raises ValidationError in German if the body is a member already or the period overlaps another one, also when
    two people do it at the same moment.
    """
    membership = Membership(municipality=municipality, source=source, note=note)
    if begin:
        membership.started_on, membership.precision = begin.day, begin.precision
    return save_membership(membership)


def save_membership(membership: Membership) -> Membership:
    """Check and store a period; one that lasts ends the candidacy.

    What only the database can see (a second person at work) gets the same sentence.
    """
    if not membership.started_on:
        membership.precision = Precision.UNKNOWN
    membership.full_clean()
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        if not Membership.objects.overlapping(membership).exists():
            raise
        raise ValidationError(membership.overlap_message()) from error
    if not membership.is_over():
        candidacies.end(membership.municipality)  # a member is no candidate
    return membership


@transaction.atomic
def save_contact(contact: ContactPerson) -> ContactPerson:
    """Check and store a contact together with her person, new ones included. ValidationError (German) if refused."""
    _save_function(contact)
    return contact


@transaction.atomic
def save_contacts(contacts: Collection[ContactPerson]) -> None:
    """Store many contacts with their persons, new ones included, each as `save_contact` would, in a few queries.

    Their fields are checked already (`clean_fields`). IntegrityError if they contradict each other or what is stored.
    """
    _save_many(Person, list({id(contact.person): contact.person for contact in contacts}.values()))
    for contact in contacts:
        contact.person = contact.person  # a new person has her number only now
    _save_many(ContactPerson, contacts)


def _save_many(model: type[Any], rows: Iterable[Any]) -> None:
    """Store new rows and those that differ from what is stored, with a version of each."""
    rows = list(rows)
    for row in rows:
        if isinstance(row, Person):
            row.fill_in()
    new, known = [row for row in rows if row.pk is None], [row for row in rows if row.pk]
    bulk_create_with_history(new, model, batch_size=_BATCH)
    stored = model._base_manager.in_bulk([row.pk for row in known])
    changes = {row.pk: _differing(row, stored[row.pk]) for row in known}
    names = sorted(set().union(*changes.values()))
    if names:
        changed = [row for row in known if changes[row.pk]]
        bulk_update_with_history(changed, model, names, batch_size=_BATCH)


def _differing(row: Model, stored: Model) -> set[str]:
    fields = row._meta.concrete_fields
    return {field.name for field in fields if getattr(row, field.attname) != getattr(stored, field.attname)}


@transaction.atomic
def save_head(head: HeadOfAdministration, *, replaces: HeadOfAdministration | None = None) -> HeadOfAdministration:
    """Check and store a head together with her person, new ones included. ValidationError (German) if refused.

    `replaces` is whoever was in office until the day before: her term ends.
    """
    if replaces and head.started_on:
        _end_terms(HeadOfAdministration.objects.filter(pk=replaces.pk), head.started_on)
    _save_function(head)
    return head


def _end_terms(terms: FunctionQuerySet, on: datetime.date) -> int:
    """End those of these terms that are not over with the day before `on`; return how many."""
    rows = list(terms.select_for_update().filter(not_over(on)))
    for term in rows:
        if term.started_on and term.started_on >= on:
            begin = long_date(term.started_on)
            raise ValidationError(f"Wählen Sie einen späteren Tag: Dort beginnt am {begin} schon eine Amtszeit.")
        term.ended_on = on - _DAY
        term.save()
    return len(rows)


def _save_function(function: ContactPerson | HeadOfAdministration) -> None:
    function.person.full_clean(exclude=["sort_key"])
    function.person.save()
    function.person = function.person  # a new person has her number only now
    function.full_clean()
    function.save()


@transaction.atomic
def end_membership(municipality: Municipality, *, on: datetime.date, reason: str, by: User | None) -> list[Person]:
    """Let a body leave the network: `on` is the last day of membership and of its contacts' functions.

    Accounts that nobody needs any more end with that day, and the persons are told. Returns the contact persons.
    Raises ValidationError (German) if the body is no member, `on` lies before its start, or there is no reason.
    """
    Municipality.objects.held(municipality.pk)
    membership = municipality.memberships.select_for_update().filter(not_over()).first()
    if membership is None:
        raise ValidationError(f"{municipality} ist kein Mitglied.")
    membership.ended_on, membership.end_reason = on, reason
    save_membership(membership)
    rows = municipality.contacts.select_for_update(of=("self",)).select_related("person", "municipality")
    contacts = list(rows.filter(not_over(on)))
    for contact in contacts:
        # Who would have begun later never does; a last day before the first cannot be stored.
        contact.ended_on = max(on, contact.started_on or on)
        contact.save()
        emails.function_ended(contact)
    persons = [contact.person for contact in contacts]
    end_unused_accounts(persons)
    return persons


@transaction.atomic
def replace_heads(heads: Iterable[HeadOfAdministration], *, on: datetime.date) -> int:
    """Let these, not stored yet, take office on that day and their predecessors' terms end the day before.

    Returns how many terms ended. All or nothing: ValidationError (German) with a sentence for each body where it is
    not possible, because the term of today's head began on that day or later.
    """
    ended, refused = 0, []
    for head in heads:
        try:
            ended += _replace_head(head, on)
        except ValidationError as error:
            refused += [f"{head.municipality}: {message}" for message in error.messages]
    if refused:
        raise ValidationError(refused)
    return ended


def _replace_head(head: HeadOfAdministration, on: datetime.date) -> int:
    """Store one; return how many terms ended, one or none."""
    ended = _end_terms(HeadOfAdministration.objects.filter(municipality=head.municipality), on)
    if head.person.pk is None:
        head.person.save()
        head.person = head.person  # Django notes the number of a person only when she is stored before
    head.started_on = on
    head.full_clean()
    head.save()
    return ended


@transaction.atomic
def give_access(person: Person, *, by: User | None) -> User:
    """Link a person with the account of her address, opened if needed; invite unless it is in use already.

    Several persons may share a mailbox and so an account. Raises ValidationError (German) if the person has no
    address, answers for no member, or the account is blocked.
    """
    if not person.email:
        raise ValidationError("Tragen Sie zuerst die E-Mail-Adresse der Person ein.")
    user = user_actions.find_or_open(person.email, by=by)
    if not user.is_active:
        raise ValidationError(
            "Das Konto zu dieser Adresse ist gesperrt. Bitten Sie die Administration, es freizuschalten."
        )
    if not (user.is_staff or person.has_access(or_later=True)):
        raise ValidationError("Tragen Sie zuerst ein, für welche Mitgliedskommune die Person zuständig ist.")
    person.user = user
    person.save(update_fields=["user"])
    if not person.uses_access:
        user_actions.invite(user, by=by)
    return user


@transaction.atomic
def end_everything_of(person: Person) -> None:
    """End all that a person is in the network, with yesterday as the last day, and withdraw what she released.

    What began today or begins later goes as if it had never been: a last day before the first cannot be stored.
    """
    yesterday = today() - _DAY
    kinds: list[Any] = Function.__subclasses__()
    for kind in kinds:
        for function in kind._base_manager.select_for_update().filter(person=person):
            if function.started_on and function.started_on > yesterday:
                function.delete()
                continue
            if not function.is_over():
                function.ended_on = yesterday
            if isinstance(function, ContactPerson):
                hidden = Visibility.OFFICE
                function.name_visibility = function.email_visibility = function.phone_visibility = hidden
            function.save()
    person.profile_drafts.all().delete()


def end_unused_accounts(persons: Iterable[Person] | None = None) -> list[User]:
    """End the accounts of these persons (of all, if none are given) behind which nobody has access, now or later.

    Accounts of staff and blocked ones stay. Every night this finds the functions that ended by their date alone.
    """
    accounts = User.objects.filter(is_active=True, is_administrator=False, office=Office.NONE, persons__isnull=False)
    if persons is not None:
        accounts = accounts.filter(persons__in=list(persons))
    unused = list(accounts.exclude(persons__in=Person.objects.with_access(or_later=True)).distinct())
    for user in unused:
        # Deleting the account clears the link in the database alone; the history of the person shall show it, too.
        for person in user.persons.all():
            person.user = None
            person.save(update_fields=["user"])
        user_actions.end_account(user)
    return unused
