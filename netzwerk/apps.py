from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class NetzwerkConfig(AppConfig):
    name = "netzwerk"
    verbose_name = "Portal"


class PortalAdminConfig(AdminConfig):
    default_site = "netzwerk.admin_site.PortalAdminSite"
