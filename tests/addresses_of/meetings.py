"""Meetings of all kinds, documentations, the summit."""

from collections.abc import Callable

from core.links import token_for
from meetings.access import ANSWERING, CHECKING_IN, OWN_PLACE, SUBSCRIBING
from tests.addresses_of.rows import ACTS, BOTH_OFFICES, NOBODY, SIGNED_IN, Address, board, records, summit
from tests.world import World


def meeting(world: World) -> tuple:
    return (world.meeting.year, world.meeting.slug)


def past(world: World) -> tuple:
    return (world.past.year, world.past.slug)


def to_head(world: World) -> tuple:
    return (token_for(world.to_head, ANSWERING),)


def own_place(name: str) -> Callable[[World], tuple]:
    return lambda world: (token_for(getattr(world, name), OWN_PLACE),)


def invitation(world: World) -> tuple:
    return (token_for(world.invited, ANSWERING),)


def of_waiting(world: World) -> tuple:
    return (world.meeting.pk, world.waiting.pk)


def documentation(world: World) -> tuple:
    return (world.past.pk,)


def of_documentation(name: str) -> Callable[[World], tuple]:
    return lambda world: (world.past.pk, getattr(world, name).pk)


def to_note(world: World) -> tuple:
    return (world.summit.pk, world.to_head.pk)


PAGES = [
    Address("meetings", 200, also=("?art=workshop", "?jahr=x&art=x", "?art=short")),
    Address("meeting", 200, meeting),
    Address("meeting", (404, 404, 404, 404, 200, 200, 404), lambda world: (world.draft.year, world.draft.slug)),
    Address("meeting_calendar", 200, meeting, is_file=True),
    Address("documentation", 200, past, also=("?fassung=oeffentlich", "?fassung=x")),
    Address("documentation", 404, meeting),
    Address("documentation_pdf", 200, past, is_file=True),
    Address("documentation_zip", 200, past, is_file=True),
    Address("documentation_photo", 200, lambda world: (*past(world), world.photo.public_id), is_file=True),
    Address("documentation_slides", 200, lambda world: (*past(world), world.slides.public_id), is_file=True),
    Address("meetings_calendar", 200, is_file=True),
    Address("meetings_feed", 200, is_file=True),
    Address("register", (200, 302, 200, 200, 200, 200, 200), meeting),
    *(Address("registration", 200, own_place(name)) for name in ("registration", "waiting", "guest")),
    Address("registration", 404, lambda world: ("a" * 52,)),
    Address("registration_calendar", 200, own_place("registration"), is_file=True),
    Address("own_certificate", 404, own_place("registration"), is_file=True),
    Address("participants", 200, own_place("registration")),
    Address("participants", 404, own_place("waiting")),
    Address("confirm_registration", 405, own_place("guest")),
    Address("accept_place", 405, own_place("waiting")),
    Address("cancel_registration", 405, own_place("registration")),
    Address("invitation", 200, invitation),
    Address("decline_invitation", 200, invitation),
    Address("invitation", 200, to_head, also=("?antwort=vertretung", "?antwort=x")),
    Address("invitation", 200, lambda world: (token_for(world.to_door, ANSWERING),)),
    Address("decline_invitation", 302, to_head),
    Address("invitation_paper", 200, lambda world: (*to_head(world), world.paper.pk), is_file=True),
    Address("place_paper", 404, lambda world: (*own_place("registration")(world), world.paper.pk), is_file=True),
    # The summit is nowhere public; who keeps the door or is invited herself has no account here.
    Address("meeting", (404, 404, 404, 404, 200, 200, 404), lambda world: (world.summit.year, world.summit.slug)),
    Address("register", (404, 404, 404, 404, 302, 302, 404), lambda world: (world.summit.year, world.summit.slug)),
    Address("own_calendar", 200, lambda world: (token_for(world.calendar, SUBSCRIBING),), is_file=True),
    Address("own_calendar", 404, lambda world: ("a" * 52,)),
    Address("own_meetings", SIGNED_IN),
    Address("own_registrations", SIGNED_IN),
    Address("own_registration", (302, 302, 404, 404, 404, 404, 404), lambda world: (world.registration.pk,)),
    Address("own_invitation", (302, 302, 404, 404, 404, 404, 404), lambda world: (world.own_invitation.pk,)),
    Address("subscribe_calendar", (302, 405, 405, 405, 405, 405, 405)),
]

