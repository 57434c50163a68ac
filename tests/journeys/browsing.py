"""A browser window with eyes: modes, sign-in, and the faults that no page of the portal may have."""

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Request, Response

from tests.journeys.judged import faults, open_questions
from tests.world import sign_in

FULL = bool(os.environ.get("FULL"))
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice"]
# Runs in every page before its own scripts.
REPORT_CSP = """
document.addEventListener("securitypolicyviolation", event => {
  console.error(`CSP ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
});
"""
# Marks the button of the first form that has a required field still empty: sending it can change nothing.
FIND_EMPTY_FORM = """() => {
  const fields = [...document.querySelectorAll("main form[method=post] [required]")];
  const empty = fields.find(field => field.value === "" && field.type !== "hidden");
  const button = empty && empty.form.querySelector("button:not([type=button]), input[type=submit]");
  if (!button) return false;
  empty.form.noValidate = true;
  button.dataset.journey = "send";
  return true;
}"""


@dataclass(frozen=True)
class Mode:
    """How a page is looked at."""

    colours: str
    width: int

    def __str__(self):
        return f"{self.colours}-{self.width}"


ALL_MODES = [Mode("light", 1280), Mode("dark", 360), Mode("dark", 1280), Mode("light", 360)]


def session_cookies(user, url: str) -> list[dict]:
    """Sign the person in without the pages for it (those have journeys of their own)."""
    client = Client()
    sign_in(client, user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}]


class Visitor:
    """One browser window of one person. `faults` collects console errors, CSP reports, foreign hosts and 5xx."""

    def __init__(self, browser: Browser, url: str, mode: Mode, user=None):
        self.url, self.mode, self.faults = url, mode, []
        self.asked_for = 200  # the status of the page that the test wants to see
        self._context = browser.new_context(
            base_url=url,
            locale="de-DE",
            timezone_id="Europe/Berlin",
            color_scheme=mode.colours,
            reduced_motion="reduce",
            viewport={"width": mode.width, "height": 800},
        )
        self._context.set_default_timeout(20_000)
        self._context.add_init_script(REPORT_CSP)
        self._context.on("console", self._hear)
        self._context.on("weberror", lambda error: self.note(f"script error: {error.error}"))
        self._context.on("request", self._watch_request)
        self._context.on("response", self._watch_response)
        if user is not None:
            self._context.add_cookies(session_cookies(user, url))
        self.page = self._context.new_page()

    def note(self, fault: str) -> None:
        self.faults.append(f"{self.mode} {self.page.url}: {fault}")

    def _hear(self, message: ConsoleMessage) -> None:
        # Failed loads are judged by their status, see _watch_response.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.note(message.text)

    def _watch_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != urlsplit(self.url).netloc:
            self.note(f"request to another host: {request.url}")

    def _watch_response(self, response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= (500 if is_page else 400) and not (is_page and response.status == self.asked_for):
            self.note(f"status {response.status}: {response.url}")

    def send_empty_form(self) -> bool:
        """Send the page's form with nothing filled in, to see its errors; False if the page has no such form."""
        if not self.page.evaluate(FIND_EMPTY_FORM):
            return False
        with self.page.expect_navigation():
            self.page.locator("[data-journey=send]").click()
        return True

    def check(self) -> None:
        """Note what is wrong with the open page for people who cannot see, point or zoom as others do."""
        self._check_accessibility()
        self._check_width()

    def _check_accessibility(self) -> None:
        """Every violation that axe finds, and all it cannot judge that nobody has judged (tests/journeys/judged.py)."""
        # Without "preload" axe copies style sheets into inline ones, which our own policy rightly refuses.
        options = {"runOnly": AXE_TAGS, "resultTypes": ["violations", "incomplete"], "preload": False}
        results = Axe().run(self.page, options=options).response
        for violation in results["violations"]:
            if not (nodes := faults(violation)):
                continue
            places = ", ".join(str(node["target"]) for node in nodes[:3])
            self.note(f"axe {violation['id']}: {violation['help']} at {places}")
        for rule, node, why in open_questions(results["incomplete"]):
            self.note(f"axe cannot judge {rule} at {node['target']}: {why}; {node['html'][:200]}")

    def _check_width(self) -> None:
        """A page that has to be scrolled sideways (WCAG 1.4.10)."""
        excess = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if excess > 0:
            self.note(f"{excess} px wider than the window")

    def close(self) -> list[str]:
        self._context.close()
        return self.faults
