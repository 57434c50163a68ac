"""Verbs of contact persons about their own body: adding and removing a colleague, who leads, one's own data."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from core.dates import today
from members import actions, addresses
from members.handing_over import end_function, move_up
from members.models import ContactPerson, Municipality, Person
from users.models import User


def store(rows: Iterable[Model], values: Mapping[str, Any]) -> None:
    """Write each value into the row that has a field of this name; rows without a new value stay as they are.

    Raises ValidationError (German, by field) for what cannot be stored. Call it in a transaction.
    """
    for row in rows:
        fields = {field.name for field in row._meta.concrete_fields}
        for name in fields & values.keys():
            setattr(row, name, values[name])
        if fields & values.keys():
            row.full_clean(exclude=fields - values.keys())
            row.save()


@transaction.atomic
def add(municipality: Municipality, person: Person, *, invite: bool, by: User | None) -> ContactPerson:
    """Let a person, known or new, answer for a body from today on, as deputy where somebody leads already.

    Raises ValidationError (German) if she answers there already or, with `invite`, cannot be given access.
    """
    if person.pk is None:
        person.full_clean(exclude=["sort_key"])
        person.save()
    Municipality.objects.held(municipality.pk)
    here = municipality.contacts.on()
    contact = ContactPerson(
        person=person,
        municipality=municipality,
        is_deputy=here.filter(is_deputy=False).exists(),
        started_on=today(),
    )
    if here.filter(person=person).exists():
        raise ValidationError(f"{person} ist hier schon eingetragen.")
    contact.show_no_more_than(person.contact_functions.all())
    contact.full_clean()
    contact.save()
    if invite:
        actions.give_access(person, by=by)
    return contact


def _locked(contact: ContactPerson) -> ContactPerson:
    """Return the row as it is now, with its body and person held until the end of the transaction.

    Raises ValidationError (German) if the function is over meanwhile.
    """
    Municipality.objects.held(contact.municipality_id)
    rows = ContactPerson.objects.select_for_update(of=("self", "person")).select_related("person", "municipality")
    row = rows.filter(pk=contact.pk).first()
    if row is None or row.is_over():
        raise ValidationError(f"{contact.person} ist nicht mehr zuständig. Laden Sie die Seite neu.")
    return row


@transaction.atomic
def change(contact: ContactPerson, values: Mapping[str, Any], *, by: User | None) -> None:
    """Store what changed of a contact and her person, by field name; her account follows a new address.

    Raises ValidationError (German, by field) for what cannot be stored.
    """
    contact = _locked(contact)
    store([contact], values)
    person = contact.person
    own = {name: value for name, value in values.items() if not hasattr(ContactPerson, name)}
    if own:
        for name, value in own.items():
            setattr(person, name, value)
        addresses.save_person(person, by=by)


@transaction.atomic
def make_lead(contact: ContactPerson) -> None:
    """Let this contact lead; whoever led before becomes deputy: "mehrere je Kommune, eine federführend".

    Raises ValidationError (German) if her function is over meanwhile.
    """
    contact = _locked(contact)
    for other in ContactPerson.objects.filter(municipality=contact.municipality, is_deputy=False).exclude(
        pk=contact.pk
    ):
        if not other.is_over():
            other.is_deputy = True
            other.save()
    contact.is_deputy = False
    contact.save()


@transaction.atomic
def remove(contact: ContactPerson, *, on: datetime.date) -> None:
    """End a contact's function with the day before `on`, and her access with it; see `end_function`.

    If she leads, whoever has answered longest leads from then on (`move_up`). Raises ValidationError (German) also
    for the only one who answers: she gives the subject up herself, so that nobody is left out unnoticed.
    """
    contact = _locked(contact)
    others = contact.municipality.contacts.on(on).exclude(pk=contact.pk)
    if not others.exists():
        raise ValidationError("Tragen Sie zuerst jemand anderen ein: Ihre Kommune hätte sonst niemanden.")
    if contact.is_over(on):
        raise ValidationError(f"{contact.person} ist dann schon nicht mehr zuständig.")
    end_function(contact, on=on)
    if not contact.is_deputy:
        move_up(contact.municipality)
    actions.end_unused_accounts([contact.person])
