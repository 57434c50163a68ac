from django.apps import AppConfig

from core import mailkinds


class UsersConfig(AppConfig):
    name = "users"
    verbose_name = "Konten und Zugang"

    def ready(self) -> None:
        # Here, not above: the models behind the mails exist only once Django has loaded the apps.
        from users import emails

        mailkinds.register(*emails.KINDS)
