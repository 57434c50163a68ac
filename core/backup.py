"""A backup is a folder: the database as one file, the portal's files, and a manifest that lets both be proven.

It is made beside the running portal. The folder bears its name only once it is whole.
"""

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from core import actions, dumps, journal

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database", "media"

NOT_EMPTY = "{folder} gibt es schon. Nennen Sie einen Ordner, den es noch nicht gibt."
NOT_A_BACKUP = "{folder} ist keine Sicherung dieses Portals: {reason}."
OTHER_ENGINE = "Diese Sicherung stammt aus {theirs}, hier läuft {ours}. Beides muss gleich sein."
NEWER = "Diese Sicherung stammt aus einer neueren Fassung des Portals ({names}). Richten Sie zuerst diese ein."
DAMAGED = "Die Sicherung ist beschädigt: {names}. Nehmen Sie eine andere."
HAS_DATA = (
    "In dieser Datenbank gibt es schon Konten. Wenn die Sicherung wirklich alles ersetzen soll, beenden Sie alle "
    "Prozesse des Portals und rufen Sie den Befehl mit --replace auf."
)
FAILED = "Das Datenbankprogramm hat abgebrochen, nichts ist verändert. Es meldet: {error}"
DIFFERENT = (
    "Nach dem Einspielen weichen diese Tabellen von der Sicherung ab: {names}. Laufen noch Prozesse des Portals?"
)


class BackupError(Exception):
    """Why it does not go on, in German."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. files: path in the folder -> size in bytes and SHA-256."""

    engine: str
    created_at: str
    migrations: list[str]
    tables: dumps.Tables
    files: dict[str, dict[str, Any]]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.tables.values())

    @property
    def size(self) -> int:
        return sum(file["bytes"] for file in self.files.values())


@dataclass(frozen=True)
class Restored:
    """What came back, what was held, how many were erased once more, and where the files of before lie (or None)."""

    manifest: Manifest
    batches_paused: int
    mails_held: int
    erased_again: int
    former_files: Path | None


def write(folder: Path) -> Manifest:
    """Make a backup in this new folder, readable for its owner alone. BackupError if it exists or a program fails."""
    if folder.exists():
        raise BackupError(NOT_EMPTY.format(folder=folder))
    unfinished = folder.with_name(folder.name + ".part")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700, parents=True)
    created_at = timezone.now().isoformat()
    try:
        # The database first: files that come later are too many, never too few.
        tables = dumps.write(unfinished / DATABASE)
    except dumps.DumpError as error:
        raise BackupError(FAILED.format(error=error)) from error
    if settings.MEDIA_ROOT.is_dir():
        shutil.copytree(settings.MEDIA_ROOT, unfinished / FILES)
    journal.copy_to(unfinished)
    manifest = Manifest(connection.vendor, created_at, _applied_migrations(), tables, _files(unfinished))
    (unfinished / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))
    unfinished.rename(folder)
    return manifest


def check(folder: Path) -> Manifest:
    """Compare every file of a backup with its manifest; BackupError if it is none, of another engine, or damaged."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(NOT_A_BACKUP.format(folder=folder, reason=error)) from error
    if manifest.format != FORMAT:
        raise BackupError(NOT_A_BACKUP.format(folder=folder, reason=f"Format {manifest.format}, erwartet {FORMAT}"))
    if manifest.engine != connection.vendor:
        raise BackupError(OTHER_ENGINE.format(theirs=manifest.engine, ours=connection.vendor))
    if damaged := _differing(manifest.files, _files(folder)):
        raise BackupError(DAMAGED.format(names=", ".join(damaged)))
    return manifest


def restore(folder: Path, *, replace: bool) -> Restored:
    """Put a backup in the place of everything, prove it, hold all mail that was still to go out, and erase once more
    whom the backup brought back.

    replace: also if the database has accounts already. BackupError before anything is changed if the backup is
    damaged; the portal's processes must be stopped.
    """
    manifest = check(folder)
    if unknown := sorted(set(manifest.migrations) - _known_migrations()):
        raise BackupError(NEWER.format(names=", ".join(unknown)))
    if not replace and _has_accounts():
        raise BackupError(HAS_DATA)
    new_files = _beside("new")
    _copy_files(folder, new_files)
    try:
        dumps.load(folder / DATABASE)
    except dumps.DumpError as error:
        raise BackupError(FAILED.format(error=error)) from error
    different = _differing(manifest.tables, dumps.tables())
    former_files = _put_in_place(new_files)
    call_command("migrate", verbosity=0)  # the backup may be older than the code
    journal.merge_from(folder)
    restored = Restored(manifest, *actions.hold_unfinished(), journal.replay(), former_files)
    if different:
        raise BackupError(DIFFERENT.format(names=", ".join(different)))
    return restored


def _applied_migrations() -> list[str]:
    return sorted(".".join(migration) for migration in MigrationRecorder(connection).applied_migrations())


def _known_migrations() -> set[str]:
    return {".".join(migration) for migration in MigrationLoader(None).disk_migrations}


def _has_accounts() -> bool:
    accounts = get_user_model()
    return accounts._meta.db_table in connection.introspection.table_names() and accounts._default_manager.exists()


def _beside(word: str) -> Path:
    return settings.MEDIA_ROOT.with_name(f"{settings.MEDIA_ROOT.name}.{word}")


def _copy_files(folder: Path, target: Path) -> None:
    """Copy the files of a backup beside those in use; a full disk then harms nothing."""
    if target.exists():
        shutil.rmtree(target)
    if (folder / FILES).is_dir():
        shutil.copytree(folder / FILES, target)
    else:
        target.mkdir(parents=True)


def _put_in_place(new_files: Path) -> Path | None:
    """Let the new files take the place of the former ones; return where those are kept."""
    former = None
    if settings.MEDIA_ROOT.exists():
        former = _beside(f"before-{timezone.now():%Y%m%d-%H%M%S}")
        settings.MEDIA_ROOT.rename(former)
    new_files.rename(settings.MEDIA_ROOT)
    return former


def _files(folder: Path) -> dict[str, dict[str, Any]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / MANIFEST)
    return {str(path.relative_to(folder)): _proof(path) for path in paths}


def _proof(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _differing(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    return sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
