"""A real browser before the running portal, watched: what no page may do fails the test that opened it."""

import os
import shutil
from zlib import crc32

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys.browsing import ALL_MODES, FULL, Visitor


def pytest_generate_tests(metafunc):
    """Give every journey one mode, the same at each run and different from test to test; FULL=1 gives it all."""
    if "mode" not in metafunc.fixturenames:
        return
    rotating = ALL_MODES[crc32(metafunc.definition.nodeid.encode()) % len(ALL_MODES)]
    metafunc.parametrize("mode", ALL_MODES if FULL else [rotating], ids=str)


def pytest_collection_modifyitems(items):
    for item in items:
        if "chromium" in item.fixturenames:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium():
    # The one without windows draws the same pages in two thirds of the time.
    program = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert program, "Chromium is missing: Debian package chromium-headless-shell, or set CHROMIUM"
    # Playwright's event loop lives in this thread, so Django would refuse the tests' own queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, live_server):
    """Open a browser window: `visit(mode)` or `visit(mode, user)`, who is then signed in. All are watched."""
    visitors = []

    def open_window(mode, user=None):
        visitors.append(Visitor(chromium, live_server.url, mode, user))
        return visitors[-1]

    yield open_window
    faults = [fault for visitor in visitors for fault in visitor.close()]
    assert faults == []


@pytest.fixture
def visitor(visit, mode):
    """Somebody who is not signed in, in the test's mode."""
    return visit(mode)


@pytest.fixture
def page(visitor):
    """The page of a visitor: `page.goto("/")`."""
    return visitor.page
