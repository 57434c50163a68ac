from django.apps import AppConfig

from core import mailkinds, personal, retention


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "Kommunen und Personen"

    def ready(self) -> None:
        # Here, not above: the models behind them exist only once Django has loaded the apps.
        from core import repeating
        from members import addresses, emails, privacy
        from users.actions import when_address_changes

        mailkinds.register(*emails.KINDS)
        personal.register(*privacy.RECORDS)
        retention.register(*privacy.PERIODS)
        repeating.register("person", addresses.addresses_of)
        when_address_changes(addresses.follow_address)
