from django.apps import AppConfig

from core import mailkinds, personal, retention


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "Termine"

    def ready(self) -> None:
        # Here, not above: the models behind them exist only once Django has loaded the apps.
        from meetings import documentation_emails, emails, ending, privacy, summit_emails
        from members.addresses import when_links_end

        mailkinds.register(*emails.KINDS, *documentation_emails.KINDS, *summit_emails.KINDS)
        personal.register(*privacy.RECORDS)
        retention.register(*privacy.PERIODS)
        when_links_end(ending.withdraw_mailed_links)
