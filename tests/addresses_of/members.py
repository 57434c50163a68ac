"""The directory, bodies and their people, imports."""

from collections.abc import Callable

from core.links import token_for
from members.access import CONFIRMING
from members.models import ImportKind
from tests.addresses_of.rows import (
    ACTS,
    BOTH_OFFICES,
    NOBODY,
    OWN_BODY,
    SIGNED_IN,
    STAFF,
    Address,
    function,
    member,
    records,
)
from tests.world import World


def confirmation(world: World) -> tuple:
    return (token_for(world.confirmation, CONFIRMING),)


# Lists of people and members are the offices', the official directory the administrators'; of the other's kinds
# nobody sees anything.
LISTS = (302, 302, 302, 302, 200, 200, 404)

DIRECTORY = (302, 302, 302, 302, 404, 404, 200)

STAFF_ACTS = (302, 302, 302, 302, 405, 405, 405)


def import_at(step: str) -> Callable[[World], tuple]:
    return lambda world: (world.runs[step].pk,)


PAGES = [
    Address("directory", 200, also=("?q=muenstr", "?q=zzzzzz", "?art=Kreis&bezirk=Detmold", "?jahr=1900")),
    Address("give_hint", 200, member),
    Address("give_hint", 404, lambda world: {"slug": world.non_member.slug}),
    Address("members_csv", 200, is_file=True),
    Address("members_json", 200, is_file=True),
    Address("members_geojson", 200, is_file=True),
    Address("joinings_feed", 200, is_file=True),
    Address("preview", 200, is_file=True),
    Address("member_preview", 200, member, is_file=True),
    Address("open_data", 200),
    Address("profile_picture", 200, lambda world: (world.member.slug, world.picture.public_id), is_file=True),
    Address("colleagues", SIGNED_IN),
    Address("network", SIGNED_IN, also=("?q=rosa", "?q=zzzzzz", "?bezirk=Detmold&art=x")),
    Address("network_card", (302, 200, 200, 200, 200, 200, 404), function, is_file=True),
    Address("add_colleague", OWN_BODY, member),
    Address("change_colleague", OWN_BODY, function),
    Address("remove_colleague", (302, 302, 200, 404, 404, 404, 404), function),
    Address("make_lead", (302, 405, 405, 405, 405, 405, 405), function),
    Address("invite_colleague", (302, 405, 405, 405, 405, 405, 405), function),
    Address("own_confirmation", (302, 302, 404, 404, 404, 404, 404), lambda world: (world.confirmation.pk,)),
    Address("request_link", 200),
    Address("confirmation", 200, confirmation, also=("?aendern",)),
    Address("confirmation", 404, lambda world: ("a" * 52,)),
    Address("confirm_data", 405, confirmation),
    Address("renew_link", 405, confirmation),
]

DESK = [
    *records("members_municipality", lambda world: world.member, BOTH_OFFICES, add=NOBODY, delete=NOBODY),
    *records("members_membership", lambda world: world.membership, BOTH_OFFICES),
    *records("members_candidacy", lambda world: world.candidacy, BOTH_OFFICES, delete=NOBODY),
    *records("members_person", lambda world: world.contact_person.person, BOTH_OFFICES, delete=NOBODY),
    *records("members_contactperson", lambda world: world.contact_person, BOTH_OFFICES),
    *records(
        "members_confirmation",
        lambda world: world.confirmation,
        BOTH_OFFICES,
        add=NOBODY,
        delete=NOBODY,
        versions=False,
    ),
    *records("members_hint", lambda world: world.hint, BOTH_OFFICES, add=NOBODY, delete=NOBODY, versions=False),
    *records("members_headofadministration", lambda world: world.head, BOTH_OFFICES),
    *records("members_outeroffice", lambda world: world.outer_office, BOTH_OFFICES),
    *records("members_spokespersonterm", lambda world: world.spokesperson, BOTH_OFFICES),
    *records("members_profile", lambda world: world.profile, BOTH_OFFICES),
    *records("members_topic", lambda world: world.topic, BOTH_OFFICES),
    *records("members_note", lambda world: world.note, BOTH_OFFICES, add=NOBODY, delete=NOBODY),
    Address("imports", STAFF),
    *(Address("import_start", LISTS, lambda world, kind=kind: (kind,)) for kind in list(ImportKind)[:-1]),
    Address("import_start", DIRECTORY, lambda world: (ImportKind.DIRECTORY,)),
    Address("import_template", LISTS, lambda world: (ImportKind.CONTACTS,), is_file=True),
    Address("import_run", LISTS, import_at("report"), also=("?stand=alle", "?stand=neu", "?stand=x&seite=9")),
    Address("import_run", LISTS, import_at("done")),
    Address("import_columns", LISTS, import_at("columns")),
    Address("import_bodies", LISTS, import_at("bodies")),
    Address("import_report", LISTS, import_at("report"), is_file=True),
    Address("import_file", STAFF_ACTS, import_at("report")),
    Address("import_carry_out", STAFF_ACTS, import_at("report")),
    Address("import_invite", ACTS, import_at("done")),
    Address("import_discard", STAFF_ACTS, import_at("report")),
    Address("settle_hint", ACTS, lambda world: (world.hint.pk,)),
]
