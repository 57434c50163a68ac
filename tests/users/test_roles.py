"""The one table of duties: the code obeys it, the handbook prints it."""

from pathlib import Path

import pytest

from tests.factories import UserFactory
from users import roles
from users.roles import ADMINISTRATOR, Office

pytestmark = pytest.mark.django_db

HANDBOOK = Path(__file__).parents[2] / "docs" / "handbuch.md"
COLUMNS = (Office.SECRETARIAT, Office.CHANCELLERY, ADMINISTRATOR)


def _table():
    """The table as the handbook must show it."""
    rows = [[duty.text, *("ja" if role in duty.roles else "–" for role in COLUMNS)] for duty in roles.DUTIES]
    heads = ["Aufgabe", "Geschäftsstelle", "Staatskanzlei", "Administration"]
    return "\n".join("| " + " | ".join(row) + " |" for row in [heads, ["---"] * 4, *rows])


def test_handbook_shows_the_table():
    assert _table() in HANDBOOK.read_text(), f"In „Wer darf was“ gehört:\n{_table()}"


def test_chancellery_may_do_all_that_the_secretariat_may():
    assert all(Office.CHANCELLERY in duty.roles for duty in roles.DUTIES if Office.SECRETARIAT in duty.roles)


@pytest.mark.parametrize(
    ("persona", "permission", "allowed"),
    [
        ({"staff": True}, "members.add_membership", True),
        ({"staff": True}, "members.delete_municipality", False),
        ({"staff": True}, "users.change_user", False),
        ({"staff": True}, "members.give_access", True),
        ({"chancellery": True}, "members.give_access", True),
        ({"administrator": True}, "members.give_access", False),
        ({"chancellery": True}, "members.change_profile", True),
        ({"chancellery": True}, "users.view_user", False),
        ({"administrator": True}, "users.change_user", True),
        ({"administrator": True}, "users.delete_user", False),
        ({"administrator": True}, "members.view_person", False),
        ({"administrator": True, "staff": True}, "members.view_person", True),
        ({"administrator": True, "is_active": False}, "users.view_user", False),
        ({}, "members.view_municipality", False),
        ({}, "netzwerk.view_styleguide", False),
    ],
)
def test_rights_follow_the_table(persona, permission, allowed):
    user = UserFactory(**persona)
    assert user.has_perm(permission) is allowed
    assert user.is_superuser is False


def test_contacts_are_no_staff():
    assert not UserFactory().is_staff
    assert not UserFactory(staff=True, is_active=False).is_staff


def test_back_office_shows_only_apps_with_a_duty(office, administrator):
    assert office.has_module_perms("members")
    assert not office.has_module_perms("users")
    assert administrator.has_module_perms("users")
    assert not administrator.has_module_perms("core")
