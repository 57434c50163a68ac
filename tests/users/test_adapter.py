"""A-6: after signing in, only paths of this portal are followed."""

import re
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from tests.users.walk import SIGN_IN, ask_for_code, sign_in

pytestmark = pytest.mark.django_db

HOST = "evil.example"
SCHEMES = (
    "http",
    "https",
    "HTTP",
    "ftp",
    "javascript",
    "JaVaScRiPt",
    "data",
    "vbscript",
    "file",
    "mailto",
    "ws",
    "blob",
)
LEADS = (
    "//", "///", "////", "\\\\", "/\\", "\\/", "/\\/", "\\", "/\t/", "/\n/", "/\r/", "\t//", " //", "\x00//", "/ /",
    "%2f%2f", "//%09/", "/%5c", "/.//", "/..//", "@", "//@", "//x@", "http:", "http:/", "http:\\\\", "https:\\", ":",
    "//\u3002", "\u2044\u2044", "\uff0f\uff0f", "/\u2215", "\u2028//", "\u200b//", "\xa0//",
)  # fmt: skip
BAD = [
    *(f"{scheme}://{HOST}/" for scheme in SCHEMES),
    *(f"{scheme}:{HOST}" for scheme in SCHEMES),
    *(f"{scheme}:alert(1)//" for scheme in SCHEMES),
    *(f"{lead}{HOST}" for lead in LEADS),
    *(f"{lead}{HOST}/%2e%2e" for lead in LEADS),
    "http://testserver@evil.example/", "http://testserver.evil.example/", "http://testserver:80@evil.example/",
    "//testserver@evil.example/", "http:///evil.example", "http://[::1]/", "http://evil.example\\@testserver/",
    "http://testserver/intern/", "//testserver/intern/", "intern/", "?x=1", "#x", "", " ", "null",
]  # fmt: skip


def _stays_here(location):
    """A path that no browser reads as another host: one slash first, then neither slash, backslash nor white space."""
    return (
        re.match(r"/(?![/\\\t\n\r])", location)
        and urlsplit(urljoin("http://testserver/", location)).netloc == "testserver"
    )


def test_signed_in_visits_stay_on_this_portal(client, contact):
    client.force_login(contact)
    assert len(set(BAD)) > 100
    for bad in BAD:
        assert _stays_here(client.get(SIGN_IN, {"next": bad}).url), bad


def test_the_page_of_the_code_is_not_given_a_strange_address(client, contact, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    ask_for_code(client, contact.email)
    for bad in BAD:
        location = client.get(SIGN_IN, {"next": bad}).url
        assert all(_stays_here(url) for url in [location, *parse_qs(urlsplit(location).query).get("next", [])]), bad


@pytest.mark.parametrize("bad", BAD[:: len(BAD) // 15])
def test_signing_in_stays_on_this_portal(client, contact, bad):
    assert _stays_here(sign_in(client, contact.email, bad).url)


@pytest.mark.parametrize("bad", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_signing_out_stays_on_this_portal(client, contact, bad):
    sign_in(client, contact.email)
    assert client.post("/konto/abmelden/", {"next": bad}).url == "/"
    assert ask_for_code(client, contact.email, bad).url == "/konto/anmelden/code/"


@pytest.mark.parametrize("bad", [f"//{HOST}/", f"https://{HOST}/", f"/\\{HOST}", "http://testserver/kommunen/"])
def test_addresses_with_a_host_lead_to_the_own_area(client, contact, bad):
    assert sign_in(client, contact.email, bad).url == "/intern/"


@pytest.mark.parametrize("path", ["/kommunen/?q=M%C3%BCnster&seite=2", "/intern/", "/kommunen/rheine/#kontakt"])
def test_paths_of_the_portal_are_followed(client, contact, path):
    assert sign_in(client, contact.email, path).url == path
