"""Joining, signatures, signing rounds."""

from collections.abc import Callable

from core.links import token_for
from declarations.access import APPLYING
from declarations.models import Criterion
from declarations.models.criteria import SECTIONS
from tests.addresses_of.rows import ACTS, BOTH_OFFICES, NOBODY, Address, member, records
from tests.world import World


def by_applicant(name: str, *more: str) -> Callable[[World], tuple]:
    """The personal link to one of the world's applications: "application", "interest", "submitted"."""
    return lambda world: (token_for(getattr(world, name).applicants.first(), APPLYING), *more)


UNKNOWN_FILE = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"


def of_application(name: str, *more: str) -> Callable[[World], tuple]:
    return lambda world: (getattr(world, name).pk, *more)


# The Staatskanzlei signs for the Land.
CHANCELLERY_ACTS = (302, 302, 302, 302, 403, 405, 403)


def signature(world: World) -> tuple:
    return (world.signature.pk,)


def checked(world: World) -> tuple:
    return (world.signed.pk,)


def signing_round(world: World) -> tuple:
    return (world.round.pk,)


def entry(world: World) -> tuple:
    return (world.round.pk, world.entry.pk)


PAGES = [
    Address("interest", 200, also=("?kommune=wettringen", "?kommune=x")),
    Address("application_questions", 200),
    Address("application_questions_file", 200, is_file=True),
    Address("joining_templates", 200, also=("?kommune=Kreis+Lippe", "?kommune=zzzzzz")),
    Address("joining_template", 200, lambda world: ("beschluss",), is_file=True),
    Address("request_application_link", 200),
    Address("application", 404, lambda world: ("a" * 52,)),
    *(Address("application", 200, by_applicant(name)) for name in ("interest", "application", "submitted")),
    *(Address("application_section", 200, by_applicant("application", section.key)) for section in SECTIONS),
    *(Address("application_section", 200, by_applicant("submitted", key)) for key in Criterion.values[:1]),
    Address("application_section", 200, by_applicant("submitted", Criterion.THANKS)),
    Address("application_section", 404, by_applicant("application", "irgendwas")),
    Address("application_file", 404, by_applicant("application", UNKNOWN_FILE), is_file=True),
    Address("confirm_application", 405, by_applicant("interest")),
    Address("submit_application", 405, by_applicant("application")),
    Address("withdraw_application", 405, by_applicant("application")),
    Address("applicant_copy", 404, by_applicant("application")),
    Address("applicant_copy", 200, by_applicant("accepted"), is_file=True),
    Address("hand_in_signed", 405, by_applicant("accepted")),
    Address("application", 200, by_applicant("accepted")),
    Address("share_application", 200, by_applicant("application")),
    Address("declarations", 200),
    Address("declaration", 200, lambda world: (world.declaration.started_on.year,)),
    Address("declaration", 404, lambda world: (1900,)),
    Address("signatures_csv", 200, is_file=True),
]

DESK = [
    *records("declarations_application", lambda world: world.application, BOTH_OFFICES, add=NOBODY, delete=NOBODY),
    *records("declarations_declaration", lambda world: world.declaration, BOTH_OFFICES, delete=NOBODY),
    *records("declarations_signature", lambda world: world.signature, BOTH_OFFICES, add=NOBODY, delete=NOBODY),
    *(Address("review_application", BOTH_OFFICES, of_application(name)) for name in ("submitted", "forwarded")),
    Address("review_application", BOTH_OFFICES, of_application("application"), also=("?verlauf=x",)),
    Address("review_application", (302, 302, 302, 302, 404, 404, 403), of_application("interest")),
    Address(
        "review_file", (302, 302, 302, 302, 404, 404, 403), of_application("submitted", UNKNOWN_FILE), is_file=True
    ),
    *(
        Address(name, ACTS, of_application("submitted", Criterion.THANKS))
        for name in ("query_answer", "mark_answer_met", "mark_answer_open")
    ),
    Address("forward_application", ACTS, of_application("submitted")),
    Address("decide_application", (302, 302, 302, 302, 403, 405, 403), of_application("forwarded")),
    Address("body_signing", BOTH_OFFICES, member),
    Address("body_signing", BOTH_OFFICES, lambda world: {"slug": world.non_member.slug}),
    Address("prepare_copy", ACTS, member),
    Address("add_signed_file", ACTS, member),
    Address("copy_file", BOTH_OFFICES, lambda world: (world.copy.public_id,), is_file=True),
    Address("signature", BOTH_OFFICES, signature),
    Address("signature", BOTH_OFFICES, checked),
    Address("signature_file", BOTH_OFFICES, signature, is_file=True),
    Address("certificate", BOTH_OFFICES, checked, is_file=True),
    Address("check_signature", ACTS, signature),
    Address("receive_original", ACTS, signature),
    Address("countersign", CHANCELLERY_ACTS, signature),
    Address("withdraw_signature", BOTH_OFFICES, signature),
    Address("signing_rounds", BOTH_OFFICES),
    Address("plan_round", BOTH_OFFICES),
    Address("signing_round", BOTH_OFFICES, signing_round),
    Address("print_round", BOTH_OFFICES, signing_round, is_file=True),
    Address("add_to_round", ACTS, signing_round),
    Address("add_other_to_round", ACTS, signing_round),
    Address("record_round", ACTS, signing_round),
    Address("move_up_in_round", ACTS, entry),
    Address("remove_from_round", ACTS, entry),
]
