"""The list of heads of administration: who leads which body, and who takes over from whom."""

from collections.abc import Mapping

from members import actions
from members.imports import cells
from members.imports.columns import (
    ADDRESS_LINE,
    AGS,
    BODY,
    EMAIL,
    FIRST_NAME,
    FORM_OF_ADDRESS,
    FULL_NAME,
    IN_OFFICE_SINCE,
    KIND,
    LAST_NAME,
    LETTER_TOWN,
    OFFICE_TITLE,
    PHONE,
    SALUTATION,
    STREET,
    TITLE,
)  # fmt: skip
from members.imports.contacts import People, check_person, person_values
from members.imports.lines import Line
from members.models import HeadOfAdministration, Municipality, Person, name_key
from users.models import User

FIELDS = (
    BODY, KIND, AGS, OFFICE_TITLE, FORM_OF_ADDRESS, TITLE, FIRST_NAME, LAST_NAME, FULL_NAME, EMAIL, PHONE,
    IN_OFFICE_SINCE, SALUTATION, ADDRESS_LINE, STREET, LETTER_TOWN,
)  # fmt: skip
REQUIRED = (("body", "ags"), ("last_name", "full_name"))


class Heads:
    """Reads the rows of one list."""

    def __init__(self, by: User | None):
        self._people = People()
        open_terms = HeadOfAdministration.objects.filter(ended_on=None).select_related("person")
        self._today = {head.municipality_id: head for head in open_terms}
        for head in self._today.values():
            head.person = self._people.one(head.person)
        self._seen: dict[int, int] = {}  # number of the body → number of its row

    def read(self, line: Line, body: Municipality, row: Mapping[str, str]) -> None:
        """Fill the line with what the row means for this body."""
        values = person_values(line, row)
        own = {
            "office_title": row.get("office_title", ""),
            "salutation": row.get("salutation", "").rstrip(", "),
            "address_line": row.get("address_line", ""),
            "started_on": line.read(IN_OFFICE_SINCE, cells.read_day, row),
        }
        line.subject = f"{values['first_name']} {values['last_name']}".strip() + f", {body.name}"
        number = self._seen.setdefault(body.pk, line.number)
        if number != line.number:
            line.faults.append(f"Löschen Sie diese Zeile oder Zeile {number}: {body.name} steht zweimal in der Liste.")
        if line.faults:
            return
        today = self._today.get(body.pk)
        if today and _is(today.person, values):
            head, replaced = today, None
            line.set(head.person, values)
            line.set(head, own)
        else:
            head, replaced = self._new(line, body, values, own), today
            self._note_change(line, head, replaced)
        address = {name: row.get(name, "") for name in ("street", "letter_town")}
        line.set(body, address)
        self._finish(line, head, replaced, body)

    def _new(
        self, line: Line, body: Municipality, values: Mapping[str, str], own: Mapping[str, object]
    ) -> HeadOfAdministration:
        line.is_new = True
        person = self._people.known(values)
        if person:
            line.notes.append("Die Person steht schon im Portal.")
            line.set(person, values)
        else:
            person = Person(**values)
            self._people.add(person)
        return HeadOfAdministration(person=person, municipality=body, **own)

    def _note_change(self, line: Line, head: HeadOfAdministration, replaced: HeadOfAdministration | None) -> None:
        if replaced is None:
            return
        if head.started_on is None:
            line.faults.append(f"Tragen Sie ein, seit wann sie oder er im Amt ist: Bisher ist es {replaced.person}.")
        elif replaced.started_on and head.started_on <= replaced.started_on:
            line.faults.append(
                f"Prüfen Sie „im Amt seit“: {replaced.person} ist erst seit {replaced.started_on:%d.%m.%Y} im Amt."
            )
        else:
            line.notes.append(f"Folgt auf {replaced.person}.")

    def _finish(
        self, line: Line, head: HeadOfAdministration, replaced: HeadOfAdministration | None, body: Municipality
    ) -> None:
        if not head.office_title:
            line.faults.append("Tragen Sie die Amtsbezeichnung ein, so wie die Kommune sie schreibt.")
        check_person(line, head.person)
        line.check(head, ("office_title", "salutation", "address_line"))
        line.check(body, ("street", "letter_town"))
        if line.is_new or line.changes:
            line.deed = lambda: _save(head, replaced, body)


def _save(head: HeadOfAdministration, replaced: HeadOfAdministration | None, body: Municipality) -> None:
    body.save()  # where letters to her go
    actions.save_head(head, replaces=replaced)


def _is(person: Person, values: Mapping[str, str]) -> bool:
    return person.name_key == name_key(values["first_name"], values["last_name"])
