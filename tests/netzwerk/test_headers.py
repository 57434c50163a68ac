"""The security headers, exactly, on every kind of answer. Exceptions are listed by name (docs/architektur.md)."""

import runpy
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client
from django.urls import path

from netzwerk import urls as site_map
from tests.factories import ContactPersonFactory
from tests.users.walk import CODE, SIGN_IN, mailed_code

CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-src": "'none'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "manifest-src": "'self'",
}
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}
HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload"}
FROM_SCHEME = (
    "HTTPS", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT", "SECURE_PROXY_SSL_HEADER", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD", "CONTENT_SECURITY_POLICY",
)  # fmt: skip

# Address, status. One of each kind: page, form, redirect, refusal, missing page, error, static file, admin.
ANSWERS = {
    "page": ("/", 200),
    "form": ("/konto/anmelden/", 200),
    "redirect": ("/intern/", 302),
    "missing page": ("/gibt-es-nicht/", 404),
    "missing slash": ("/kommunen", 301),
    "error": ("/test-error/", 500),
    "refusal": ("/test-refusal/", 403),
    "bad request": ("/test-bad-request/", 400),
    "style sheet": ("/static/css/base.css", 200),
    "font": ("/static/vendor/fira-sans-5.3.0/fira-sans-latin-400-normal.woff2", 200),
    "missing file": ("/static/gibt-es-nicht.css", 404),
    "admin": ("/verwaltung/", 302),
}

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def fail(request):
    raise RuntimeError("meant to fail")


def refuse(request):
    raise PermissionDenied


def reject(request):
    raise SuspiciousOperation


urlpatterns = [
    *site_map.urlpatterns,
    path("test-error/", fail),
    path("test-refusal/", refuse),
    path("test-bad-request/", reject),
]


@pytest.fixture
def client(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.fixture
def https_client(settings, monkeypatch):
    """A client of the portal as settings.py builds it for an address with https."""
    monkeypatch.setenv("SITE_URL", "https://testserver")
    built = runpy.run_path(str(Path(project.BASE_DIR) / "netzwerk/settings.py"))
    for name in FROM_SCHEME:
        setattr(settings, name, built[name])
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def csp_of(response) -> dict[str, str]:
    directives = (part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in directives}


def ask(client, kind: str, **options):
    """Ask for the address of this kind and close the file that a static answer has open."""
    address, status = ANSWERS[kind]
    response = client.get(address, **options)
    response.close()
    assert response.status_code == status
    return response


# The exceptions: what differs at which address.
OPEN_DATA = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
OPEN_TO_ALL = ("/kommunen.csv", "/kommunen.json", "/kommunen.geojson", "/kommunen.csv?bezirk=Atlantis")


@pytest.mark.parametrize("address", OPEN_TO_ALL)
def test_open_data_may_be_read_by_pages_of_every_host(client, address):
    response = client.get(address)
    assert headers_of(response, HEADERS | OPEN_DATA) == HEADERS | OPEN_DATA


@pytest.mark.parametrize("kind", ANSWERS)
def test_nothing_else_may_be_read_by_pages_of_other_hosts(client, kind):
    assert "Access-Control-Allow-Origin" not in ask(client, kind).headers


def test_a_bad_request_is_answered_in_german_and_names_the_way_out(client):
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert 'lang="de"' in response.content.decode()
    assert 'href="/"' in response.content.decode()
    assert headers_of(response, HEADERS) == HEADERS


def test_a_form_in_an_encoding_that_no_browser_sends_is_a_bad_request(client):
    latin = "application/x-www-form-urlencoded; charset=latin-1"
    response = client.post("/barrierefreiheit/melden/", "what=x", content_type=latin)
    assert response.status_code == 400
    assert "Diese Anfrage hat das Portal nicht verstanden." in response.content.decode()


def headers_of(response, expected) -> dict[str, str]:
    return {name: response.headers.get(name) for name in expected}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_carries_the_headers(client, kind):
    response = ask(client, kind)
    assert csp_of(response) == CSP
    assert headers_of(response, HEADERS) == HEADERS
    assert "Strict-Transport-Security" not in response.headers


@pytest.mark.parametrize("kind", ANSWERS)
def test_with_https_every_answer_also_demands_it(https_client, kind):
    response = ask(https_client, kind, secure=True)
    assert csp_of(response) == CSP | {"upgrade-insecure-requests": ""}
    assert headers_of(response, HEADERS | HTTPS_HEADERS) == HEADERS | HTTPS_HEADERS


def test_http_leads_to_https_and_carries_the_headers_too(https_client):
    response = https_client.get("/kommunen/")
    assert (response.status_code, response.headers["Location"]) == (301, "https://testserver/kommunen/")
    assert headers_of(response, HEADERS) == HEADERS
    assert csp_of(response) == CSP | {"upgrade-insecure-requests": ""}


def is_bound_to_this_host(cookie) -> bool:
    flags = (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"])
    return cookie.key.startswith("__Host-") and flags == (True, True, "Lax", "/", "")


def test_cookies_over_https_are_bound_to_this_host(https_client):
    cookies = https_client.get("/konto/anmelden/", secure=True).cookies
    assert cookies.keys() >= {"__Host-csrftoken"}
    assert all(is_bound_to_this_host(cookie) for cookie in cookies.values())


def test_session_cookie_over_https_is_bound_to_this_host(https_client):
    https_client.post(SIGN_IN, {"email": ContactPersonFactory().person.user.email}, secure=True)
    answer = https_client.post(CODE, {"code": mailed_code()}, secure=True)
    assert answer.headers["Location"] == "/intern/"
    assert answer.cookies["__Host-sessionid"].value
    assert all(is_bound_to_this_host(cookie) for cookie in answer.cookies.values())


def test_pages_of_a_signed_in_person_are_kept_nowhere(client):
    client.force_login(ContactPersonFactory().person.user)
    for address in ("/", "/intern/", "/kommunen/"):
        response = client.get(address)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "private, no-store"


def test_public_pages_set_no_cookie(client):
    for address in ("/", "/kommunen/"):
        assert client.get(address).cookies == {}


def test_head_is_answered_without_a_body(client):
    response = client.head("/")
    assert (response.status_code, response.content) == (200, b"")
