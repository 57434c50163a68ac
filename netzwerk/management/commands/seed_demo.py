from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.history import Actor, acting_as
from declarations import demo as declarations_demo
from declarations import joining_demo
from mailings import demo as mailings_demo
from meetings import demo as meetings_demo
from meetings import documentation_demo, summit_demo
from members import demo as members_demo
from netzwerk import demo
from users import demo as users_demo


class Command(BaseCommand):
    help = "Füllt die Demonstration mit erfundenen Personen und Angaben (wiederholbar, nur mit DEMO=true)."

    def add_arguments(self, parser):
        parser.add_argument("--without-pdf", action="store_true", help="Macht keine PDF-Dateien, das spart Sekunden.")

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("Das geht nur in der Demonstration (DEMO=true): Hier entstehen erfundene Personen.")
        with transaction.atomic(), acting_as(Actor("system", "Demonstration")):
            administrator = users_demo.fill()
            members_demo.fill(by=administrator)
            meetings_demo.fill(by=administrator)
            declarations_demo.fill()
            joining_demo.fill(by=administrator)
            summit_demo.fill(by=administrator)
            mailings_demo.fill(by=administrator)
            demo.fill(by=administrator)
        if not options["without_pdf"]:
            documentation_demo.publish(by=administrator)
        if options["verbosity"]:
            self.stdout.write("Die Demonstration ist gefüllt.")
