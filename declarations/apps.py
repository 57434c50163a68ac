from django.apps import AppConfig

from core import mailkinds, personal, retention


class DeclarationsConfig(AppConfig):
    name = "declarations"
    verbose_name = "Beitritt und Erklärung"

    def ready(self) -> None:
        # Here, not above: the models behind them exist only once Django has loaded the apps.
        from declarations import emails, privacy

        mailkinds.register(*emails.KINDS)
        personal.register(*privacy.RECORDS)
        retention.register(*privacy.PERIODS)
