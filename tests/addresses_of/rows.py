"""What a row of the table of addresses is, and what several rooms' rows share (the table: tests/addresses.py)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model
from django.urls import reverse

from tests.world import PERSONAS, World


def _nothing(world: World) -> tuple:
    return ()


@dataclass(frozen=True)
class Address:
    """A row: the URL name, its values, and the status for each persona (one number means the same for all)."""

    name: str
    status: int | tuple[int, ...]
    values: Callable[[World], dict | tuple] = _nothing
    # Queries that make the page look different: shown to browser and validator besides the plain page.
    also: tuple[str, ...] = ()
    # A download, a fragment, data for a script: no page to look at.
    is_file: bool = False

    def __str__(self):
        return self.name

    def path(self, world: World) -> str:
        values = self.values(world)
        return reverse(self.name, kwargs=values) if isinstance(values, dict) else reverse(self.name, args=values)

    def expected(self, persona: str) -> int:
        return self.status if isinstance(self.status, int) else self.status[PERSONAS.index(persona)]


def member(world: World) -> dict:
    return {"slug": world.member.slug}


def function(world: World) -> tuple:
    return (world.contact_person.pk,)


# Columns as in PERSONAS: visitor, contact, colleague, stranger, office, chancellery, administrator.
ELSEWHERE = 302  # to the sign-in, or on to where this step has its turn
SIGNED_IN = (302, 200, 200, 200, 200, 200, 200)
# The pages of her own body; the staff have the dossier. Buttons that act answer to POST alone.
OWN_BODY = (302, 200, 200, 404, 404, 404, 404)
# Nobody outside the staff, and of the staff those whose duty it is (users/roles.py).
STAFF = (302, 302, 302, 302, 200, 200, 200)
BOTH_OFFICES = (302, 302, 302, 302, 200, 200, 403)
ADMINISTRATORS = (302, 302, 302, 302, 403, 403, 200)
NOBODY = (302, 302, 302, 302, 403, 403, 403)


def records(model: str, row: Callable[[World], Model], who, *, add=None, delete=None, versions=True) -> list[Address]:
    """The addresses of a model in the back office; adding or deleting by hand may be allowed to fewer."""

    def of_row(world: World) -> tuple:
        return (row(world).pk,)

    def of_version(world: World) -> tuple:
        return (row(world).pk, row(world).history.first().pk)

    return [
        Address(f"admin:{model}_changelist", who, also=("?q=muenster",)),
        Address(f"admin:{model}_export", who, lambda world: ("xlsx",), is_file=True),
        Address(f"admin:{model}_add", add or who),
        Address(f"admin:{model}_history", who, of_row),
        Address(f"admin:{model}_delete", delete or who, of_row),
        Address(f"admin:{model}_change", who, of_row),
        *([Address(f"admin:{model}_simple_history", who, of_version)] if versions else []),
    ]


# Our own pages in the frame of the back office (core/desk.py); buttons that act answer to POST alone.
ACTS = (302, 302, 302, 302, 405, 405, 403)


def board(world: World) -> tuple:
    return (world.meeting.pk,)


def summit(world: World) -> tuple:
    return (world.summit.pk,)
