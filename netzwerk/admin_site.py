"""The back office: Django's admin in our frame, reached only through the portal's own sign-in."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.decorators import method_decorator

from netzwerk import worklist
from netzwerk.menu import menu_for


class PortalAdminSite(admin.AdminSite):
    site_title = "Kommunen-Netzwerk"
    site_header = "Kommunen-Netzwerk: engagiert in NRW"
    index_title = "Heute"
    index_template = "netzwerk/today.html"
    # The portal's menu (netzwerk/menu.py) stands in its place.
    enable_nav_sidebar = False
    site_url = "/"

    def index(self, request, extra_context=None):
        """What there is to do today, and below it the way to every list."""
        lists = [word for word in menu_for(request) if word["entries"]]
        return super().index(request, {"groups": worklist.groups_for(request.user), "lists": lists})

    @method_decorator(secure_admin_login)
    def login(self, request, extra_context=None):
        return super().login(request, extra_context)

    def get_urls(self):
        """All but the pages to change a password: nobody here has one."""
        return [
            pattern
            for pattern in super().get_urls()
            if not (getattr(pattern, "name", "") or "").startswith("password_change")
        ]
