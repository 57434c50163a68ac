from django.apps import AppConfig

from core import mailkinds, personal, retention


class UsersConfig(AppConfig):
    name = "users"
    verbose_name = "Konten und Zugang"

    def ready(self) -> None:
        # Here, not above: the models behind the mails exist only once Django has loaded the apps.
        from users import emails, privacy

        mailkinds.register(*emails.KINDS)
        personal.register(*privacy.RECORDS)
        retention.register(*privacy.PERIODS)
