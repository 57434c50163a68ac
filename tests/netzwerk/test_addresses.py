"""Who gets what: every address of the portal, asked by every persona (the table is tests/addresses.py)."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.addresses import ADDRESSES, DEMO_ADDRESSES
from tests.world import PERSONAS, World, sign_in

# Of Django's admin: the former addresses of records, and the net that catches every missing page.
NAMELESS = {"admin: <path:object_id>/", "admin: (?P<url>.*)$"}


def names(patterns, prefix: str = "") -> Iterator[str]:
    """Yield the full name of every address below these patterns."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + (pattern.name or f" {pattern.pattern}")
        else:
            yield from names(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


def existing() -> set[str]:
    return set(names(get_resolver().url_patterns)) - NAMELESS


def wrong_answers(rows, persona: str) -> dict[str, str]:
    """Ask for every address as this persona; return what differs from the table."""
    world, client = World(), Client(raise_request_exception=False)
    user, wrong = world.users[persona], {}
    for row in rows:
        if user and SESSION_KEY not in client.session:  # signing out is one of the addresses
            sign_in(client, user)
        path = row.path(world)
        response = client.get(path)
        response.getvalue()  # a download closes its file once it is read
        status = response.status_code
        if status != row.expected(persona):
            wrong[f"{row.name} {path}"] = f"{status}, the table says {row.expected(persona)}"
    return wrong


# Between them they see every page; what the others may is decided by the same rules on any engine.
ON_BOTH_ENGINES = {"visitor", "contact", "office"}


def test_the_table_holds_every_address_and_no_other():
    assert {row.name for row in ADDRESSES} == existing()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "persona",
    [persona if persona in ON_BOTH_ENGINES else pytest.param(persona, marks=pytest.mark.once) for persona in PERSONAS],
)
def test_every_address_answers_this_persona_as_the_table_says(persona):
    assert wrong_answers(ADDRESSES, persona) == {}


def test_the_outbox_exists_in_no_mode_but_the_demonstration():
    assert not settings.DEMO
    assert {row.name for row in DEMO_ADDRESSES} & existing() == set()
    assert Client().get("/demo/postausgang/").status_code == 404


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("persona", PERSONAS)
def test_the_demonstration_shows_its_outbox_to_everyone(persona):
    assert {row.name for row in ADDRESSES + DEMO_ADDRESSES} == existing()
    assert wrong_answers(DEMO_ADDRESSES, persona) == {}
