"""The register of personal fields is complete, and a field that nobody declared is found."""

import pytest
from django.db import models

from core import personal
from core.personal import Record, Subject
from members.models import Person


def test_every_field_of_the_database_is_declared():
    assert personal.gaps() == []


def test_every_personal_field_has_a_purpose_and_every_period_is_in_the_table():
    for record in personal.all_records():
        assert not record.fields or record.activity, record.model
    with pytest.raises(ValueError, match="registered twice"):
        personal.register(Record(Person))


def test_every_field_that_erasing_empties_can_be_empty():
    full = [
        f"{record.model.__name__}.{name}"
        for record in personal.all_records()
        if record.of and not record.whole
        for name in record.names(stays=False)
        if not (field := record.model._meta.get_field(name)).null
        and not isinstance(field, models.CharField | models.TextField | models.JSONField)
    ]
    assert full == [], "say in the app's privacy.py why they stay (stays=…) or that the rows go (whole=True)"


@pytest.mark.parametrize(
    "field",
    [
        models.CharField(max_length=20),
        models.TextField(),
        models.EmailField(),
        models.JSONField(),
        models.FileField(),
        models.GenericIPAddressField(),
        models.IntegerField(choices=[(1, "krank")]),
        models.ForeignKey(Person, models.CASCADE),
    ],
    ids=lambda field: type(field).__name__,
)
def test_a_field_that_could_name_somebody_is_not_passed_over(field, monkeypatch):
    monkeypatch.setattr(personal, "_records", dict(personal._records))
    record = next(record for record in personal.all_records() if record.model is Person)
    changed = [*Person._meta.concrete_fields, field]
    field.set_attributes_from_name("nickname")
    monkeypatch.setattr(Person._meta, "concrete_fields", changed)
    if field.is_relation:
        field.remote_field.model = Person
    (sentence,) = personal.gaps()
    assert sentence.startswith("Person.nickname: declare it in the privacy.py")
    assert record.model is Person


def test_a_declared_field_that_is_gone_is_found(monkeypatch):
    fields = [field for field in Person._meta.concrete_fields if field.name != "phone"]
    monkeypatch.setattr(Person._meta, "concrete_fields", fields)
    assert personal.gaps() == ["Person.phone: declared, but the model has no such field."]


def test_a_subject_knows_her_numbers_by_kind():
    subject = Subject(frozenset({"person:17", "person:4", "user:3"}))
    assert sorted(subject.ids("person")) == [4, 17]
    assert subject.ids("user") == [3]
