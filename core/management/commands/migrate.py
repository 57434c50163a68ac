"""Django's `migrate` without the time limits of pages: on a filled database a single step may take minutes."""

from contextlib import nullcontext
from typing import Any

from django.core.management.commands import migrate
from django.db import connections


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with getattr(connection, "without_limits", nullcontext)():
            super().handle(*args, **options)
