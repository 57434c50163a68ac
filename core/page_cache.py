"""Public pages kept in the memory of each web process, for visitors without a session.

A page is kept under the number of the newest public change (`core.revision`) and the date in Berlin: what is published
shows at once, in all processes, and no page still calls yesterday today. Finding one costs one query.
"""

import gzip
import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import caches
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
    a request with any other name, such as free text, is answered anew, so nobody can fill the memory with addresses.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not _may_be_shared(request, parameters):
                return view(request, *args, **kwargs)
            pages, key = caches["pages"], _key(request)
            kept = pages.get(key)
            if kept is None:
                response = view(request, *args, **kwargs)
                if not _is_for_everyone(request, response):
                    return response
                kept = (gzip.compress(response.content, 6), dict(response.items()))
                pages.set(key, kept)
            return _response(request, *kept)

        return answer

    return decorate


def _may_be_shared(request: HttpRequest, parameters: tuple[str, ...]) -> bool:
    """Whether nothing in the request can make its page differ from another visitor's under the same key."""
    return (
        request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and len(request.META.get("QUERY_STRING", "")) <= _LONGEST_QUERY
        and all(values == [""] or (name in parameters and len(values) == 1) for name, values in request.GET.lists())
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


def _response(request: HttpRequest, compressed: bytes, headers: dict[str, str]) -> HttpResponse:
    """Kept pages go out compressed as they lie; with nothing secret in them, their length betrays nothing (BREACH)."""
    if _TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")):
        response = HttpResponse(compressed, headers=headers | {"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(gzip.decompress(compressed), headers=headers)
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
