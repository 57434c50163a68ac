"""The office reads its contact list in: 300 persons, 12 rows gone wrong, mended in the file, read in, invited."""

import pytest

from core.models import OutgoingMail
from members.models import ContactPerson, ImportRun, Municipality, Person
from tests.journeys.browsing import ALL_MODES
from tests.members.imports.office_list import FAULTS, office_file, rows, with_faults
from users.models import User

KREIS_SOEST = 5  # row of the list whose body only a person can tell
ALSO_A_KREIS = ("Aachen", "Unna")


@pytest.fixture
def lists(live_server, register):
    """The list as it was typed, and as it should be."""
    towns = [body for body in Municipality.objects.members() if body.is_town and body.name not in ALSO_A_KREIS]
    right = rows(towns)
    right[KREIS_SOEST][0] = "Soest"
    return {"typed": office_file(with_faults(right)), "mended": office_file(right)}


@pytest.fixture
def desk(visit, office, mode):
    return visit(mode, office)


def hand_in(page, name, data):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.get_by_label("Datei mit der Liste").set_input_files({"name": name, "mimeType": media_type, "buffer": data})
    page.get_by_role("button", name="Datei prüfen").click()


def choose(page):
    """From the start of the back office to the page that asks for the list of contacts."""
    page.goto("/verwaltung/personen/einlesen/")
    line = page.get_by_role("listitem").filter(has_text="Wer in welcher Kommune")
    line.get_by_role("link", name="Datei wählen").click()


def answer(page):
    """Which body is meant: asked once, and the answer holds for the mended file, too."""
    page.get_by_role("heading", name="Welche Kommune ist gemeint?").wait_for()
    page.get_by_label("Kreis Soest (Kreis").check()
    page.get_by_role("button", name="Weiter").click()


def everything():
    """What an import could have touched."""
    return [
        model.objects.count() for model in (Person, Person.history.model, ContactPerson, ContactPerson.history.model)
    ]


def test_a_list_with_faults_is_mended_read_in_and_invited(desk, lists):
    page = desk.page
    choose(page)
    desk.check()
    hand_in(page, "Kontakte.xlsx", lists["typed"])
    desk.check()
    answer(page)
    page.get_by_text("12 Zeilen sind zu berichtigen.").wait_for()
    desk.check()
    numbers = [int(number) for number in page.locator("tbody th").all_inner_texts()]
    assert numbers == [row + 1 for row, _, _ in FAULTS]  # a title stands above the headings
    assert page.get_by_role("button", name="einlesen").count() == 0
    assert not Person.objects.exists()

    hand_in(page, "Kontakte berichtigt.xlsx", lists["mended"])
    page.get_by_text("Alles kann eingelesen werden.").wait_for()
    page.get_by_role("button", name="300 neue einlesen").click()
    page.get_by_text("Die Liste ist eingelesen.").wait_for()
    desk.check()
    assert ContactPerson.objects.count() == Person.objects.count() == 300
    assert ContactPerson.objects.get(municipality__name="Kreis Soest").person.last_name.endswith(" 6")

    page.get_by_text("1 Person ohne Zugang lässt sich noch nicht einladen").wait_for()  # the Kreis is no member
    page.get_by_role("button", name="299 Personen einladen").click()
    page.get_by_text("Eingeladen (299)").wait_for()
    assert User.objects.filter(persons__isnull=False).distinct().count() == 299
    assert OutgoingMail.objects.filter(kind="users.access_invitation").count() == 299


def test_the_same_list_again_changes_nothing(visit, office, lists):
    page = visit(ALL_MODES[0], office).page
    for number in (1, 2):
        choose(page)
        hand_in(page, "Kontakte.xlsx", lists["mended"])
        answer(page)
        before = everything()
        page.get_by_role("button", name="300 neue einlesen" if number == 1 else "Es ändert sich nichts").click()
        page.get_by_text("Die Liste ist eingelesen.").wait_for()
    assert everything() == before
    assert ImportRun.objects.first().counts["unveraendert"] == 300
