"""A citizen wonders whether the town is in: one field, one click."""

import pytest

from tests.journeys.browsing import ALL_MODES


@pytest.fixture(autouse=True)
def _everything_is_there(live_server, register):
    """The real register behind the browser."""


def test_a_town_is_found_by_a_misspelt_name(visitor):
    page = visitor.page
    page.goto("/")
    page.get_by_label("Ist meine Kommune dabei?").fill("Wupertal")
    page.get_by_role("button", name="Nachsehen").click()
    page.get_by_text("Ja, Wuppertal ist dabei.").wait_for()
    visitor.check()
    page.get_by_role("link", name="Zum Profil").click()
    page.get_by_role("heading", name="Wuppertal", level=1).wait_for()
    page.get_by_text("Mitglied seit 6. Dezember 2017").wait_for()
    visitor.check()


def test_a_town_is_found_on_the_map(visitor):
    page = visitor.page
    page.goto("/")
    page.locator("svg a", has_text="Rheine – Mitglied").click()
    page.get_by_role("heading", name="Rheine", level=1).wait_for()


def test_the_map_is_used_by_keyboard_and_can_be_skipped(visitor):
    page = visitor.page
    page.goto("/")
    page.get_by_role("link", name="Karte überspringen").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "karte_ende"
    area = page.locator("svg a", has_text="Hellenthal – Mitglied")
    area.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Hellenthal", level=1).wait_for()


def test_the_page_of_a_town_that_is_not_in_leads_to_neighbours_and_to_joining(visitor):
    page = visitor.page
    page.goto("/kommunen/neuenkirchen/")
    page.get_by_text("Neuenkirchen ist noch nicht dabei.").wait_for()
    page.get_by_role("main").get_by_role("link", name="Voraussetzungen ansehen").click()
    page.get_by_role("heading", name="Mitmachen", level=1).wait_for()
    page.get_by_role("heading", name="Fünf Voraussetzungen").wait_for()
    visitor.check()
    page.go_back()
    page.get_by_role("main").get_by_role("listitem").get_by_role("link", name="Rheine").click()
    page.get_by_role("heading", name="Rheine", level=1).wait_for()


def test_the_way_to_join_is_one_click_from_the_start_page(visitor):
    page = visitor.page
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Voraussetzungen und Ablauf im Einzelnen").click()
    page.get_by_role("heading", name="Der Weg in fünf Schritten").wait_for()


def test_a_barrier_is_reported_from_the_page_where_it_is(visitor):
    page = visitor.page
    page.goto("/kommunen/rheine/")
    page.get_by_role("link", name="Barriere melden").click()
    assert page.get_by_label("Auf welcher Seite?").input_value() == "/kommunen/rheine/"
    page.get_by_label("Was ist die Barriere?").fill("Die Karte lässt sich nicht vergrößern.")
    page.get_by_role("button", name="Meldung absenden").click()
    page.get_by_text("Danke, Ihre Meldung ist bei der Geschäftsstelle.").wait_for()
    visitor.check()


def test_filters_stay_in_the_address(visitor):
    page = visitor.page
    page.goto("/kommunen/")
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Regierungsbezirk").select_option("Detmold")
    page.get_by_role("button", name="Filter anwenden").click()
    page.get_by_text("Mitglieder im Regierungsbezirk Detmold").wait_for()
    assert "bezirk=Detmold" in page.url
    visitor.check()


def test_a_row_lights_its_area_on_the_map(visit):
    page = visit(ALL_MODES[0]).page
    page.goto("/kommunen/")
    page.locator(".entry-row[data-entry=rheine]").hover()
    assert page.locator("svg a[data-entry=rheine].map__area--lit").count() == 1
