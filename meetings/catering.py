"""Who is there to be fed: those with a place on site, and what they eat."""

from collections import Counter
from dataclasses import dataclass

from meetings.models import Meeting, Mode, Registration
from meetings.summit import in_protocol_order


@dataclass(frozen=True)
class Meal:
    """A wish and by how many it was made."""

    wish: str
    count: int


def meals(meeting: Meeting) -> list[Meal]:
    """Return the wishes of those who have a place on site, written the same way once, the most frequent first."""
    wishes = [" ".join(row.food.split()) for row in on_site(meeting)]
    spelled = {wish.casefold(): wish for wish in reversed(wishes) if wish}
    counted = Counter(wish.casefold() for wish in wishes if wish)
    return [Meal(spelled[key], count) for key, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]


def on_site(meeting: Meeting) -> list[Registration]:
    """Return who has a place on site, in order of names; at a summit in that of the protocol."""
    rows = list(meeting.registrations.registered().filter(mode=Mode.ON_SITE).for_list().in_list_order())
    return in_protocol_order(meeting, rows) if meeting.is_summit else rows
