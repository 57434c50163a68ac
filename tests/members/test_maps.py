import pytest

from members import maps
from members.directory import entries
from members.models import Municipality
from tests.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db


def neighbours(slug):
    return [entry.name for entry in maps.neighbours_of(Municipality.objects.get(slug=slug), entries())]


def test_towns_touch_towns(register):
    assert neighbours("muenster") == [
        "Altenberge", "Ascheberg", "Drensteinfurt", "Everswinkel", "Greven", "Havixbeck", "Senden", "Sendenhorst",
        "Telgte",
    ]  # fmt: skip


def test_kreise_touch_kreise_but_no_town(register):
    assert neighbours("kreis-coesfeld") == [
        "Kreis Borken", "Kreis Recklinghausen", "Kreis Steinfurt", "Kreis Unna", "Kreis Warendorf",
    ]  # fmt: skip


def test_bezirksregierungen_touch_each_other(register):
    assert neighbours("bezirksregierung-detmold") == ["Bezirksregierung Arnsberg", "Bezirksregierung Münster"]


def test_the_map_draws_each_town_once_and_links_the_set(register):
    members = [entry for entry in entries() if entry.is_member]
    drawn = maps.map_of(entries(), members)
    assert len(drawn.areas) == 396
    linked = {area.entry.slug for area in [*drawn.areas, *drawn.outlines] if area.entry}
    assert linked == {entry.slug for entry in members}
    assert {area.entry.slug for area in drawn.outlines} == {
        "kreis-lippe", "kreis-coesfeld", "oberbergischer-kreis", "bezirksregierung-arnsberg",
    }  # fmt: skip


def test_every_body_has_a_shape_in_its_layer(register):
    everyone = entries()
    for entry in everyone:
        drawn = maps.map_of(everyone, [entry], around=entry)
        assert [area.entry for area in [*drawn.areas, *drawn.outlines] if area.in_set] == [entry]


def test_a_body_younger_than_the_boundaries_gets_the_whole_map(register):
    MunicipalityFactory(name="Neustadt")
    everyone = entries()
    new = next(entry for entry in everyone if entry.name == "Neustadt")
    drawn = maps.map_of(everyone, [new], around=new)
    assert len(drawn.areas) == 396
    assert not any(area.in_set for area in drawn.areas)
