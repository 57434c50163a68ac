"""Public pages kept in the memory of each web process, for visitors without a session.

A page is kept under the number of the newest public change (`core.revision`) and the date in Berlin: what is published
shows at once, in all processes, and no page still calls yesterday today. Finding one costs one query.
"""

import gzip
import hashlib
import re
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
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
    """Answers with the kept page. Stands above everything that looks for a session, which a visitor does not have."""

    def __init__(self, get_response: View):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _may_be_kept(request):
            return self.get_response(request)
        pages, key = caches["pages"], _key(request)
        kept = pages.get(key)
        if kept is None:
            response = self.get_response(request)
            if not _is_for_everyone(request, response):
                return response
            kept = (gzip.compress(response.content, 6), _headers(response))
            pages.set(key, kept)
        return _response(request, *kept)


def _may_be_kept(request: HttpRequest) -> bool:
    """Whether nothing but the address can make this page differ from another visitor's."""
    if (
        request.method not in ("GET", "HEAD")
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or len(request.META.get("QUERY_STRING", "")) > _LONGEST_QUERY
    ):
        return False
    try:
        parameters = getattr(resolve(request.path_info).func, "kept_by", None)
    except Resolver404:
        return False
    return parameters is not None and all(
        values == [""] or (name in parameters and len(values) == 1) for name, values in request.GET.lists()
    )


def _key(request: HttpRequest) -> str:
    query = sorted((name, value) for name, value in request.GET.items() if value)
    address = (request.scheme, request.get_host(), request.path, query)
    return hashlib.sha256(repr((revision.current(), today(), address)).encode()).hexdigest()


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
