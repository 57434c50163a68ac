import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from members.imports.destatis import read_directory
from members.imports.lines import State
from members.models import ImportKind, Municipality
from tests.files import csv_file, xlsx
from tests.members.imports.lists import imported, planned

TITLE = ["Gemeinden in Deutschland nach Fläche, Bevölkerung und Postleitzahl am 31.12.2030 (4. Quartal)"]
HEADINGS = [
    "Satz-art", "Text-kenn-zeichen", "Amtlicher Regionalschlüssel (ARS)", None, None, None, None, "Gemeindename",
    "Fläche km2 1)", "Bevölkerung auf Grundlage des Zensus 2022 2)", None, None, None, "Postleit-zahl3)",
]  # fmt: skip
MORE = [None, None, "Land", "RB", "Kreis", "VB", "Gem", None, None, "insgesamt", "männlich", "weiblich", "je km2"]
DATES = [
    None,
    None,
    "Gebietsstand am 31.12.2030 (4. Quartal)",
    *[None] * 5,
    "31.12.2029 (Jahr)",
    "am 31.12.2029 (Jahr)",
]


def level(kind, *key, name):
    """A row above the towns: Land, Kreis, Verband. It bears no figures."""
    return [kind, None, *key, *[None] * (5 - len(key)), name]


def town(ars, name, area, population, postcode):
    key = ars[:2], ars[2], ars[3:5], ars[5:9], ars[9:]
    return ["60", "63", *key, name, area, population, 1, 1, 1, postcode, "7,1", "52,1"]


def official_file(*towns):
    """A small file in the layout of the quarterly directory: contents, then one sheet with all of Germany."""
    sheet = [
        TITLE, [], HEADINGS, MORE, DATES, [],
        level("10", "01", name="Schleswig-Holstein"),
        town("010010000000", "Flensburg, Stadt", 56.73, 95015, "24937"),
        level("10", "05", name="Nordrhein-Westfalen"),
        level("40", "05", "5", "66", name="Steinfurt"),
        *towns,
        ["© Statistisches Bundesamt (Destatis), 2030"],
    ]  # fmt: skip
    return xlsx(["Statistisches Bundesamt"], title="Inhalt", Onlineprodukt_Gemeinden=sheet)


RHEINE = town("055660076076", "Rheine, Stadt", 145.01, 78000, "48431")
WETTRINGEN = town("055660096096", "Wettringen", 57.67, 8300, "48493")


def body(slug):
    return Municipality.objects.get(slug=slug)


def test_population_its_date_area_and_postcode(register):
    before = body("rheine").latitude
    imported(ImportKind.DIRECTORY, official_file(RHEINE, WETTRINGEN))
    rheine = body("rheine")
    assert (rheine.population, rheine.population_on) == (78000, datetime.date(2029, 12, 31))
    assert (rheine.area_km2, rheine.postcode, rheine.name) == (Decimal("145.01"), "48431", "Rheine")
    assert rheine.latitude == before


def test_kreise_and_bezirksregierungen_are_the_sums_of_their_towns(register):
    imported(ImportKind.DIRECTORY, official_file(RHEINE, WETTRINGEN))
    kreis, bezirk = body("kreis-steinfurt"), body("bezirksregierung-muenster")
    assert (kreis.population, kreis.area_km2, kreis.postcode) == (86300, Decimal("202.68"), "")
    assert (bezirk.population, bezirk.population_on) == (86300, datetime.date(2029, 12, 31))
    assert body("kreis-borken").population is None


def test_the_same_file_again_changes_nothing(register):
    imported(ImportKind.DIRECTORY, official_file(RHEINE))
    before = list(Municipality.history.values_list("history_id", flat=True))
    counts = imported(ImportKind.DIRECTORY, official_file(RHEINE))
    assert (counts[State.NEW], counts[State.CHANGED]) == (0, 0)
    assert list(Municipality.history.values_list("history_id", flat=True)) == before


def test_a_renamed_body_keeps_its_address(register):
    imported(ImportKind.DIRECTORY, official_file(town("055660076076", "Rheine an der Ems, Stadt", 145, 78000, "48431")))
    assert body("rheine").name == "Rheine an der Ems"
    assert body("rheine").history.count() == 2


def test_bodies_that_only_one_side_knows_are_named(register):
    unknown = town("055660999999", "Neustadt an der Ems, Stadt", 1, 1, "48499")
    lines = {line.subject: line for line in planned(ImportKind.DIRECTORY, official_file(RHEINE, unknown)).lines}
    assert lines["Neustadt an der Ems"].notes == [
        "Steht mit dem Schlüssel 05566999 im Verzeichnis, aber nicht im Portal."
    ]
    assert lines["Wettringen"].notes == ["Fehlt im Verzeichnis. Tragen Sie bei der Kommune die Nachfolge ein."]
    assert "Flensburg" not in lines


def test_figures_that_are_none_are_a_fault(register):
    line = planned(ImportKind.DIRECTORY, official_file(town("055660076076", "Rheine", "n.v.", "-", ""))).lines[0]
    assert line.faults == ["Prüfen Sie Einwohnerzahl, Stichtag und Fläche: Hier stehen keine Zahlen."]


@pytest.mark.parametrize("data", [csv_file(["AGS", "Name"], ["05566076", "Rheine"]), xlsx(["AGS"], ["05566076"])])
def test_another_file_is_refused(data):
    with pytest.raises(ValidationError, match="Wählen Sie den „Auszug aus dem Gemeindeverzeichnis“"):
        read_directory(data)


def test_the_command_loads_and_tells(register, tmp_path, capsys):
    path = tmp_path / "auszug.xlsx"
    path.write_bytes(official_file(RHEINE))
    call_command("load_directory", path)
    assert "geändert: 3" in capsys.readouterr().out
    assert body("rheine").history.first().actor_name == "Gemeindeverzeichnis"


def test_the_command_refuses_what_is_no_directory(register, tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text("Kommune\nRheine")
    with pytest.raises(CommandError, match="Wählen Sie den „Auszug"):
        call_command("load_directory", path)
