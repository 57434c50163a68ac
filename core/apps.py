from django.apps import AppConfig

from core import personal, retention


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Versand und Technik"

    def ready(self) -> None:
        # Here, not above: the models behind them exist only once Django has loaded the apps.
        from core import privacy

        personal.register(*privacy.RECORDS)
        retention.register(*privacy.PERIODS)
