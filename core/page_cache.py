"""Public pages kept in the memory of each web process, for visitors without a session.

A page is kept with the number of the newest public change (`core.revision`) and the date in Berlin, and goes out only
while both are still the same: what is published shows at once (in other processes after a tenth of a second), and no
page still calls yesterday today.
"""

import gzip
import hashlib
import re
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from core import revision
from core.dates import today

_LONGEST_QUERY = 200
_TAKES_GZIP = re.compile(r"\bgzip\b")

View = Callable[..., HttpResponse]


def keep_page(*parameters: str) -> Callable[[View], View]:
    """Decorate a view whose page is the same for every visitor as long as nothing public changes.

    All it reads must be `Published`. parameters: names of the query string that change the page and take few values;
    a page asked for with any other name, such as free text, is not kept, so nobody can fill the memory with addresses.
    """

    def decorate(view: View) -> View:
        view.kept_by = frozenset(parameters)  # type: ignore[attr-defined]
        return view

    return decorate


class KeptPagesMiddleware:
    """Answers with the kept page. Stands above all others, whose headers are kept with the page.

    What they turn away, such as a foreign host or plain http, never reaches a view and so is never kept.
    """

    def __init__(self, get_response: View):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_for_a_visitor(request):
            return self.get_response(request)
        pages, key = caches["pages"], _key(request)
        kept = pages.get(key)
        if kept is not None and _is_current(kept[0]):
            return _response(request, *kept[1:])
        response = self.get_response(request)
        state = getattr(request, "kept_state", None)
        if state is None or not _is_for_everyone(request, response):
            return response
        page = (gzip.compress(response.content, 6), _headers(response))
        pages.set(key, (state, *page))
        return _response(request, *page)

    def process_view(self, request: HttpRequest, view: View, args: object, kwargs: object) -> None:
        """Read the state before the view reads anything: a change meanwhile makes its page old, never wrongly new."""
        if _is_for_a_visitor(request) and _keeps(view, request):
            request.kept_state = revision.current(), today()  # type: ignore[attr-defined]


def _is_for_a_visitor(request: HttpRequest) -> bool:
    """Whether nothing but the address can make this page differ from another visitor's."""
    return (
        request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and len(request.META.get("QUERY_STRING", "")) <= _LONGEST_QUERY
    )


def _keeps(view: View, request: HttpRequest) -> bool:
    """Whether the view's page may be kept, asked for with these parameters."""
    parameters = getattr(view, "kept_by", None)
    return parameters is not None and all(
        values == [""] or (name in parameters and len(values) == 1) for name, values in request.GET.lists()
    )


def _is_current(state: tuple[int, object]) -> bool:
    try:
        return state == (revision.recent(), today())
    except DatabaseError:
        return False  # the page made anew will say so, with all its headers


def _key(request: HttpRequest) -> str:
    query = sorted((name, value) for name, value in request.GET.items() if value)
    address = (request.scheme, request.META.get("HTTP_HOST"), request.path, query)
    return hashlib.sha256(repr(address).encode()).hexdigest()


def _is_for_everyone(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the page came out well and bears nothing of this one visitor: no cookie, no message, no form's token."""
    return (
        response.status_code == 200
        and not response.cookies
        and not request.session.modified
        and "CSRF_COOKIE_NEEDS_UPDATE" not in request.META
    )


def _headers(response: HttpResponse) -> dict[str, str]:
    """All but the length, which depends on whether the page goes out compressed."""
    patch_vary_headers(response, ["Accept-Encoding"])
    return {name: value for name, value in response.items() if name != "Content-Length"}


def _response(request: HttpRequest, compressed: bytes, headers: dict[str, str]) -> HttpResponse:
    """Kept pages go out compressed as they lie; with nothing secret in them, their length betrays nothing (BREACH)."""
    if _TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")):
        body, headers = compressed, headers | {"Content-Encoding": "gzip"}
    else:
        body = gzip.decompress(compressed)
    return HttpResponse(body, headers=headers | {"Content-Length": str(len(body))})
