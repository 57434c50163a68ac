"""The back office's lists and records of members, by subject."""

from members.admin import bodies, notes, people
from members.admin.lists import NameSearch

__all__ = ["NameSearch", "bodies", "notes", "people"]
