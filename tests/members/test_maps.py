import pytest

from members import maps
from members.models import Municipality
from members.search import bodies

pytestmark = pytest.mark.django_db


def neighbours(slug):
    return [body.name for body in maps.neighbours_of(Municipality.objects.get(slug=slug), bodies())]


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
    members = [body for body in bodies() if body.is_member]
    drawn = maps.map_of(bodies(), members)
    assert len(drawn.areas) == 396
    linked = {area.body.slug for area in [*drawn.areas, *drawn.outlines] if area.body}
    assert linked == {body.slug for body in members}
    assert {area.body.slug for area in drawn.outlines} == {
        "kreis-lippe", "kreis-coesfeld", "oberbergischer-kreis", "bezirksregierung-arnsberg",
    }  # fmt: skip


def test_every_body_has_a_shape_in_its_layer(register):
    everyone = bodies()
    for body in everyone:
        assert maps.map_of(everyone, [body], around=body).view_box
