"""Informations-E-Mails: writing, archive, what a link in their foot opens."""

from collections.abc import Callable

from core.links import token_for
from mailings.access import SETTINGS, passing_on, unsubscribing
from mailings.models import Rubric
from tests.addresses_of.rows import ACTS, BOTH_OFFICES, NOBODY, SIGNED_IN, Address, board, records
from tests.world import World


def mailing(name: str) -> Callable[[World], tuple]:
    return lambda world: (world.mailings[name].pk,)


def reader(world: World) -> tuple:
    return (world.mailings["draft"].pk, world.contact_person.person.pk)


def to_subscriber(purpose: str) -> Callable[[World], tuple]:
    return lambda world: (token_for(world.subscriber, purpose),)


def _passing(world: World, name: str) -> str:
    return token_for(world.subscriber, passing_on(world.mailings[name].pk))


# Written by the Geschäftsstelle, so that the others may release it.
RELEASED = (302, 302, 302, 302, 302, 302, 403)

PAGES = [
    Address("public_mailings", 200, also=("?seite=x",)),
    Address("public_mailing", 200, mailing("public")),
    Address("public_mailing", 404, mailing("draft")),
    Address("public_mailing_file", 200, mailing("public"), is_file=True),
    Address("public_mailing_file", 404, mailing("archived")),
    Address("own_mailings", SIGNED_IN, also=("?seite=x",)),
    Address("own_mailing", (302, 200, 200, 200, 200, 200, 404), mailing("archived")),
    Address("own_mailing", (302, 404, 404, 404, 404, 404, 404), mailing("draft")),
    Address("own_mailing_file", (302, 200, 200, 200, 200, 200, 404), mailing("archived"), is_file=True),
    Address("own_mailing_file", (302, 404, 404, 404, 404, 404, 404), mailing("draft")),
    Address("own_mails", SIGNED_IN, also=("?seite=x",)),
    Address("own_mail", (302, 200, 404, 404, 404, 404, 404), lambda world: (world.own_mail.public_id,)),
    Address("mail_settings", SIGNED_IN),
    Address("unsubscribe", 200, to_subscriber(unsubscribing(Rubric.FUNDING))),
    Address("unsubscribe", 404, lambda world: ("a" * 52,)),
    Address("pass_on", 200, lambda world: (world.mailings["archived"].pk, _passing(world, "archived"))),
    Address("pass_on", 404, lambda world: (world.mailings["archived"].pk, _passing(world, "sent"))),
    Address("mail_settings_by_link", 200, to_subscriber(SETTINGS)),
    Address("mail_settings_by_link", 404, lambda world: ("a" * 52,)),
    Address("mail_settings_by_link", 404, lambda world: (world.former_settings,)),
]

DESK = [
    *records("mailings_mailing", lambda world: world.mailings["draft"], BOTH_OFFICES, add=NOBODY, delete=NOBODY),
    Address("write_mailing", ACTS),
    Address("write_invitation", ACTS, board),
    *(Address("mailing", BOTH_OFFICES, mailing(name)) for name in ("draft", "invitation", "submitted")),
    Address("mailing", RELEASED, mailing("sent")),
    Address("mailing_html", BOTH_OFFICES, mailing("draft"), is_file=True),  # in a sandbox, where axe cannot run
    Address("mailing_txt", BOTH_OFFICES, mailing("draft"), is_file=True),
    Address("mailing_file", BOTH_OFFICES, mailing("draft"), is_file=True),
    Address("mailing_audience", BOTH_OFFICES, mailing("draft")),
    Address("mailing_audience", RELEASED, mailing("planned")),
    Address("leave_out_reader", ACTS, reader),
    Address("take_in_reader", ACTS, reader),
    *(
        Address("mailing_release", BOTH_OFFICES, mailing(name))
        for name in ("draft", "submitted", "planned", "sent", "public")
    ),
    Address("copy_mailing", ACTS, mailing("sent")),
    Address("mailing_back_to_draft", ACTS, mailing("planned")),
    Address("discard_mailing", ACTS, mailing("draft")),
]
