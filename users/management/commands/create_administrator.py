"""The first account of a new portal; all others are opened in the portal."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from core.history import Actor, acting_as
from users import actions
from users.models import User

DONE = """\
{email} verwaltet jetzt das Portal.

So geht es weiter:
1. Öffnen Sie {url}
2. Geben Sie {email} ein. Der Code kommt per E-Mail.
3. Richten Sie die Authenticator-App ein und bewahren Sie die Notfallcodes auf.
4. Legen Sie unter Verwaltung – Konten die Konten Ihrer Kolleginnen und Kollegen an."""

REFUSED = """\
Es gibt schon eine Administratorin oder einen Administrator: {email}.
Weitere Konten legt sie oder er im Portal an. Wenn niemand mehr hineinkommt, rufen Sie den Befehl mit --force auf;
er ernennt das Konto trotzdem und lässt den zweiten Faktor neu einrichten."""


class Command(BaseCommand):
    help = "Legt das erste Administratorkonto an und schickt die Einladung."

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="ADRESSE", help="E-Mail-Adresse der Person")
        parser.add_argument("--force", action="store_true", help="auch wenn es schon Administratoren gibt")

    def handle(self, *args, email: str, force: bool, **options):
        existing = User.objects.administrators().first()
        if existing and not force:
            raise CommandError(REFUSED.format(email=existing.email))
        try:
            with acting_as(Actor("system", "Befehl create_administrator")), transaction.atomic():
                user = _appoint(email.strip().lower())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        url = settings.SITE_URL + reverse("account_login")
        self.stdout.write(DONE.format(email=user.email, url=url))


def _appoint(email: str) -> User:
    """Open the account, or make the existing one administrator with the second factor still to be set up."""
    user = User.objects.filter(email=email).first()
    if user is None:
        return actions.open_account(email, is_administrator=True)
    actions.unblock(user, by=None)
    actions.change_account(user, is_administrator=True, by=None)
    actions.reset_second_factor(user, by=None)
    return user
