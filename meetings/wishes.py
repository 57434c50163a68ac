"""What people want to talk about, grouped for the office before the programme is set."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.folding import fold
from meetings.models import Registration, Reply


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
    return _grouped((row.topic_wish, row.body_name or row.person.name) for row in registrations if row.is_active)


def of_replies(replies: Iterable[Reply]) -> list[Wish]:
    """Return the wishes of all who answered an invitation to a summit, also of those who do not come."""
    return _grouped((reply.topic_wish, str(reply.invitation.municipality)) for reply in replies)


def _grouped(wishes: Iterable[tuple[str, str]]) -> list[Wish]:
    found: dict[tuple[str, str], Wish] = {}
    for text, body in wishes:
        if text:
            found.setdefault(fold(text), Wish(text, [])).bodies.append(body)
    return sorted(found.values(), key=lambda wish: -wish.count)
