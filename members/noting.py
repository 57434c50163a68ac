"""Verbs of notes: what the office keeps in mind about a body."""

import datetime

from django.utils import timezone

from members.models import Municipality, Note, Person
from users.models import User


def write_note(
    municipality: Municipality,
    *,
    text: str,
    by: User | None,
    person: Person | None = None,
    follow_up_on: datetime.date | None = None,
) -> Note:
    """Keep a note about a body; with `follow_up_on` it comes back in "Heute" on that day."""
    note = Note(municipality=municipality, person=person, text=text, author=by, follow_up_on=follow_up_on)
    return _save_note(note, by)


def change_note(
    note: Note, *, text: str, by: User, person: Person | None = None, follow_up_on: datetime.date | None = None
) -> Note:
    """Rewrite a note; a new day of the follow-up opens it again, none ends it."""
    if follow_up_on != note.follow_up_on:
        note.done_at = None
    note.text, note.person, note.follow_up_on = text, person, follow_up_on
    return _save_note(note, by)


def finish_follow_up(note: Note, *, by: User) -> None:
    """Settle the follow-up; done twice it stays as it was the first time."""
    if note.is_waiting:
        note.done_at = timezone.now()
        _save_note(note, by)


def delete_note(note: Note, *, by: User) -> None:
    """Delete a note; its versions stay as long as those of every note (see members.privacy)."""
    note._history_user = by  # type: ignore[attr-defined]
    note.delete()


def _save_note(note: Note, by: User | None) -> Note:
    note.full_clean()
    note._history_user = by  # type: ignore[attr-defined]
    note.save()
    return note
