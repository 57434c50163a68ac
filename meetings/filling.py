"""What every verb of places shares: the lock of the meeting, and moving up.

All of it is called with the row of the meeting held (`locked`), for as short as can be: two hundred people may press at
the same moment, and each waits for those before her.
"""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils import timezone

from meetings import emails, places
from meetings.models import AgendaItem, Choice, Meeting, Registration, RegistrationState

ITEM_FULL = "Dieser Programmpunkt ist inzwischen belegt. Wählen Sie einen anderen."
LAPSED = "Melden Sie sich noch einmal an: Diese Anmeldung wurde nicht rechtzeitig bestätigt."


def locked(meeting: Meeting) -> Meeting:
    """Return the meeting as it is now, its row held until the end of the transaction."""
    return Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)


def current(registration: Registration) -> Registration:
    """Return the registration as it is now; ValidationError if it is gone."""
    rows = Registration.objects.select_related("person", "municipality", "meeting")
    row = rows.filter(pk=registration.pk).first()
    if row is None:
        raise ValidationError(LAPSED)
    return row


def fill(meeting: Meeting) -> list[places.Line]:
    """Let those in order have what is free; return how each mode stands afterwards.

    All modes, for who leaves one of them may free a place of her municipality in the other.
    """
    lines = places.lines(meeting)
    if not meeting.is_announced or meeting.has_begun:
        return lines
    moved = [_fill_line(meeting, line) for line in lines if line.mode in meeting.modes]
    return places.lines(meeting) if any(moved) else lines


def _fill_line(meeting: Meeting, line: places.Line) -> bool:
    """Answer whether anybody moved up."""
    left, moved = line.free, False
    while line.waiting and (left is None or left > 0):
        row = places.next_in_line(meeting, line.mode)
        if row is None:
            break
        row.meeting = meeting
        _promote(row)
        left, moved = None if left is None else left - 1, True
    return moved


def _promote(row: Registration) -> None:
    if places.only_offered(row.meeting):
        row.state, row.offered_until = RegistrationState.OFFERED, places.offer_ends(row.meeting)
        row.save()
        emails.offered(row)
        return
    row.state = RegistrationState.REGISTERED
    row.save()
    give_items(row)
    emails.moved_up(row)


def give_items(row: Registration) -> None:
    """Parallel items are given with the place; nobody moves up there."""
    for choice in row.choices.select_related("first", "second"):
        choice.given = places.item_for(choice)
        choice.save(update_fields=["given"])


def choose(row: Registration, choices: Mapping[int, tuple[AgendaItem, AgendaItem | None]]) -> None:
    """Let somebody in the list wish for other parallel items; ValidationError if they are full, then she keeps hers.

    choices: of each round the first and second wish; a round left out is open again.
    """
    stored = {choice.choice_round: choice for choice in row.choices.select_related("first", "second")}
    for number in stored.keys() - choices.keys():
        stored[number].delete()
    for number, (first, second) in choices.items():
        choice = stored.get(number) or Choice(registration=row, choice_round=number)
        if (choice.first_id, choice.second_id) == (first.pk, second.pk if second else None):
            continue
        choice.first, choice.second = first, second
        choice.given = places.item_for(choice) if row.has_place else None
        if row.has_place and choice.given is None:
            raise ValidationError(ITEM_FULL)
        choice.save()


def strike(row: Registration, *, let_pass: bool = False) -> None:
    """Take a row off its list. let_pass: nobody said so, an offered place was not accepted in time."""
    row.state, row.cancelled_at = RegistrationState.CANCELLED, timezone.now()
    row.offered_until = row.offered_until if let_pass else None
    row.save()
    row.choices.update(given=None)
