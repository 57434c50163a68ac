from django.core.management.base import BaseCommand

from core.history import Actor, acting_as
from members import imports


class Command(BaseCommand):
    help = (
        "Lädt das Register der 432 Gebietskörperschaften und die öffentlich belegten Mitgliedschaften (wiederholbar)."
    )

    def handle(self, *args, **options):
        with acting_as(Actor("system", "Register-Import")):
            register = imports.load_register()
            proven = imports.load_proven_members()
        if options["verbosity"] == 0:
            return
        self.stdout.write(
            f"Register: {len(register.created)} neu, {len(register.changed)} geändert, "
            f"{register.unchanged} unverändert. Belegte Mitgliedschaften: {len(proven.created)} neu eingetragen, "
            f"{proven.unchanged} schon da."
        )
