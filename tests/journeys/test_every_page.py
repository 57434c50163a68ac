"""The browser opens every page, and every form once with nothing filled in: with the eyes of one persona who may see
it, of each in turn; FULL=1 with the eyes of all."""

import pytest

from tests.addresses import ADDRESSES, DEMO_ADDRESSES
from tests.error_pages import ERROR_PAGES
from tests.journeys.browsing import ALL_MODES, FULL
from tests.world import PERSONAS, World

# Colleague and stranger see the same kinds of pages as the contact person, the chancellery those of the office.
LOOKING = [persona for persona in PERSONAS if persona not in ("colleague", "stranger", "chancellery")]


@pytest.fixture
def world(live_server, register, demonstration):
    """The whole register, as people will see it, and the personas of the table."""
    return World()


def pages_for(persona: str, world: World) -> list[str]:
    return [
        row.path(world) + query
        for number, row in enumerate(ADDRESSES + DEMO_ADDRESSES)
        if not row.is_file and persona in lookers(row, number)
        for query in ("", *row.also)
    ]


def lookers(row, number: int) -> list[str]:
    """Who opens a page: one of those whom it lets in, or else is told that there is none."""
    let_in, told = ([one for one in LOOKING if row.expected(one) == status] for status in (200, 404))
    if FULL:
        return let_in + told
    able = let_in or told
    return able[number % len(able) :][:1] if able else []


def look(visitor, path: str) -> None:
    visitor.page.goto(path)
    visitor.check()
    if visitor.send_empty_form():
        visitor.check()


# The office sees most pages: in parts, so that the workers share them.
PARTS = [
    (persona, part, parts)
    for persona in LOOKING
    for parts in [3 if persona == "office" else 1]
    for part in range(parts)
]


@pytest.mark.parametrize(("persona", "part", "parts"), PARTS)
def test_every_page_is_accessible_and_keeps_to_itself(persona, part, parts, world, visit):
    windows = [visit(mode, world.users[persona]) for mode in ALL_MODES]
    for number, path in enumerate(pages_for(persona, world)[part::parts]):
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