DESK = [
    Address("documentation_desk", BOTH_OFFICES, documentation),
    Address("documentation_desk", BOTH_OFFICES, lambda world: (world.unfinished.pk,)),
    Address("documentation_desk", BOTH_OFFICES, board),
    Address("documentation_overview", BOTH_OFFICES, documentation),
    Address("documentation_chapter", BOTH_OFFICES, lambda world: (world.past.pk, world.past.agenda.get().pk)),
    Address("documentation_preview", BOTH_OFFICES, documentation, also=("?fassung=oeffentlich", "?fassung=x")),
    Address("add_documentation_photo", BOTH_OFFICES, documentation, also=("?punkt=1", "?punkt=x")),
    Address("add_documentation_slides", BOTH_OFFICES, documentation),
    Address("add_agreement", BOTH_OFFICES, documentation),
    Address("documentation_photo_words", BOTH_OFFICES, of_documentation("photo")),
    Address("documentation_slides_words", BOTH_OFFICES, of_documentation("slides")),
    Address("change_agreement", BOTH_OFFICES, of_documentation("agreement")),
    Address("documentation_build", BOTH_OFFICES, of_documentation("build"), is_file=True),
    Address("tell_documentation", BOTH_OFFICES, documentation, also=("?wen=mitglieder", "?wen=x")),
    Address("tell_documentation", BOTH_OFFICES, board),
    *(
        Address(name, ACTS, documentation)
        for name in ("take_up_agreements", "order_documentation", "publish_documentation", "withdraw_documentation")
    ),
    Address("remove_documentation_photo", ACTS, of_documentation("photo")),
    Address("remove_documentation_slides", ACTS, of_documentation("slides")),
    Address("settle_agreement", ACTS, of_documentation("agreement")),
    Address("remove_agreement", ACTS, of_documentation("agreement")),
    *records("meetings_meeting", lambda world: world.meeting, BOTH_OFFICES, delete=NOBODY),
    *records("meetings_agendaitem", lambda world: world.item, BOTH_OFFICES),
    *records(
        "meetings_registration",
        lambda world: world.registration,
        BOTH_OFFICES,
        add=NOBODY,
        delete=NOBODY,
        versions=False,
    ),
    Address("meetings_year", BOTH_OFFICES, also=("?jahr=2030", "?jahr=x")),
    Address("meeting_board", BOTH_OFFICES, board),
    Address("meeting_board", BOTH_OFFICES, lambda world: (world.draft.pk,)),
    Address("copy_meeting", BOTH_OFFICES, board),
    Address("add_participant", BOTH_OFFICES, board),
    Address("door", BOTH_OFFICES, board),
    Address("meeting_programme", BOTH_OFFICES, board),
    Address("agenda_item", BOTH_OFFICES, lambda world: (world.item.meeting_id, world.item.pk)),
    Address("remove_agenda_item", ACTS, lambda world: (world.item.meeting_id, world.item.pk)),
    *(
        Address(f"paper_{name}", BOTH_OFFICES, board, is_file=True)
        for name in ("anwesenheitsliste", "namensschilder", "namensschilder_a6", "bescheinigungen", "essen")
    ),
    *(
        Address(f"table_{name}", BOTH_OFFICES, lambda world: (world.meeting.pk, "xlsx"), is_file=True)
        for name in ("anmeldungen", "essen")
    ),
    Address("check_in", BOTH_OFFICES, lambda world: (token_for(world.registration, CHECKING_IN),)),
    *(
        Address(name, ACTS, board)
        for name in ("announce_meeting", "call_off_meeting", "tell_change", "thank_participants")
    ),
    *(
        Address(f"participant_{name}", ACTS, of_waiting)
        for name in ("gets_place", "cancelled", "on_site", "online", "present", "absent")
    ),
    Address("meeting_board", (302, 302, 302, 302, 302, 302, 403), summit, also=("?alles=1",)),
    Address("invite_heads", BOTH_OFFICES, lambda world: (world.summit_draft.pk,)),
    Address("remind_heads", BOTH_OFFICES, summit),
    Address("record_answer", BOTH_OFFICES, to_note, also=("?antwort=vertretung",)),
    Address("summit_papers", BOTH_OFFICES, summit),
    Address("summit_paper", BOTH_OFFICES, lambda world: (world.summit.pk, world.paper.pk), is_file=True),
    # Nobody is invited on paper here: back to the board.
    Address("summit_letters", (302, 302, 302, 302, 302, 302, 403), summit, is_file=True),
    Address("sample_letter", BOTH_OFFICES, lambda world: (world.summit.pk, world.head.pk), is_file=True),
    Address("summit_seating", BOTH_OFFICES, summit, is_file=True),
    *(
        Address(f"summit_{name}", BOTH_OFFICES, lambda world: (world.summit.pk, "xlsx"), is_file=True)
        for name in ("sitzordnung", "rueckmeldungen")
    ),
    *(Address(name, ACTS, to_note) for name in ("record_quickly", "undo_answer", "withdraw_invitation")),
    Address("remove_paper", ACTS, lambda world: (world.summit.pk, world.paper.pk)),
]
