from django.conf import settings
from django.core.management.base import BaseCommand

from users.demo import CONTACT_EMAIL, STAFF

_TEXT = """
Das Portal läuft.

  Als Besucher/in:         {site}
  Als Ansprechperson:      {site}/konto/anmelden/
                           Adresse: {contact}
  Als Geschäftsstelle:     {site}/verwaltung/
{staff}

  Alle E-Mails – auch die Anmeldecodes – und die zweiten Faktoren der Geschäftsstelle stehen im Postausgang:
                           {site}/demo/postausgang/
  Kein Passwort nötig. Beenden mit Strg-C; „make run“ startet wieder mit denselben Daten, „make reset“ beginnt neu.
"""


class Command(BaseCommand):
    help = "Zeigt die Adressen der Demonstration und wie man sich anmeldet."

    def handle(self, *args, **options):
        staff = "\n".join(f"{'':27}{email} ({label})" for email, label in STAFF.items())
        self.stdout.write(_TEXT.format(site=settings.SITE_URL, contact=CONTACT_EMAIL, staff=staff))
