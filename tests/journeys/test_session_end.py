"""Staff are warned before their session ends, and may stay (WCAG 2.2.1)."""

import time

import pytest


@pytest.fixture
def page(visit, mode, office):
    """A page of the back office, opened a moment ago, with a clock that the test turns."""
    visitor = visit(mode, office)
    visitor.page.clock.install()
    visitor.page.goto("/verwaltung/members/topic/add/")
    visitor.page.get_by_label("Thema:", exact=True).fill("Begonnen")
    visitor.page.clock.fast_forward("01:57:00")
    assert not visitor.page.get_by_role("dialog").is_visible()
    visitor.page.clock.fast_forward("00:01:10")
    visitor.page.get_by_role("dialog", name="Ihre Sitzung").wait_for()
    visitor.check()
    return visitor.page


def wait_for_two_hours(page):
    """Wait until the script has read the answer: whoever turns the clock before turns it away from under the script."""
    left = "Number(localStorage.getItem('session-end')) - Date.now()"
    deadline = time.monotonic() + 10
    while page.evaluate(left) < 119 * 60 * 1000:
        assert time.monotonic() < deadline, "the session was not prolonged"
        time.sleep(0.02)


@pytest.mark.parametrize("answer", ["Enter", "Escape"])
def test_whoever_answers_the_warning_stays_and_keeps_what_was_typed(page, answer):
    with page.expect_response("**/konto/sitzungen/bleiben/"):
        page.keyboard.press(answer)
    page.get_by_role("dialog").wait_for(state="hidden")
    wait_for_two_hours(page)
    page.clock.fast_forward("01:57:00")
    assert not page.get_by_role("dialog").is_visible()
    assert page.get_by_label("Thema:", exact=True).input_value() == "Begonnen"


def test_whoever_does_not_is_told_that_the_session_is_over(page):
    page.clock.fast_forward("00:02:10")
    page.get_by_text("Sie sind abgemeldet.").wait_for()
    page.get_by_role("button", name="Schließen").click()
    assert page.get_by_label("Thema:", exact=True).input_value() == "Begonnen"


def test_a_visit_in_another_tab_takes_the_warning_back(page):
    other = page.context.new_page()
    other.goto("/verwaltung/")
    page.clock.fast_forward("00:00:10")
    page.get_by_role("dialog").wait_for(state="hidden")
