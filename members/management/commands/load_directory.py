from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from core.history import Actor, acting_as
from members.imports import runs
from members.models import ImportKind


class Command(BaseCommand):
    help = "Lädt Einwohner, Stichtag, Fläche und PLZ aus dem amtlichen Gemeindeverzeichnis (wiederholbar)."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="Auszug aus dem Gemeindeverzeichnis (GV-ISys), Excel-Datei")

    def handle(self, *args, file, **options):
        try:
            with acting_as(Actor("system", "Gemeindeverzeichnis")):
                counts = runs.read_in_at_once(ImportKind.DIRECTORY, file_name=file.name, data=file.read_bytes())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(", ".join(f"{label}: {number}" for label, number in counts.items()))
