"""Thousands of contacts are stored at once, and each is as it would be if stored alone."""

import time
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import revision
from core.dates import today
from core.history import Actor, acting_as
from members.imports import runs
from members.models import ContactPerson, ImportKind, Municipality, Person
from tests.factories import ContactPersonFactory, PersonFactory
from tests.files import csv_file
from tests.members.imports.lists import imported, opened
from tests.members.imports.office_list import HEADINGS as OFFICE_HEADINGS
from tests.members.imports.office_list import office_file, rows

HEADINGS = ["Kommune", "Anrede", "Vorname", "Nachname", "E-Mail", "Telefon", "Vertretung", "seit"]
read_in = partial(imported, ImportKind.CONTACTS)


@pytest.fixture
def rheine(register):
    return Municipality.objects.get(slug="rheine")


def row(number, phone="1", body="Rheine", since=""):
    return [body, "Frau", "Rosa", f"Ömer{number}", f"Rosa{number}@Rheine.example", phone, "nein", since]


def test_all_is_stored_that_one_alone_would_get(rheine):
    before = revision.current()
    with acting_as(Actor("person:7", "Olga Office")):
        read_in(csv_file(HEADINGS, *map(row, range(3))))
    person = Person.objects.get(last_name="Ömer1")
    alone = PersonFactory.build(first_name="Rosa", last_name="Ömer1")
    alone.fill_in()
    assert (person.email, person.sort_key) == ("rosa1@rheine.example", alone.sort_key)
    assert [version.history_type for version in person.history.all()] == ["+"]
    contact = person.contact_functions.get()
    assert contact.history.get().actor_name == "Olga Office"
    assert contact.history.get().person_id == person.pk
    assert revision.current() > before


def test_a_new_person_at_two_bodies_is_one(rheine):
    read_in(csv_file(HEADINGS, row(1), row(1, body="Stadt Bonn")))
    assert {str(who.municipality) for who in Person.objects.get().contact_functions.all()} == {"Bonn", "Rheine"}


def test_of_known_ones_only_what_differs_gets_a_version(rheine):
    read_in(csv_file(HEADINGS, row(1), row(2)))
    with acting_as(Actor("person:7", "Olga Office")):
        read_in(csv_file(HEADINGS, row(1), row(2, phone="2")))
    same, changed = Person.objects.order_by("last_name")
    assert (changed.phone, changed.history.count(), changed.history.first().actor_name) == ("2", 2, "Olga Office")
    assert changed.history.first().history_type == "~"
    assert same.history.count() == 1
    assert ContactPerson.history.count() == 2


def test_what_the_database_alone_sees_names_its_row_and_nothing_is_stored(rheine):
    person = PersonFactory(first_name="Rosa", last_name="Ömer1", email="rosa1@rheine.example")
    ContactPersonFactory(municipality=rheine, person=person, ended_on=today())
    run = opened(ImportKind.CONTACTS, csv_file(HEADINGS, row(2), row(1, since="1.1.2099")))
    with pytest.raises(ValidationError, match=r"Prüfen Sie Zeile 3 \(Rosa Ömer1, Rheine\): Der letzte Tag liegt vor"):
        runs.carry_out(run, expected=runs.plan_for(run).fingerprint, by=None)
    assert list(Person.objects.all()) == [person]


def test_as_many_statements_for_many_as_for_few(rheine):
    def count(numbers):
        run = opened(ImportKind.CONTACTS, csv_file(HEADINGS, *map(row, numbers)))
        seen = runs.plan_for(run).fingerprint
        with CaptureQueriesContext(connection) as queries:
            runs.carry_out(run, expected=seen, by=None)
        return len(queries)

    assert count(range(10, 13)) == count(range(20, 40))


def test_three_thousand_are_read_in_while_a_person_waits(register):
    bodies = list(Municipality.objects.order_by("ags"))
    right = rows(bodies, 3000)
    for at, typed in enumerate(right):
        typed[OFFICE_HEADINGS.index("AGS")] = bodies[at % len(bodies)].ags
    run = opened(ImportKind.CONTACTS, office_file(right))
    seen = runs.plan_for(run).fingerprint
    started = time.process_time()
    runs.carry_out(run, expected=seen, by=None)
    assert time.process_time() - started < 10  # row by row it took a minute
    assert ContactPerson.objects.count() == ContactPerson.history.count() == 3000
