import pytest

from members import actions
from members.models import Municipality
from members.search import bodies, find

pytestmark = pytest.mark.django_db


def names(query):
    return [hit.body.name for hit in find(query, bodies())]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Münster", "Münster"),
        ("muenster", "Münster"),
        ("MUENSTER", "Münster"),
        ("MÜNSTER", "Münster"),
        ("munster", "Münster"),
        ("Mu\u0308nster", "Münster"),
        ("Stadt Münster", "Münster"),
        ("Lippe", "Kreis Lippe"),
        ("Kreis Lippe", "Kreis Lippe"),
        ("Mülheim/Ruhr", "Mülheim an der Ruhr"),
        ("Muelheim a. d. Ruhr", "Mülheim an der Ruhr"),
        ("Schloss Holte", "Schloß Holte-Stukenbrock"),
        ("Emmerich", "Emmerich am Rhein"),
        ("Haltern", "Haltern am See"),
        ("Halle Westfalen", "Halle (Westf.)"),
        ("St. Augustin", "Sankt Augustin"),
        ("Mönchen-Gladbach", "Mönchengladbach"),
        ("Öynhausen", "Bad Oeynhausen"),
        ("coesfeld", "Coesfeld"),
        ("Kreis Coesfeld", "Kreis Coesfeld"),
        ("Regierungsbezirk Arnsberg", "Bezirksregierung Arnsberg"),
    ],
)
def test_the_body_that_is_meant_comes_first(register, query, first):
    assert names(query)[0] == first


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("Mnüster", "Münster"),
        ("Reinbach", "Rheinbach"),
        ("Gelsenkirhcen", "Gelsenkirchen"),
        ("Haltren", "Haltern am See"),
        ("Recklinhausen", "Recklinghausen"),
        ("Wupertal", "Wuppertal"),
    ],
)
def test_a_slip_of_the_fingers_is_forgiven(register, slip, meant):
    assert meant in names(slip)


def test_a_slip_is_only_considered_when_nothing_else_fits(register):
    assert names("Rheine") == ["Rheine"]
    assert names("xyzzy") == []


@pytest.mark.parametrize("query", ["", "   ", "-", "%", "\u202e", "🙂", "'"])
def test_a_query_without_letters_finds_nothing(register, query):
    assert names(query) == []


def test_oe_is_never_read_as_umlaut(register):
    assert names("Cösfeld") == ["Coesfeld", "Kreis Coesfeld"]
    assert names("Söst") == ["Soest", "Kreis Soest"]


def test_status_follows_the_newest_change(register):
    muenster = next(body for body in bodies() if body.name == "Münster")
    assert not muenster.is_member
    actions.start_membership(Municipality.objects.get(slug="muenster"), begin=None)
    assert next(body for body in bodies() if body.name == "Münster").is_member
