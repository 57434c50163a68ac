"""The lists of a meeting as tables: participants, and what the caterer needs."""

from core.exports import Column, Table
from meetings.catering import meals, on_site
from meetings.models import Meeting
from meetings.summit import board


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


def seating(meeting: Meeting) -> Table:
    """Who comes to a summit, numbered in protocol order."""
    columns = [
        Column("Nr.", lambda seat: seat[0]),
        Column("Nachname", lambda seat: seat[1].person.last_name),
        Column("Vorname", lambda seat: f"{seat[1].person.title} {seat[1].person.first_name}".strip()),
        Column("Amt", lambda seat: seat[1].office),
        Column("Kommune", lambda seat: seat[1].body_name),
    ]
    return Table(f"Sitzordnung {meeting.title}", columns, list(enumerate(on_site(meeting), start=1)))


def answers(meeting: Meeting) -> Table:
    """All who are invited to a summit, with answer and deputy, in protocol order."""
    columns = [
        Column("Kommune", lambda row: row.invitation.municipality.name),
        Column("Amt", lambda row: row.head.office_title if row.head else ""),
        Column("Nachname", lambda row: row.invitation.person.last_name),
        Column("Vorname", lambda row: f"{row.invitation.person.title} {row.invitation.person.first_name}".strip()),
        Column("Antwort", lambda row: reply.text if (reply := getattr(row.invitation, "reply", None)) else "offen"),
        Column(
            "Beantwortet", lambda row: reply.given_at if (reply := getattr(row.invitation, "reply", None)) else None
        ),
        Column(
            "Themenwunsch", lambda row: reply.topic_wish if (reply := getattr(row.invitation, "reply", None)) else ""
        ),
        Column("Eingeladen", lambda row: row.invitation.invited_at),
        Column("Brief", lambda row: row.invitation.by_letter),
        Column("Zuletzt erinnert", lambda row: row.invitation.reminded_at),
    ]
    return Table(f"Rückmeldungen {meeting.title}", columns, board(meeting).rows)
