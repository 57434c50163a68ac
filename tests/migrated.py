"""A migrated, empty SQLite file kept between test runs: migrating one takes longer than most runs of a few tests.

Kept under the hash of all that decides its contents; a changed migration or lock file makes a new one.
"""

import hashlib
import os
import shutil
from pathlib import Path
from tempfile import gettempdir

from django.conf import settings


def kept_file() -> Path:
    decisive = [*settings.BASE_DIR.glob("*/migrations/*.py"), *settings.BASE_DIR.glob("requirements/*.txt")]
    digest = hashlib.sha256()
    for path in sorted(decisive):
        digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    return Path(gettempdir()) / f"netzwerk-migrated-{os.getuid()}-{digest.hexdigest()[:16]}.sqlite3"


def lay_ready(database: Path) -> bool:
    """Put the kept file where a run expects its database; return whether there was one."""
    remove(database)
    if not kept_file().exists():
        return False
    shutil.copyfile(kept_file(), database)
    return True


def keep(database: Path) -> None:
    """Keep a copy of a database just migrated; of two runs at once the later one's copy stays."""
    copy = kept_file().with_suffix(f".{os.getpid()}")
    shutil.copyfile(database, copy)
    copy.replace(kept_file())


def remove(database: Path) -> None:
    for end in ("", "-wal", "-shm"):
        Path(f"{database}{end}").unlink(missing_ok=True)
