"""Notes about a body: written, changed by their author, followed up, forgotten after three years."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from core.dates import today
from core.history import Actor, acting_as
from members import access, noting, privacy
from members.forms import NoteForm
from members.models import Note
from members.worklist import lines_for
from tests.factories import ContactPersonFactory, MunicipalityFactory

DAY = datetime.timedelta(days=1)


def write(town, office, text="Rückruf versprochen.", **values):
    return noting.write_note(town, text=text, by=office, **values)


def due_lines(user):
    return [line for line in lines_for(user) if "Wiedervorlage" in line.text or line.acts]


def test_a_note_bears_account_and_acting_person(town, office):
    with acting_as(Actor("person:1", "Rosa Beispiel")):
        note = write(town, office)
    assert (note.author, note.author_name) == (office, "Rosa Beispiel")
    assert note.history.get().history_user == office


def test_an_empty_note_is_none(town, office):
    with pytest.raises(ValidationError):
        write(town, office, text="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(municipality=town, text="")


def test_only_its_author_changes_a_note(town, office, chancellery, contact):
    note = write(town, office)
    assert access.own_note_for(office, note.pk) == note
    assert access.note_for(chancellery, note.pk) == note
    for user in (chancellery, contact):
        with pytest.raises(Http404):
            access.own_note_for(user, note.pk)
    with pytest.raises(Http404):
        access.note_for(contact, note.pk)


def test_a_due_note_stands_in_today_until_it_is_done(town, office, chancellery):
    note = write(town, office, follow_up_on=today() + 2 * DAY)
    assert due_lines(office) == []
    with time_machine.travel(timezone.now() + 4 * DAY):
        (line,) = due_lines(chancellery)
        assert (line.text, line.label, line.age) == ("Rheine: Rückruf versprochen.", "Erledigt", "seit 2 Tagen")
        noting.finish_follow_up(note, by=chancellery)
        assert due_lines(chancellery) == []
    done_at = note.done_at
    noting.finish_follow_up(note, by=office)
    assert note.done_at == done_at


def test_many_due_notes_end_in_a_number(client_of, town, office):
    for number in range(12):
        write(town, office, text=f"Anruf {number}", follow_up_on=today())
    lines = due_lines(office)
    assert len(lines) == 11
    assert (lines[-1].count, lines[-1].text) == (2, "weitere fällige Wiedervorlagen")
    assert "12 Notizen" in client_of(office).get(lines[-1].url).content.decode()


def test_a_new_day_opens_a_settled_follow_up_again(town, office):
    note = write(town, office, follow_up_on=today())
    noting.finish_follow_up(note, by=office)
    noting.change_note(note, text="Noch einmal.", follow_up_on=today(), by=office)
    assert not note.is_waiting
    noting.change_note(note, text="Noch einmal.", follow_up_on=today() + DAY, by=office)
    assert note.is_waiting
    assert [version.text for version in note.history.all()][-1] == "Rückruf versprochen."


def test_after_three_years_neither_note_nor_version_is_left(town, office):
    kept = write(town, office)
    noting.change_note(kept, text="Geändert.", by=office)
    deleted = write(town, office, text="Gelöscht.")
    noting.delete_note(deleted, by=office)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=3 * 365)):
        assert privacy.forget_notes() == 0
    with time_machine.travel(timezone.now() + datetime.timedelta(days=3 * 366)):
        assert privacy.forget_notes() == 1
    assert not Note.objects.exists()
    assert not Note.history.exists()


# --- form ---------------------------------------------------------------------------------------------------------


def form(town, initial=None, **data):
    filled = NoteForm({"text": "Rückruf", **data}, initial=initial or {}, municipality=town)
    filled.is_valid()
    return filled


@pytest.mark.parametrize(
    ("data", "days"),
    [
        ({}, None),
        ({"follow_up": "1"}, 7),
        ({"follow_up": "2"}, 14),
        ({"follow_up": "4"}, 28),
    ],
)
def test_the_day_of_the_follow_up(town, data, days):
    expected = days and today() + datetime.timedelta(days=days)
    assert form(town, **data).cleaned_data["follow_up_on"] == expected


@time_machine.travel("2027-03-01 12:00")
def test_a_typed_day_counts_whatever_button_is_pressed(town):
    for chosen in ("", "2", "tag"):
        filled = form(town, follow_up=chosen, day="12.3.27")
        assert filled.cleaned_data["follow_up_on"] == datetime.date(2027, 3, 12)


@time_machine.travel("2027-03-01 12:00")
def test_a_day_that_stood_there_already_counts_only_with_its_button(town):
    initial = {"follow_up": "tag", "day": datetime.date(2027, 2, 1)}
    for chosen, expected in (
        ("", None),
        ("1", datetime.date(2027, 3, 8)),
        ("tag", datetime.date(2027, 2, 1)),
    ):
        assert form(town, initial, follow_up=chosen, day="01.02.2027").cleaned_data["follow_up_on"] == expected


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"text": " "}, "Schreiben Sie, worum es ging."),
        ({"text": "x" * 4001}, "Kürzen Sie die Notiz auf höchstens 4000 Zeichen."),
        ({"follow_up": "tag"}, "Schreiben Sie den Tag, zum Beispiel „12.3.2027“."),
        ({"follow_up": "9"}, "Wählen Sie aus, wann die Notiz wiederkommt."),
        ({"day": "2027"}, "Schreiben Sie das Datum wie „6.12.2027“."),
        ({"day": "1.1.2001"}, "Wählen Sie heute oder einen späteren Tag."),
        ({"day": "bald"}, "Schreiben Sie das Datum wie „6.12.2027“"),
        ({"person": "0"}, "Wählen Sie eine Person aus der Liste."),
        ({"person": "x"}, "Wählen Sie eine Person aus der Liste."),
    ],
)
def test_wrong_input_is_told_what_to_do(town, data, sentence):
    filled = form(town, **data)
    assert sentence in " ".join(error for errors in filled.errors.values() for error in errors)


def test_only_persons_of_the_body_can_be_chosen(town):
    here, elsewhere = ContactPersonFactory(municipality=town), ContactPersonFactory(municipality=MunicipalityFactory())
    assert list(form(town).fields["person"].queryset) == [here.person]
    assert "person" in form(town, person=elsewhere.person_id).errors
