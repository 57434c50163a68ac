"""Brings database and static files up to date, in one process so that a second `make run` takes seconds.

Every command may be run any number of times: it adds what is missing and keeps what people changed.
"""

import hashlib
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

COMMANDS = (
    ("Datenbank", ["migrate", "--verbosity=0"]),
    ("Zwischenspeicher", ["createcachetable", "--verbosity=0"]),
    ("Verzeichnis der Kommunen", ["load_register", "--verbosity=0"]),
    ("Demonstrationsdaten", ["seed_demo", "--verbosity=0"]),
)


def collect_static() -> None:
    """Collect and compress the static files, which takes seconds, only if one of them has changed."""
    files = [storage.path(name) for finder in get_finders() for name, storage in finder.list([])]
    state = "\n".join(f"{name} {os.stat(name).st_mtime_ns} {os.stat(name).st_size}" for name in sorted(files))
    stamp = Path(settings.DATA_DIR) / "static.sha256"
    digest = hashlib.sha256(state.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    print("Gestaltung und Bilder …", flush=True)
    call_command("collectstatic", "--no-input", "--verbosity=0")
    stamp.write_text(digest)


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netzwerk.settings")
    django.setup()
    for title, command in COMMANDS:
        print(f"{title} …", flush=True)
        call_command(*command)
    collect_static()


if __name__ == "__main__":
    main()
