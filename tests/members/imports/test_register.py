import pytest

from members.imports import register as loader
from members.models import Kind, Membership, Municipality

pytestmark = pytest.mark.django_db


def test_the_register_holds_all_432_bodies(register):
    kinds = {kind: Municipality.objects.filter(kind=kind).count() for kind in Kind}
    assert kinds == {
        Kind.CITY_STATUS: 22,
        Kind.LARGE_TOWN: 35,
        Kind.MEDIUM_TOWN: 132,
        Kind.TOWN: 83,
        Kind.COMMUNE: 124,
        Kind.KREIS: 30,
        Kind.STAEDTEREGION: 1,
        Kind.BEZIRKSREGIERUNG: 5,
    }


def test_towns_know_their_kreis(register):
    assert Municipality.objects.get(slug="coesfeld").kreis.name == "Kreis Coesfeld"
    assert Municipality.objects.get(slug="aachen").kreis.kind == Kind.STAEDTEREGION
    assert Municipality.objects.get(slug="muenster").kreis is None


def test_german_order(register):
    names = list(Municipality.objects.filter(name__in=["Unna", "Übach-Palenberg", "Uedem", "Velbert"]))
    assert [municipality.name for municipality in names] == ["Übach-Palenberg", "Uedem", "Unna", "Velbert"]


def test_loading_again_changes_nothing(register):
    before = list(Municipality.history.values_list("history_id", flat=True))
    report = loader.load_register()
    assert (report.created, report.changed, report.unchanged) == ([], [], 432)
    assert loader.load_proven_members().unchanged == 39
    assert list(Municipality.history.values_list("history_id", flat=True)) == before


def test_a_renamed_body_keeps_its_address_and_history(register, tmp_path):
    text = loader.REGISTER.read_text(encoding="utf-8").replace("Schloß Holte-Stukenbrock", "Schloss Holte")
    changed = tmp_path / "register.csv"
    changed.write_text(text, encoding="utf-8")
    assert loader.load_register(changed).changed == ["Schloss Holte"]
    municipality = Municipality.objects.get(name="Schloss Holte")
    assert municipality.slug == "schloss-holte-stukenbrock"
    assert municipality.history.count() == 2


def test_proven_members_have_their_source_and_no_guessed_date(register):
    assert Membership.objects.count() == 39
    assert not Membership.objects.filter(source="").exists()
    assert Membership.objects.filter(started_on__isnull=True).count() == 22
    assert Municipality.objects.get(slug="rheine").memberships.get().started_on is None
    assert Municipality.objects.get(slug="bonn").memberships.get().period_text() == "seit Dezember 2012"
    assert Municipality.objects.get(slug="troisdorf").memberships.get().period_text() == "seit 6. Dezember 2017"


def test_a_proven_membership_that_the_office_deleted_stays_deleted(register):
    Membership.objects.get(municipality__slug="rheine").delete()
    loader.load_proven_members()
    assert not Membership.objects.filter(municipality__slug="rheine").exists()
