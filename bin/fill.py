"""Brings database and static files up to date, in one process so that a second `make run` takes seconds.

Every command may be run any number of times: it adds what is missing and keeps what people changed.
"""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command

COMMANDS = (
    ("Datenbank", ["migrate", "--verbosity=0"]),
    ("Zwischenspeicher", ["createcachetable", "--verbosity=0"]),
    ("Verzeichnis der Kommunen", ["load_register", "--verbosity=0"]),
    ("Demonstrationsdaten", ["seed_demo", "--verbosity=0"]),
    ("Gestaltung und Bilder", ["collectstatic", "--no-input", "--verbosity=0"]),
)


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netzwerk.settings")
    django.setup()
    for title, command in COMMANDS:
        print(f"{title} …", flush=True)
        call_command(*command)


if __name__ == "__main__":
    main()
