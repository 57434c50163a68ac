from django.core.management.base import BaseCommand

from core.history import Actor, acting_as
from members.imports import register


class Command(BaseCommand):
    help = (
        "Lädt das Register der 432 Gebietskörperschaften und die öffentlich belegten Mitgliedschaften (wiederholbar)."
    )

    def handle(self, *args, **options):
        with acting_as(Actor("system", "Register-Import")):
            bodies = register.load_register()
            proven = register.load_proven_members()
        if options["verbosity"] == 0:
            return
        self.stdout.write(
            f"Register: {len(bodies.created)} neu, {len(bodies.changed)} geändert, "
            f"{bodies.unchanged} unverändert. Belegte Mitgliedschaften: {len(proven.created)} neu eingetragen, "
            f"{proven.unchanged} schon da."
        )
