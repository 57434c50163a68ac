from django.apps import AppConfig

from core import mailkinds, personal, retention


class DeclarationsConfig(AppConfig):
    name = "declarations"
    verbose_name = "Beitritt und Erklärung"

    def ready(self) -> None:
        # Here, not above: the models behind them exist only once Django has loaded the apps.
        from declarations import emails, imports, privacy
        from members.imports import runs
        from members.models import ImportKind

        mailkinds.register(*emails.KINDS)
        personal.register(*privacy.RECORDS)
        retention.register(*privacy.PERIODS)
        runs.add_kind(ImportKind.SIGNATURES, runs.Kind(imports.FIELDS, imports.REQUIRED, imports.Signatures))
