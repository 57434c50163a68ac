"""Brings a backup back (docs/betrieb.md, "Wiederherstellen")."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core import backup
from core.history import Actor, acting_as

SOUND = "Die Sicherung vom {created_at} ist unbeschädigt: {tables} Tabellen mit {rows} Zeilen und {files} Dateien."

DONE = """\
Wiederhergestellt und verglichen: {tables} Tabellen mit {rows} Zeilen und {files} Dateien, Stand {created_at}.

Nichts davon geht von selbst hinaus, weil es seit der Sicherung schon gesendet sein kann:
- angehaltene Sammelsendungen: {batches}
- einzelne E-Mails, die jetzt auf „ungewiss“ oder „ausgelassen“ stehen: {mails}
Die Geschäftsstelle entscheidet darüber in der Verwaltung („Zustellungen“ und „Sammelsendungen“).

Noch einmal gelöschte Personen, die in der Sicherung noch standen: {erased}.

So geht es weiter: Starten Sie die Prozesse des Portals."""

FORMER = "Die bisherigen Dateien liegen noch in {folder}. Löschen Sie den Ordner, wenn alles stimmt."


class Command(BaseCommand):
    help = "Spielt eine Sicherung ein, vergleicht das Ergebnis mit ihr und hält wartende E-Mails an."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="ORDNER", type=Path, help="Ordner, den manage.py backup angelegt hat")
        parser.add_argument("--check", action="store_true", help="nur prüfen, ob die Sicherung unbeschädigt ist")
        parser.add_argument("--replace", action="store_true", help="auch wenn es schon Konten gibt; ersetzt alles")

    def handle(self, *args, folder: Path, check: bool, replace: bool, **options):
        try:
            if check:
                self.stdout.write(SOUND.format(**_figures(backup.check(folder))))
                return
            with acting_as(Actor("system", "Befehl restore")):
                restored = backup.restore(folder, replace=replace)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        held = {"batches": restored.batches_paused, "mails": restored.mails_held, "erased": restored.erased_again}
        self.stdout.write(DONE.format(**_figures(restored.manifest), **held))
        if restored.former_files:
            self.stdout.write(FORMER.format(folder=restored.former_files))


def _figures(manifest: backup.Manifest) -> dict:
    return {
        "created_at": manifest.created_at,
        "tables": len(manifest.tables),
        "rows": manifest.rows,
        "files": len(manifest.files) - 1,  # the database is one of them
    }
