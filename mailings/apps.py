from django.apps import AppConfig

from core import mailkinds, personal, retention


class MailingsConfig(AppConfig):
    name = "mailings"
    verbose_name = "Informations-E-Mails"

    def ready(self) -> None:
        # Here, not above: the models behind them exist only once Django has loaded the apps.
        from core.actions import when_taken_back
        from mailings import emails, passing_on, privacy, subscribing
        from members.addresses import when_links_end

        mailkinds.register(*emails.KINDS)
        personal.register(*privacy.RECORDS)
        retention.register(*privacy.PERIODS)
        when_links_end(subscribing.withdraw_mailed_links)
        when_taken_back(passing_on.ask_giver_again)
