"""Pages of our own in the back office: who enters, and in which frame.

    @staff_page("members.view_municipality")
    def dossier(request, slug): ...   # renders a template that extends "base_desk.html"

Their addresses lie under /verwaltung/<word of the menu>/ (netzwerk/menu.py) and stand before the admin's in
netzwerk/urls.py.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def staff_page(permission: str) -> Callable[[View], View]:
    """Let in whom the admin lets in and who has this permission; the others meet the sign-in or a page that says so.

    As on every page of the admin: never cached, POST with its CSRF token, staff with their second factor
    (users.middleware). permission: "app.action_model" of users/roles.py.
    """

    def decorate(view: View) -> View:
        permitted = permission_required(permission, raise_exception=True)(view)

        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return admin.site.admin_view(permitted)(request, *args, **kwargs)

        return page

    return decorate
