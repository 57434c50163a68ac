from dataclasses import replace

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

from core import journal, mailkinds, personal, retention

# What libraries bring to the back office and nobody here may use: there are no groups (users/roles.py is the table),
# addresses are the accounts', second factors and sessions are each person's own.
FOREIGN_RECORDS = {"auth", "account", "mfa", "usersessions"}


class NetzwerkConfig(AppConfig):
    name = "netzwerk"
    verbose_name = "Portal"

    def ready(self) -> None:
        # Here, not above: the models behind the mails exist only once Django has loaded the apps.
        from netzwerk import emails, forgetting, privacy

        mailkinds.register(*emails.KINDS)
        personal.register(*privacy.RECORDS)
        retention.register(*privacy.PERIODS, replace(privacy.GUESTS, forget=forgetting.forget_guests))
        journal.register(forgetting.forget_again)


class PortalAdminConfig(AdminConfig):
    default_site = "netzwerk.admin_site.PortalAdminSite"

    def ready(self) -> None:
        super().ready()
        # Here, not above: the site and its records exist only after the call before.
        from django.contrib import admin
        from django.contrib.admin.helpers import AdminReadonlyField
        from django.contrib.admin.templatetags import admin_list

        from core.backoffice import name_or_link, yes_or_no

        # Django offers no other way to say it in words; all its lists and records draw through this one.
        admin_list._boolean_icon = yes_or_no
        AdminReadonlyField.get_admin_url = name_or_link
        admin.site.unregister([model for model in admin.site._registry if model._meta.app_label in FOREIGN_RECORDS])
