"""Every address of the portal and what each persona gets there. An address missing here fails the build.

One table serves three tests: who gets what (tests/netzwerk/test_addresses.py), the browser's walk over all pages
(tests/journeys/test_every_page.py) and the HTML validator (tests/netzwerk/test_html.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse

from tests.factories import (
    ContactPersonFactory,
    MembershipFactory,
    MunicipalityFactory,
    PersonFactory,
    ProfileFactory,
    TopicFactory,
    UserFactory,
)

# In the order of the table's columns. The stranger is a contact person of another body.
PERSONAS = ("visitor", "contact", "colleague", "stranger", "office", "chancellery", "administrator")


class World:
    """One body with a profile and two contact persons, another one, a non-member, and the staff."""

    def __init__(self):
        self.member = MunicipalityFactory(name="Schloß Holte-Stukenbrock")
        self.membership = MembershipFactory(municipality=self.member)
        self.non_member = MunicipalityFactory(name="Musterdorf")
        self.topic = TopicFactory(name="Ehrenamtskarte")
        self.profile = ProfileFactory(municipality=self.member)
        self.profile.topics.add(self.topic)
        self.contact_person = ContactPersonFactory(municipality=self.member)
        self.users = {
            "visitor": None,
            "contact": self.contact_person.person.user,
            "colleague": ContactPersonFactory(municipality=self.member).person.user,
            "stranger": ContactPersonFactory().person.user,
            "office": self._employee(staff=True),
            "chancellery": self._employee(chancellery=True),
            "administrator": self._employee(administrator=True),
        }

    @staticmethod
    def _employee(**traits):
        user = UserFactory(**traits)
        PersonFactory(user=user, email=user.email)
        return user


def _nothing(world: World) -> dict:
    return {}


@dataclass(frozen=True)
class Address:
    """A row: the URL name, its values, and the status for each persona (one number means the same for all)."""

    name: str
    status: int | tuple[int, ...]
    values: Callable[[World], dict] = _nothing
    query: str = ""
    # Pages that change with what is asked: shown to browser and validator besides the plain page.
    also: tuple[str, ...] = field(default=())

    def __str__(self):
        return self.name

    def path(self, world: World) -> str:
        return reverse(self.name, kwargs=self.values(world)) + self.query

    def expected(self, persona: str) -> int:
        return self.status if isinstance(self.status, int) else self.status[PERSONAS.index(persona)]


def member(world: World) -> dict:
    return {"slug": world.member.slug}
