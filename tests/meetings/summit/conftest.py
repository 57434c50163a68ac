"""A summit to which one head is invited, her outer office in copy."""

import pytest

from meetings import summit_inviting
from tests.factories import (
    MeetingFactory,
    OuterOfficeFactory,
)
from tests.meetings.summit.summits import head_of


@pytest.fixture
def meeting():
    return MeetingFactory(summit=True)


@pytest.fixture
def head():
    return head_of("Ahaus", person__email="ada@ahaus.example")


@pytest.fixture
def door(head):
    return OuterOfficeFactory(municipality=head.municipality, person__email="vera@ahaus.example").person


@pytest.fixture
def invitation(meeting, head, door, office):
    [row], _ = summit_inviting.invite(meeting, [head.pk], by=office)
    return row
