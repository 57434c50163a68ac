import datetime
from functools import partial

import pytest

from core.dates import today
from members.imports import runs
from members.imports.lines import Change, State
from members.models import ContactPerson, ImportKind, Municipality, Person
from tests.factories import ContactPersonFactory, PersonFactory, UserFactory
from tests.files import csv_file, xlsx
from tests.members.imports.lists import imported, opened, planned

HEADINGS = ["Kommune", "Anrede", "Vorname", "Nachname", "E-Mail", "Telefon", "Funktion", "Vertretung"]
ROSA = ["Rheine", "Frau", "Rosa", "Beispiel", "rosa@rheine.example", "05971 1", "Ehrenamt", "nein"]
RUDI = ["Rheine", "Herr", "Rudi", "Muster", "rudi@rheine.example", "05971 2", "Ehrenamt", "ja"]

read_in = partial(imported, ImportKind.CONTACTS)
plan = partial(planned, ImportKind.CONTACTS)


@pytest.fixture
def rheine(register):
    return Municipality.objects.get(slug="rheine")


def numbers(counts):
    return {State(state).label: number for state, number in counts.items() if number}


def rows():
    """What the database holds of contacts, with the number of versions of each."""
    return [
        (str(contact.municipality), contact.person.name, contact.is_deputy, contact.history.count())
        for contact in ContactPerson.objects.select_related("person", "municipality")
    ]


def test_new_contacts(rheine):
    assert numbers(read_in(xlsx(HEADINGS, ROSA, RUDI))) == {"neu": 2}
    assert rows() == [("Rheine", "Rosa Beispiel", False, 1), ("Rheine", "Rudi Muster", True, 1)]
    rosa = Person.objects.get(last_name="Beispiel")
    assert (rosa.form_of_address, rosa.email, rosa.phone) == ("Frau", "rosa@rheine.example", "05971 1")


def test_the_same_file_again_changes_nothing(rheine):
    file = xlsx(HEADINGS, ROSA, RUDI)
    read_in(file)
    before = rows(), list(Person.history.values_list("history_id", flat=True))
    assert numbers(read_in(file)) == {"unverändert": 2}
    assert (rows(), list(Person.history.values_list("history_id", flat=True))) == before


def test_what_she_keeps_to_the_office_stays_there_at_another_body(rheine):
    person = PersonFactory(first_name="Rosa", last_name="Beispiel", email="rosa@rheine.example")
    ContactPersonFactory(person=person, phone_visibility="office")
    read_in(xlsx(HEADINGS, ROSA))
    contact = rheine.contacts.get()
    assert (contact.email_visibility, contact.phone_visibility) == ("network", "office")


def test_a_change_names_old_and_new_value(rheine):
    read_in(xlsx(HEADINGS, ROSA))
    changed = [*ROSA[:5], "05971 99", "", "nein"]
    line = plan(xlsx(HEADINGS, changed)).lines[0]
    assert (line.state, line.changes) == (State.CHANGED, [Change("Telefon", "05971 1", "05971 99")])
    read_in(xlsx(HEADINGS, changed))
    contact = ContactPerson.objects.get()
    assert (contact.person.phone, contact.position) == ("05971 99", "Ehrenamt")


def test_the_dry_run_changes_nothing(rheine):
    plan(xlsx(HEADINGS, ROSA, RUDI))
    assert not Person.objects.exists()


def test_all_or_nothing(rheine):
    run = opened(ImportKind.CONTACTS, xlsx(HEADINGS, ROSA, [*RUDI[:4], "rudi@", *RUDI[5:]]))
    found = runs.plan_for(run)
    assert not found.can_be_done
    with pytest.raises(Exception, match="Berichtigen Sie zuerst"):
        runs.carry_out(run, expected=found.fingerprint, by=None)
    assert not Person.objects.exists()


def test_what_changed_meanwhile_is_shown_first(rheine):
    run = opened(ImportKind.CONTACTS, xlsx(HEADINGS, ROSA))
    seen = runs.plan_for(run).fingerprint
    read_in(xlsx(HEADINGS, ROSA))
    with pytest.raises(Exception, match="Inzwischen hat jemand etwas geändert"):
        runs.carry_out(run, expected=seen, by=None)


def test_pressing_twice_reads_in_once(rheine):
    run = opened(ImportKind.CONTACTS, xlsx(HEADINGS, ROSA))
    seen = runs.plan_for(run).fingerprint
    first = runs.carry_out(run, expected=seen, by=None)
    assert runs.carry_out(run, expected=seen, by=None) == first
    assert Person.objects.count() == 1


