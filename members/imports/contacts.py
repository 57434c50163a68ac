"""The list of contact persons: which row is which person, and what it changes."""

from collections import defaultdict
from collections.abc import Mapping

from members import actions
from members.imports import cells
from members.imports.columns import (
    AGS,
    BODY,
    CONTACT_SINCE,
    EMAIL,
    FIRST_NAME,
    FORM_OF_ADDRESS,
    FULL_NAME,
    IS_DEPUTY,
    KIND,
    LAST_NAME,
    PHONE,
    POSITION,
    TITLE,
)  # fmt: skip
from members.imports.lines import Line
from members.models import ContactPerson, Municipality, Person, name_key
from users.models import User

FIELDS = (
    BODY, KIND, AGS, FORM_OF_ADDRESS, TITLE, FIRST_NAME, LAST_NAME, FULL_NAME, EMAIL, PHONE, POSITION, IS_DEPUTY,
    CONTACT_SINCE,
)  # fmt: skip
# Of these alternatives a list must have at least one.
REQUIRED = (("body", "ags"), ("last_name", "full_name"))
_OF_PERSON = ("form_of_address", "title", "first_name", "last_name", "email", "phone")


def person_values(line: Line, row: Mapping[str, str]) -> dict[str, str]:
    """What a row says about the person herself; refusals become faults of the line."""
    name = cells.Name()
    if full_name := row.get("full_name", ""):
        name = cells.read_name(full_name)
    form = line.read(FORM_OF_ADDRESS, cells.read_form_of_address, row, "")
    return {
        "form_of_address": str(form or name.form_of_address),
        "title": row.get("title") or name.title,
        "first_name": row.get("first_name") or name.first_name,
        "last_name": row.get("last_name") or name.last_name,
        "email": line.read(EMAIL, cells.read_email, row, ""),
        "phone": line.read(PHONE, cells.read_phone, row, ""),
    }


def check_person(line: Line, person: Person) -> None:
    """Note what keeps the person from being stored as she now is."""
    if not person.last_name:
        line.faults.append("Tragen Sie den Namen der Person ein.")
    else:
        line.check(person, _OF_PERSON)


class People:
    """All persons by address and name, those included that the rows before have made up."""

    def __init__(self) -> None:
        self._stored: dict[int, Person] = {}
        self._by_email: dict[str, list[Person]] = defaultdict(list)
        for person in Person.objects.exclude(email="").order_by("sort_key", "pk"):
            self.add(self.one(person))

    def one(self, person: Person) -> Person:
        """The one object for a stored person: a later row must not write back what an earlier one has changed."""
        return self._stored.setdefault(person.pk, person)

    def add(self, person: Person) -> None:
        if person.email:
            self._by_email[person.email.lower()].append(person)

    def known(self, values: Mapping[str, str]) -> Person | None:
        """The person with this address and name."""
        wanted = name_key(values["first_name"], values["last_name"])
        return next((person for person in self.sharing(values) if person.name_key == wanted), None)

    def sharing(self, values: Mapping[str, str]) -> list[Person]:
        """Whoever has the address already, under whatever name."""
        return self._by_email.get(values["email"], [])


class Contacts:
    """Reads the rows of one list."""

    def __init__(self, by: User | None):
        self._by = by
        self._people = People()
        self._here: dict[int, list[ContactPerson]] = defaultdict(list)
        self._former: dict[int, list[ContactPerson]] = defaultdict(list)
        self._of_person: dict[int, list[ContactPerson]] = defaultdict(list)
        for contact in ContactPerson.objects.select_related("person"):
            contact.person = self._people.one(contact.person)
            (self._former if contact.is_over() else self._here)[contact.municipality_id].append(contact)
            self._of_person[contact.person_id].append(contact)
        self._seen: dict[int, int] = {}  # id() of the contact → number of its row

    def read(self, line: Line, body: Municipality, row: Mapping[str, str]) -> None:
        """Fill the line with what the row means for this body."""
        values = person_values(line, row)
        deputy = line.read(IS_DEPUTY, cells.read_yes_no, row)
        since = line.read(CONTACT_SINCE, cells.read_day, row)
        own = {"is_deputy": deputy, "position": row.get("position", ""), "started_on": since}
        line.subject = f"{values['first_name']} {values['last_name']}".strip() + f", {body.name}"
        contact = self._contact(line, body, values)
        if line.faults or contact is None:
            return
        self._note_row(line, contact)
        person = contact.person
        address = person.email if person.user_id else ""
        line.set(person, values)
        changes = line.changes.copy()
        line.set(contact, own)
        if line.is_new:
            line.changes = changes
        if address and person.email.lower() != address.lower():
            line.faults.append(f"Ändern Sie die Adresse zuerst bei der Person: {person} meldet sich mit {address} an.")
        check_person(line, person)
        line.check(contact, own)
        line.person = person
        if line.is_new or line.changes:
            line.contact, line.deed = contact, lambda: actions.save_contact(contact)

    def _note_row(self, line: Line, contact: ContactPerson) -> None:
        number = self._seen.setdefault(id(contact), line.number)
        if number != line.number:
            line.faults.append(f"Löschen Sie diese Zeile oder Zeile {number}: Die Person steht zweimal in der Liste.")

    def _contact(self, line: Line, body: Municipality, values: Mapping[str, str]) -> ContactPerson | None:
        """The contact that the row means, a new one included; None with a fault if it may mean two."""
        wanted = name_key(values["first_name"], values["last_name"])
        here = [c for c in self._here[body.pk] if c.person.name_key == wanted]
        with_address = [c for c in here if values["email"] and c.person.email.lower() == values["email"]]
        if len(with_address or here) > 1:
            line.faults.append("Tragen Sie die E-Mail-Adresse ein: Hier gibt es zwei Personen dieses Namens.")
            return None
        if here:
            return (with_address or here)[0]
        return self._new(line, body, values)

    def _new(self, line: Line, body: Municipality, values: Mapping[str, str]) -> ContactPerson:
        line.is_new = True
        person = self._people.known(values)
        if person:
            line.notes.append("Die Person steht schon im Portal und bekommt eine weitere Kommune.")
        else:
            sharing = ", ".join(str(other) for other in self._people.sharing(values))
            if sharing:
                line.notes.append(f"Teilt sich die E-Mail-Adresse mit {sharing}.")
            person = Person(**values)
            self._people.add(person)
            if not values["email"] and not line.faults:
                line.notes.append("Ohne E-Mail-Adresse ist keine Einladung möglich.")
        for former in self._former[body.pk]:
            if former.person == person:
                line.notes.append(f"War hier bis {former.ended_on:%d.%m.%Y} Ansprechperson.")
        contact = ContactPerson(person=person, municipality=body)
        contact.show_no_more_than(self._of_person.get(person.pk, []))
        self._here[body.pk].append(contact)
        return contact
