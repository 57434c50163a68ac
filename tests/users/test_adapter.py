"""A-6: after signing in, only paths of this portal are followed."""

import pytest
from django.test import Client

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
    """A path that no browser reads as another host: one slash first, no backslash, tab or line end after it."""
    return location.startswith("/") and not location.startswith(("//", "/\\", "/\t", "/\n", "/\r"))


@pytest.mark.parametrize("chunk", range(8))
def test_sign_in_stays_on_this_portal(contact, settings, chunk):
    settings.ACCOUNT_RATE_LIMITS = False
    assert len(set(BAD)) > 100
    for bad in BAD[chunk::8]:
        answer = sign_in(Client(), contact.email, bad)
        assert answer.status_code == 302
        assert _stays_here(answer["Location"]), bad
        assert not Client().get(SIGN_IN, {"next": bad}).headers.get("Location")


@pytest.mark.parametrize("bad", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_signing_out_and_signed_in_visits_stay_on_this_portal(client, contact, bad):
    sign_in(client, contact.email)
    assert client.get(SIGN_IN, {"next": bad}).url == "/intern/"
    assert client.post("/konto/abmelden/", {"next": bad}).url == "/"
    assert ask_for_code(client, contact.email, bad).url == "/konto/anmelden/code/"


@pytest.mark.parametrize("path", ["/kommunen/?q=M%C3%BCnster&seite=2", "/intern/", "/kommunen/rheine/#kontakt"])
def test_paths_of_the_portal_are_followed(client, contact, path):
    assert sign_in(client, contact.email, path).url == path
