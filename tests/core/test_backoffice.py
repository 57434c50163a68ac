"""What lists of the back office tell after a verb was done to the chosen rows."""

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import ValidationError

from core.backoffice import for_each


@pytest.fixture
def told(rf):
    """Do a verb to each; return what was answered and what the person is told, with its level."""

    def do(rows, verb):
        request = rf.post("/")
        request._messages = CookieStorage(request)
        answers = for_each(request, rows, verb, done="Gesperrt")
        return answers, [(message.level_tag, message.message) for message in request._messages]

    return do


def block(name):
    if name.startswith("x"):
        raise ValidationError("Das geht nicht.")
    if name.startswith("y"):
        raise ValidationError(f"{name} ist schon gesperrt.")
    return len(name)


def test_tells_how_many_and_whom_and_collects_refusals(told):
    answers, messages = told(["Anna", "xaver", "Bo", "yvonne", "xenia"], block)
    assert answers == [4, 2]
    assert messages == [
        ("success", "Gesperrt (2): Anna, Bo."),
        ("warning", "xaver, xenia: Das geht nicht."),
        ("warning", "yvonne ist schon gesperrt."),
    ]


def test_long_lists_are_not_read_out(told):
    _, messages = told([f"P{n}" for n in range(12)], block)
    assert messages == [("success", "Gesperrt (12): P0, P1, P2, P3, P4, P5, P6, P7, P8, P9 und 2 weitere.")]


def test_nothing_done_is_nothing_told(told):
    assert told([], block) == ([], [])
