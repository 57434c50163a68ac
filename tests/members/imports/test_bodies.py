import pytest
from django.core.exceptions import ValidationError

from members.imports.bodies import Bodies, LeftOutError, UnclearError, named_exactly


@pytest.fixture
def bodies(register):
    return Bodies({"Musterhausen": "05566076", "Ausland": ""})


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("Rheine", "", "Rheine"),
        ("RHEINE", "", "Rheine"),
        ("Stadt Rheine", "", "Rheine"),
        ("Stadtverwaltung Rheine", "", "Rheine"),
        ("Rheine, Stadt", "", "Rheine"),
        ("Gemeinde Wettringen", "", "Wettringen"),
        ("Kreis Coesfeld", "", "Kreis Coesfeld"),
        ("Coesfeld", "Kreis", "Kreis Coesfeld"),
        ("Coesfeld", "Stadt", "Coesfeld"),
        ("Coesfeld, Stadt", "", "Coesfeld"),
        ("Kreisstadt Unna", "", "Unna"),
        ("Kreisverwaltung Borken", "", "Kreis Borken"),
        ("Landkreis Kleve", "", "Kreis Kleve"),
        ("Lippe", "", "Kreis Lippe"),
        ("Mülheim/Ruhr", "", "Mülheim an der Ruhr"),
        ("Muelheim an der Ruhr", "", "Mülheim an der Ruhr"),
        ("Emmerich", "", "Emmerich am Rhein"),
        ("Haltern", "", "Haltern am See"),
        ("Schloss Holte", "", "Schloß Holte-Stukenbrock"),
        ("St. Augustin", "", "Sankt Augustin"),
        ("Köln", "", "Köln"),
        ("Köln", "Bezirksregierung", "Bezirksregierung Köln"),
        ("Regierungsbezirk Detmold", "", "Bezirksregierung Detmold"),
        ("Landeshauptstadt Düsseldorf", "", "Düsseldorf"),
        ("Aachen", "kreisfreie Stadt", "Aachen"),
        ("StädteRegion Aachen", "", "Städteregion Aachen"),
        ("Rhein Sieg Kreis", "", "Rhein-Sieg-Kreis"),
    ],
)
def test_spellings_that_are_clear(bodies, name, kind, found):
    assert bodies.of(name, kind, "").name == found


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("Coesfeld", ["Coesfeld", "Kreis Coesfeld"]),
        ("Aachen", ["Aachen", "Städteregion Aachen"]),
        ("Wupertal", ["Wuppertal"]),
        ("Alte Hansestadt Lemgo", ["Lemgo"]),
        ("Hagen, Stadt der FernUniversität", ["Hagen"]),
        ("Entenhausen", []),
    ],
)
def test_what_is_not_clear_is_asked(bodies, name, candidates):
    with pytest.raises(UnclearError) as caught:
        bodies.of(name, "", "")
    assert [entry.name for entry in caught.value.question.candidates] == candidates


def test_every_body_is_found_by_kind_and_name(bodies):
    """With the kind in a column of its own none of the 432 is doubtful, nor the 19 Kreise that are called as towns."""
    for body in bodies._by_ags.values():
        assert bodies.of(body.name, body.kind, "") == body


def test_nineteen_towns_are_doubtful_without_their_kind(bodies):
    doubtful = []
    for body in bodies._by_ags.values():
        try:
            assert bodies.of(body.name, "", "") == body
        except UnclearError:
            doubtful.append(body.name)
    assert len(doubtful) == 20  # and Aachen, for the Städteregion
    assert {"Coesfeld", "Unna", "Aachen", "Paderborn"} <= set(doubtful)


def test_answers_hold_for_all_rows(bodies):
    assert bodies.of("Musterhausen", "", "").name == "Rheine"
    with pytest.raises(LeftOutError):
        bodies.of("Ausland", "", "")


def test_the_key_decides_and_may_not_contradict_the_name(bodies):
    assert bodies.of("", "", "05566076").name == "Rheine"
    assert bodies.of("Coesfeld", "", "05558000").name == "Kreis Coesfeld"
    with pytest.raises(ValidationError, match="05566076 gehört zu Rheine, daneben steht „Bonn“"):
        bodies.of("Bonn", "", "05566076")
    with pytest.raises(ValidationError, match="In Nordrhein-Westfalen gibt es ihn nicht"):
        bodies.of("", "", "05999999")
    with pytest.raises(ValidationError, match="Tragen Sie die Kommune ein"):
        bodies.of("", "", "")


def test_a_typed_answer_must_name_one_body(register):
    assert named_exactly("Kreis Unna") == "05978000"
    assert named_exactly("Unna") == ""
    assert named_exactly("05566076") == "05566076"
