"""Second step of a change of SECRET_KEY (docs/betrieb.md): afterwards the old key may go."""

from django.core.management.base import BaseCommand, CommandError

from users import actions

DONE = "Alle zweiten Faktoren sind mit dem heutigen SECRET_KEY verschlüsselt."

UNREADABLE = """\
Diese zweiten Faktoren öffnet keiner der Schlüssel in SECRET_KEY und SECRET_KEY_FALLBACKS: {emails}.
Ergänzen Sie den alten Schlüssel und rufen Sie den Befehl noch einmal auf. Ist er verloren, setzt die Administration
den zweiten Faktor dieser Konten zurück."""


class Command(BaseCommand):
    help = "Verschlüsselt die zweiten Faktoren neu, nachdem SECRET_KEY gewechselt wurde."

    def handle(self, *args, **options):
        unreadable = actions.renew_secrets()
        if unreadable:
            raise CommandError(UNREADABLE.format(emails=", ".join(user.email for user in unreadable)))
        self.stdout.write(DONE)
