"""Searching: a visitor counts clicks, the office uses the keyboard alone."""

import pytest

from tests.journeys.browsing import ALL_MODES


@pytest.fixture(autouse=True)
def _everything_is_there(live_server, register):
    """The real register behind the browser."""


@pytest.fixture
def desk(visit, office):
    """The office's window on the start page of the back office."""
    window = visit(ALL_MODES[0], office)
    window.page.goto("/verwaltung/")
    return window


def clicks(page) -> int:
    """How often this window was clicked since it was counted for the first time; pages change in between."""
    return page.evaluate("Number(sessionStorage.clicks || 0)")


COUNT_CLICKS = """
addEventListener("click", () => { sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1; }, true);
"""


def test_from_the_start_page_the_own_town_is_one_field_and_one_click_away(visitor):
    page = visitor.page
    page.add_init_script(COUNT_CLICKS)
    page.goto("/")
    page.get_by_label("Ist meine Kommune dabei?").fill("wuppertal")
    page.get_by_role("button", name="Nachsehen").click()
    page.get_by_text("Ja, Wuppertal ist dabei.").wait_for()
    assert clicks(page) == 1


def test_from_the_start_page_how_to_join_is_one_click_away(visitor):
    page = visitor.page
    page.add_init_script(COUNT_CLICKS)
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Voraussetzungen und Ablauf im Einzelnen").click()
    page.get_by_role("heading", name="Fünf Voraussetzungen").wait_for()
    assert clicks(page) == 1


def test_a_visitor_searches_the_website(visitor):
    page = visitor.page
    page.goto("/suche/")
    page.get_by_label("Wonach suchen Sie?").fill("voraussetzung")
    page.keyboard.press("Enter")
    page.get_by_text("Treffer zu „voraussetzung“").wait_for()
    visitor.check()
    page.get_by_role("link", name="Mitmachen", exact=True).and_(page.locator(".entry-row__link")).click()
    page.get_by_role("heading", name="Fünf Voraussetzungen").wait_for()


def test_by_keyboard_alone_from_the_back_office_to_a_dossier(desk):
    keyboard = desk.page.keyboard
    keyboard.press("Control+k")
    keyboard.type("wupertal")
    desk.page.get_by_role("link", name="Wuppertal").wait_for()
    desk.check()
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    desk.page.wait_for_url("**/verwaltung/kommunen/wuppertal/")
    desk.page.get_by_role("heading", name="Wuppertal", level=1).wait_for()


def test_the_hits_are_told_and_closed(desk):
    page, keyboard = desk.page, desk.page.keyboard
    keyboard.press("/")
    keyboard.type("rheine")
    page.locator(".quick-search [role=status]", has_text="Treffer zu „rheine“").wait_for(state="attached")
    keyboard.press("ArrowDown")
    keyboard.press("Escape")
    assert not page.locator("[data-hits]").is_visible()
    assert page.evaluate("document.activeElement.id") == "schnellsuche"
    assert page.locator("#schnellsuche").input_value() == "rheine"
    keyboard.press("ArrowLeft")
    keyboard.type("x")
    keyboard.press("Tab")
    assert not page.locator("[data-hits]").is_visible()


def test_enter_leads_to_a_page_with_all_hits(desk):
    keyboard = desk.page.keyboard
    keyboard.press("Control+k")
    keyboard.type("kreis")
    keyboard.press("Enter")
    desk.page.get_by_role("heading", name="Suche in der Verwaltung").wait_for()
    desk.page.get_by_text("Treffer zu „kreis“").first.wait_for()
    desk.check()


def test_a_slash_in_a_text_stays_a_slash(desk):
    page = desk.page
    page.goto("/verwaltung/members/person/")
    page.get_by_label("Suche", exact=True).press("/")
    assert page.get_by_label("Suche", exact=True).input_value() == "/"


def test_the_search_works_in_the_lists_of_the_back_office_too(desk):
    desk.page.goto("/verwaltung/members/person/")
    desk.page.keyboard.press("Control+k")
    desk.page.keyboard.type("rheine")
    desk.page.locator("[data-hits]").get_by_role("link", name="Rheine").first.wait_for()
    desk.check()
