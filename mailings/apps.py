from django.apps import AppConfig

from core import mailkinds, personal, retention


class MailingsConfig(AppConfig):
    name = "mailings"
    verbose_name = "Informations-E-Mails"

    def ready(self) -> None:
        # Here, not above: the models behind them exist only once Django has loaded the apps.
        from mailings import emails, privacy

        mailkinds.register(*emails.KINDS)
        personal.register(*privacy.RECORDS)
        retention.register(*privacy.PERIODS)
