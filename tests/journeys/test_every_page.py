"""The browser opens every page that each persona may see, and every form once with nothing filled in."""

import pytest

from tests.addresses import ADDRESSES, DEMO_ADDRESSES, PERSONAS, World
from tests.error_pages import ERROR_PAGES
from tests.journeys.browsing import ALL_MODES, FULL

# Colleague and stranger see the same kinds of pages as the contact person, the chancellery those of the office.
LOOKING = [persona for persona in PERSONAS if persona not in ("colleague", "stranger", "chancellery")]


@pytest.fixture
def world(live_server, register, demonstration):
    """The whole register, as people will see it, and the personas of the table."""
    return World()


def pages_for(persona: str, world: World) -> list[str]:
    return [
        row.path(world) + query
        for row in ADDRESSES + DEMO_ADDRESSES
        if row.expected(persona) in (200, 404) and not row.is_file
        for query in ("", *row.also)
    ]


def look(visitor, path: str) -> None:
    visitor.page.goto(path)
    visitor.check()
    if visitor.send_empty_form():
        visitor.check()


@pytest.mark.parametrize("persona", LOOKING)
def test_every_page_is_accessible_and_keeps_to_itself(persona, world, visit):
    windows = [visit(mode, world.users[persona]) for mode in ALL_MODES]
    for number, path in enumerate(pages_for(persona, world)):
        # One mode for each page, in turn, so that neighbours differ; FULL=1 takes all.
        turn = (number + LOOKING.index(persona)) % len(windows)
        for window in windows if FULL else [windows[turn]]:
            look(window, path)


@pytest.mark.parametrize("address", ERROR_PAGES)
def test_every_error_page_is_accessible_and_keeps_to_itself(address, live_server, settings, visit):
    settings.ROOT_URLCONF = "tests.error_pages"
    for mode in ALL_MODES if FULL else ALL_MODES[:2]:
        window = visit(mode)
        window.asked_for = ERROR_PAGES[address]
        assert window.page.goto(address).status == ERROR_PAGES[address]
        window.check()
