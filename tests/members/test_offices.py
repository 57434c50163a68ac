import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from members.actions import save_head
from members.models import HeadOfAdministration, Kind, Municipality, OuterOffice, SpokespersonTerm
from tests.factories import (
    HeadFactory,
    MunicipalityFactory,
    OuterOfficeFactory,
    PersonFactory,
    SpokespersonTermFactory,
)

pytestmark = pytest.mark.django_db

D = datetime.date


@pytest.fixture
def bonn():
    return MunicipalityFactory(
        name="Bonn", kind=Kind.CITY_STATUS, slug="bonn", street="Berliner Platz 2", postcode="53111"
    )


def head_of(body, *, form_of_address="Frau", title="Dr.", **values):
    person = PersonFactory(form_of_address=form_of_address, title=title, first_name="Ada", last_name="Beispiel")
    return HeadFactory(person=person, municipality=body, **{"office_title": "Oberbürgermeisterin"} | values)


def test_a_body_has_one_head_at_a_time(town):
    HeadFactory(municipality=town)
    with pytest.raises(IntegrityError), transaction.atomic():
        HeadFactory(municipality=town)
    HeadFactory(municipality=town, ended_on=D(2020, 10, 31), started_on=D(2014, 1, 1))
    assert town.heads.on().count() == 1


def test_a_last_day_that_was_entered_meanwhile_stays(town):
    before = HeadFactory(municipality=town)
    HeadOfAdministration.objects.filter(pk=before.pk).update(ended_on=datetime.date(2025, 9, 30))
    save_head(HeadFactory.build(municipality=town, started_on=datetime.date(2025, 11, 1)), replaces=before)
    before.refresh_from_db()
    assert before.ended_on == datetime.date(2025, 9, 30)


def test_terms_that_share_a_day_are_explained(town):
    known = HeadFactory(municipality=town, started_on=D(2020, 11, 1))
    second = HeadOfAdministration(
        person=PersonFactory(), municipality=town, office_title="Bürgermeister", ended_on=D(2020, 11, 1)
    )
    with pytest.raises(ValidationError, match=f"schon {known.person} im Amt"):
        second.full_clean()
    second.ended_on = D(2020, 10, 31)
    second.full_clean()


@pytest.mark.parametrize("factory", [HeadFactory, OuterOfficeFactory, SpokespersonTermFactory])
def test_no_function_ends_before_it_starts(factory):
    function = factory(started_on=D(2024, 1, 1))
    function.ended_on = D(2023, 12, 31)
    with pytest.raises(ValidationError, match="letzte Tag liegt vor dem Beginn"):
        function.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        function.save()


def test_nobody_keeps_the_same_door_or_speaks_twice_at_once():
    outer_office, term = OuterOfficeFactory(), SpokespersonTermFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        OuterOffice.objects.create(person=outer_office.person, municipality=outer_office.municipality)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpokespersonTerm.objects.create(person=term.person, municipality=MunicipalityFactory())


def test_a_letter_is_addressed_from_what_is_stored(bonn):
    head = head_of(bonn)
    assert head.letter_address == [
        "Frau Oberbürgermeisterin", "Dr. Ada Beispiel", "Stadt Bonn", "Berliner Platz 2", "53111 Bonn",
    ]  # fmt: skip
    assert head.greeting == "Sehr geehrte Frau Oberbürgermeisterin"
    assert head.letter_gaps == []


def test_what_was_stored_in_words_goes_before_what_is_put_together(bonn):
    bonn.letter_name, bonn.letter_town = "Bundesstadt Bonn", "53103 Bonn"
    head = head_of(
        bonn,
        form_of_address="Herr",
        office_title="Regierungspräsident",
        address_line="Herrn Regierungspräsidenten",
        salutation="Sehr geehrter Herr Präsident",
    )
    assert head.letter_address[0] == "Herrn Regierungspräsidenten"
    assert head.letter_address[2:] == ["Bundesstadt Bonn", "Berliner Platz 2", "53103 Bonn"]
    assert head.greeting == "Sehr geehrter Herr Präsident"


def test_a_form_of_address_is_never_guessed(bonn):
    head = head_of(bonn, form_of_address="", title="")
    assert head.greeting == "Guten Tag Ada Beispiel"
    assert head.letter_address[0] == "Oberbürgermeisterin"
    assert head.letter_gaps == ["Anrede fehlt – der Brief beginnt mit „Guten Tag Ada Beispiel“."]


def test_men_are_written_to_in_the_right_case(bonn):
    head = head_of(bonn, form_of_address="Herr", office_title="Oberbürgermeister")
    assert head.letter_address[0] == "Herrn Oberbürgermeister"
    assert head.greeting == "Sehr geehrter Herr Oberbürgermeister"


@pytest.mark.parametrize(
    ("name", "kind", "in_letter", "town_in_letter"),
    [
        ("Rheine", Kind.LARGE_TOWN, "Stadt Rheine", "48431 Rheine"),
        ("Hellenthal", Kind.COMMUNE, "Gemeinde Hellenthal", "48431 Hellenthal"),
        ("Märkischer Kreis", Kind.KREIS, "Märkischer Kreis", ""),
        ("Städteregion Aachen", Kind.STAEDTEREGION, "Städteregion Aachen", ""),
        ("Bezirksregierung Arnsberg", Kind.BEZIRKSREGIERUNG, "Bezirksregierung Arnsberg", ""),
    ],
)
def test_bodies_are_named_as_they_call_themselves(name, kind, in_letter, town_in_letter):
    body = Municipality(name=name, kind=kind, postcode="48431")
    assert (body.name_in_letter, body.town_in_letter) == (in_letter, town_in_letter)


def test_heads_stand_in_protocol_order():
    bodies = {
        kind: MunicipalityFactory(name=f"Musterort {number}", kind=kind)
        for number, kind in enumerate([Kind.COMMUNE, Kind.KREIS, Kind.CITY_STATUS, Kind.BEZIRKSREGIERUNG])
    }
    for body in bodies.values():
        HeadFactory(municipality=body)
    first = HeadFactory(municipality=MunicipalityFactory(kind=Kind.TOWN), protocol_rank=1)
    kinds = [head.municipality.kind for head in HeadOfAdministration.objects.in_protocol_order()]
    assert kinds == [Kind.TOWN, Kind.BEZIRKSREGIERUNG, Kind.KREIS, Kind.CITY_STATUS, Kind.COMMUNE]
    assert HeadOfAdministration.objects.in_protocol_order().first() == first


def test_the_form_shows_how_the_letter_begins_and_what_is_missing(client_of, office, bonn):
    bonn.street = ""
    bonn.save()
    head = head_of(bonn, form_of_address="")
    page = client_of(office).get(reverse("admin:members_headofadministration_change", args=[head.pk])).content.decode()
    assert "<bdi>Guten Tag Dr. Ada Beispiel</bdi>," in page
    assert "Anrede fehlt – der Brief beginnt mit „Guten Tag Dr. Ada Beispiel“." in page
    assert "Straße oder Postfach fehlt" in page


def test_every_change_of_a_head_is_kept(client_of, office, town):
    head = HeadFactory(municipality=town)
    data = {
        "person": head.person.pk, "municipality": town.pk, "office_title": "Bürgermeisterin",
        "started_on": "01.11.2020", "ended_on": "31.10.2025",
    }  # fmt: skip
    client_of(office).post(reverse("admin:members_headofadministration_change", args=[head.pk]), data)
    newest, oldest = HeadOfAdministration.history.order_by("-history_id")
    assert (oldest.ended_on, newest.ended_on, newest.history_user) == (None, D(2025, 10, 31), office)
