"""The lists of a meeting as tables: participants, and what the caterer needs."""

from core.exports import Column, Table
from meetings.catering import meals
from meetings.models import Meeting


def participants(meeting: Meeting) -> Table:
    """Everybody in the list with state and presence; needs are for the office alone."""
    columns = [
        Column("Nachname", lambda row: row.person.last_name),
        Column("Vorname", lambda row: f"{row.person.title} {row.person.first_name}".strip()),
        Column("Kommune oder Organisation", lambda row: row.body_name),
        Column("E-Mail", lambda row: row.person.email),
        Column("Teilnahme", lambda row: row.get_mode_display()),
        Column("Stand", lambda row: row.get_state_display()),
        Column("Nummer", lambda row: row.number),
        Column("Eingegangen", lambda row: row.created_at),
        Column("Anwesend", lambda row: row.was_present),
        Column("Gewählt", lambda row: ", ".join(item.title for item in row.given_items)),
        Column("Bedarf beim Zugang", lambda row: row.access_needs),
        Column("Essen", lambda row: row.food),
        Column("Themenwunsch", lambda row: row.topic_wish),
        Column("Auf der Liste der Teilnehmenden", lambda row: row.is_listed),
    ]
    return Table(f"Anmeldungen {meeting.title}", columns, meeting.registrations.for_list().in_list_order())


def caterer(meeting: Meeting) -> Table:
    """What they eat, and how many; without names."""
    columns = [Column("Wunsch", lambda meal: meal.wish), Column("Anzahl", lambda meal: meal.count)]
    return Table(f"Essen {meeting.title}", columns, meals(meeting))
