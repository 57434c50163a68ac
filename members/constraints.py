"""Overlapping memberships of one body cannot be stored: exclusion constraint on PostgreSQL, triggers on SQLite.

SQLite loses the triggers without a word when a migration rebuilds the table. So every later migration that touches
`Membership` ends with `migrations.RunPython(add_overlap_guard, remove_overlap_guard)`; a test tries an overlap on the
fully migrated database.
"""

from typing import Any

_EXCLUSION = """
    ALTER TABLE members_membership ADD CONSTRAINT membership_no_overlap
    EXCLUDE USING gist (municipality_id WITH =, daterange(started_on, ended_on, '[]') WITH &&)
"""

# An empty start or end is open without limit, as in daterange() above.
_TRIGGER = """
    CREATE TRIGGER membership_no_overlap_{event}
    BEFORE {event} ON members_membership
    WHEN EXISTS (
        SELECT 1 FROM members_membership AS other
        WHERE other.municipality_id = NEW.municipality_id AND other.id IS NOT NEW.id
        AND (other.started_on IS NULL OR NEW.ended_on IS NULL OR other.started_on <= NEW.ended_on)
        AND (other.ended_on IS NULL OR NEW.started_on IS NULL OR other.ended_on >= NEW.started_on)
    )
    BEGIN SELECT RAISE(ABORT, 'membership_no_overlap'); END
"""


def add_overlap_guard(apps: Any, schema_editor: Any) -> None:
    """Create the guard, replacing one that is already there."""
    remove_overlap_guard(apps, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        schema_editor.execute(_EXCLUSION)
        return
    for event in ("INSERT", "UPDATE"):
        schema_editor.execute(_TRIGGER.format(event=event))


def remove_overlap_guard(apps: Any, schema_editor: Any) -> None:
    """Remove the guard if it is there."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE members_membership DROP CONSTRAINT IF EXISTS membership_no_overlap")
        return
    for event in ("INSERT", "UPDATE"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS membership_no_overlap_{event}")
