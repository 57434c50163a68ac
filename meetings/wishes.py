"""What people want to talk about, grouped for the office before the programme is set."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.folding import fold
from meetings.models import Registration


@dataclass(frozen=True)
class Wish:
    """One wish, however often and in whatever spelling it was made, and from where."""

    text: str
    bodies: list[str]

    @property
    def count(self) -> int:
        return len(self.bodies)


def grouped(registrations: Iterable[Registration]) -> list[Wish]:
    """Return the wishes of all who are in the list, the most frequent first."""
    found: dict[tuple[str, str], Wish] = {}
    for row in registrations:
        if row.topic_wish and row.is_active:
            wish = found.setdefault(fold(row.topic_wish), Wish(row.topic_wish, []))
            wish.bodies.append(row.body_name or row.person.name)
    return sorted(found.values(), key=lambda wish: -wish.count)
