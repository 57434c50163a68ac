"""The programme of a meeting as it is read: by day, and what runs at the same time side by side."""

from dataclasses import dataclass, field

from django.utils.formats import date_format

from meetings.models import AgendaItem, Meeting


@dataclass(frozen=True)
class Day:
    """One day of a programme. heading: "" for a meeting of one day; groups: items of one round of choice together."""

    heading: str
    groups: list[list[AgendaItem]] = field(default_factory=list)


def days(meeting: Meeting) -> list[Day]:
    """Return the days that have a programme, in order."""
    found: dict[int, Day] = {}
    several = meeting.last_day != meeting.day
    for item in meeting.agenda.for_list():
        item.meeting = meeting
        heading = date_format(item.day, "l, j. F Y") if several or item.day_number > 1 else ""
        groups = found.setdefault(item.day_number, Day(heading)).groups
        if groups and item.choice_round and groups[-1][0].choice_round == item.choice_round:
            groups[-1].append(item)
        else:
            groups.append([item])
    return list(found.values())
