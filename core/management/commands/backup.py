"""Saves everything that lasts (docs/betrieb.md, "Sichern")."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core import backup

DONE = "Gesichert in {folder}: {tables} Tabellen mit {rows} Zeilen und {files} Dateien, zusammen {megabytes:.1f} MB."


class Command(BaseCommand):
    help = "Sichert Datenbank und Dateien in einen neuen Ordner; das Portal läuft dabei weiter."

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="ORDNER", type=Path, help="Ordner, den es noch nicht gibt")

    def handle(self, *args, folder: Path, **options):
        try:
            manifest = backup.write(folder)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            DONE.format(
                folder=folder,
                tables=len(manifest.tables),
                rows=manifest.rows,
                files=len(manifest.files) - 1,  # the database is one of them
                megabytes=manifest.size / 1_000_000,
            )
        )
