"""The portal's site map with an address for every error page, and the pages of the proxy as it sends them."""

import re
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.csrf import csrf_failure

from netzwerk import urls as portal

handler400, handler500 = portal.handler400, portal.handler500

PROXY = Path(settings.BASE_DIR) / "proxy"
# Address and the status that belongs to it.
ERROR_PAGES = {
    "/test/400/": 400,
    "/test/403/": 403,
    "/test/403-csrf/": 403,
    "/gibt-es-nicht/": 404,
    "/test/429/": 429,
    "/test/500/": 500,
    "/test/503/": 503,
    "/test/proxy/413/": 413,
    "/test/proxy/502/": 502,
}


def fail_with(error):
    def view(request):
        raise error

    return view


def too_many(request):
    return render(request, "429.html", status=429)


def proxy_policy() -> str:
    return re.search(r'Content-Security-Policy "([^"]+)"', (PROXY / "Caddyfile").read_text(encoding="utf-8"))[1]


def of_proxy(request, status):
    page = (PROXY / "pages" / f"{status}.html").read_text(encoding="utf-8")
    return HttpResponse(page, status=status, headers={"Content-Security-Policy": proxy_policy()})


urlpatterns = [
    *portal.urlpatterns,
    path("test/400/", fail_with(SuspiciousOperation())),
    path("test/403/", fail_with(PermissionDenied())),
    path("test/403-csrf/", csrf_failure),
    path("test/429/", too_many),
    path("test/500/", fail_with(RuntimeError("meant to fail"))),
    path("test/503/", fail_with(OperationalError("meant to be away"))),
    path("test/proxy/<int:status>/", of_proxy),
]