def test_the_rows_are_emptied_once_read_in(rheine):
    run = opened(ImportKind.CONTACTS, xlsx(HEADINGS, ROSA))
    runs.carry_out(run, expected=runs.plan_for(run).fingerprint, by=None)
    run.refresh_from_db()
    assert (run.rows, run.headings, run.answers) == ([], [], {})
    assert [person.name for person in runs.invitable(run)] == ["Rosa Beispiel"]
    ContactPerson.objects.update(ended_on=today() - datetime.timedelta(days=1))
    assert runs.invitable(run) == []


def test_one_person_for_two_bodies_is_entered_once(rheine):
    assert numbers(read_in(xlsx(HEADINGS, ROSA, ["Wettringen", *ROSA[1:]]))) == {"neu": 2}
    assert Person.objects.get().contact_functions.count() == 2


def test_a_second_row_keeps_what_the_first_has_changed(rheine):
    read_in(xlsx(HEADINGS, ROSA, ["Wettringen", *ROSA[1:]]))
    read_in(xlsx(HEADINGS, [*ROSA[:5], "05971 99", *ROSA[6:]], ["Wettringen", *ROSA[1:5], "", "Leitung", "nein"]))
    assert Person.objects.get().phone == "05971 99"
    assert ContactPerson.objects.get(municipality__slug="wettringen").position == "Leitung"


def test_a_further_body_keeps_what_an_earlier_row_has_changed(rheine):
    read_in(xlsx(HEADINGS, ROSA))
    read_in(xlsx(HEADINGS, [*ROSA[:5], "05971 99", *ROSA[6:]], ["Wettringen", *ROSA[1:5], "", "", ""]))
    assert (Person.objects.get().phone, ContactPerson.objects.count()) == ("05971 99", 2)


def test_the_address_of_an_account_stays(rheine):
    person = PersonFactory(
        first_name="Rosa", last_name="Beispiel", email="Rosa@Rheine.example", user=UserFactory(email=ROSA[4])
    )
    ContactPersonFactory(municipality=rheine, person=person)
    assert Person.objects.get().email == ROSA[4]
    Person.objects.update(email="Rosa@Rheine.example")  # stored before
    assert plan(xlsx(HEADINGS, ROSA)).lines[0].faults == []
    another = plan(xlsx(HEADINGS, [*ROSA[:4], "neu@rheine.example", *ROSA[5:]])).lines[0]
    assert another.faults == [
        "Ändern Sie die Adresse zuerst bei der Person: Rosa Beispiel meldet sich mit Rosa@Rheine.example an."
    ]


def test_a_shared_mailbox_is_named(rheine):
    shared = [*RUDI[:4], "rosa@rheine.example", *RUDI[5:]]
    assert plan(xlsx(HEADINGS, ROSA, shared)).lines[1].notes == ["Teilt sich die E-Mail-Adresse mit Rosa Beispiel."]
    read_in(xlsx(HEADINGS, ROSA, shared))
    assert Person.objects.filter(email="rosa@rheine.example").count() == 2


def test_somebody_who_left_is_named(rheine):
    former = ContactPersonFactory(
        municipality=rheine,
        ended_on=datetime.date(2020, 3, 31),
        person=PersonFactory(first_name="Rosa", last_name="Beispiel", email="rosa@rheine.example"),
    )
    assert plan(xlsx(HEADINGS, ROSA)).lines[0].notes[-1] == "War hier bis 31.03.2020 Ansprechperson."
    read_in(xlsx(HEADINGS, ROSA))
    assert [contact.person for contact in ContactPerson.objects.on()] == [former.person]


def test_the_same_person_twice_in_the_file(rheine):
    line = plan(xlsx(HEADINGS, ROSA, ROSA)).lines[1]
    assert line.faults == ["Löschen Sie diese Zeile oder Zeile 2: Die Person steht zweimal in der Liste."]


def test_two_of_the_same_name_are_told_apart_by_address(rheine):
    for address in ("rosa@rheine.example", "rosa2@rheine.example"):
        person = PersonFactory(first_name="Rosa", last_name="Beispiel", email=address)
        ContactPersonFactory(municipality=rheine, person=person)
    assert plan(xlsx(HEADINGS, ROSA)).lines[0].state == State.CHANGED
    without = plan(xlsx(HEADINGS, [*ROSA[:4], "", *ROSA[5:]])).lines[0]
    assert without.faults == ["Tragen Sie die E-Mail-Adresse ein: Hier gibt es zwei Personen dieses Namens."]


def test_three_thousand_rows_are_read_by_a_fixed_number_of_queries(rheine, django_assert_max_num_queries):
    """What makes 3,000 rows quick: the database is asked as often for one row as for all."""
    people = [["Rheine", "Frau", "Rosa", f"Beispiel{n}", f"rosa{n}@rheine.example", "", "", ""] for n in range(300)]
    run = opened(ImportKind.CONTACTS, csv_file(HEADINGS, *people))
    with django_assert_max_num_queries(9):
        assert len(runs.plan_for(run).lines) == 300
