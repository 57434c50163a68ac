from django.apps import AppConfig

from core import personal, retention


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "Kommunen und Personen"

    def ready(self) -> None:
        # Here, not above: the models behind them exist only once Django has loaded the apps.
        from members import privacy

        personal.register(*privacy.RECORDS)
        retention.register(*privacy.PERIODS)
