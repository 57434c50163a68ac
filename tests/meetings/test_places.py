"""Places: registering, waiting, moving up, offers, moving between on site and online, guests, what staff override."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core import delivery
from core.dates import today
from core.models import OutgoingMail
from meetings import actions, places, planning
from meetings.models import Registration
from meetings.tasks import keep_moving
from members.models import Person
from tests.factories import AgendaItemFactory, MeetingFactory, MunicipalityFactory, PersonFactory

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def workshop():
    return MeetingFactory(online=True, seats_on_site=2, seats_online=1)


def register(meeting, count=1, mode="on_site", **values):
    rows = [actions.register(meeting, person=PersonFactory(), mode=mode, **values) for _ in range(count)]
    return rows if count > 1 else rows[0]


def fresh(row):
    return Registration.objects.get(pk=row.pk)


def states(*rows):
    return [fresh(row).state for row in rows]


def told(row):
    """The mails to a person, in order."""
    kinds = OutgoingMail.objects.filter(recipient_key=row.person.key).order_by("pk").values_list("kind", flat=True)
    return [kind.removeprefix("meetings.") for kind in kinds]


def before(meeting, hours):
    return time_machine.travel(meeting.begins_at - hours * HOUR, tick=False)


# --- a place or the waiting list ----------------------------------------------------------------------------------


def test_places_go_by_turn_then_the_list_waits(workshop):
    rows = register(workshop, 4)
    assert states(*rows) == ["registered", "registered", "waiting", "waiting"]
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert [row.place_in_line for row in rows[2:]] == [1, 2]
    assert [told(row) for row in rows] == [["registered"], ["registered"], ["waiting"], ["waiting"]]


def test_on_site_and_online_have_lists_of_their_own(workshop):
    register(workshop, 3)
    online = register(workshop, 2, mode="online")
    assert states(*online) == ["registered", "waiting"]
    assert [row.number for row in online] == [1, 2]
    assert online[1].place_in_line == 1


def test_r3_registering_twice_is_one_registration(workshop):
    person = PersonFactory()
    first, second = (actions.register(workshop, person=person, mode="on_site") for _ in range(2))
    assert first == second
    assert told(first) == ["registered"]


def test_who_cancels_frees_the_place_and_the_next_in_order_has_it(workshop):
    first, _, third, fourth = register(workshop, 4)
    assert actions.cancel(first) is True
    assert states(first, third, fourth) == ["cancelled", "registered", "waiting"]
    assert told(third) == ["waiting", "moved_up"]
    assert fresh(fourth).place_in_line == 1
    assert actions.cancel(first) is False  # the second press
    assert (told(first), told(fourth)) == (["registered", "unregistered"], ["waiting"])


def test_who_comes_back_stands_at_the_end_of_the_list(workshop):
    first, second, third = register(workshop, 3)
    actions.cancel(first)
    again = actions.register(workshop, person=first.person, mode="on_site")
    assert (again.pk, again.state, again.number) == (first.pk, "waiting", 4)
    assert states(second, third) == ["registered", "registered"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"state": "cancelled"}, actions.CANCELLED),
        ({"state": "draft"}, actions.CLOSED),
        ({"register_until": today() - datetime.timedelta(days=1)}, actions.CLOSED),
        ({"takes_registrations": False}, actions.CLOSED),
        ({"day": today() - datetime.timedelta(days=1)}, actions.BEGUN),
    ],
)
def test_r5_a_meeting_that_takes_nobody_says_why(values, sentence):
    meeting = MeetingFactory(**values)
    with pytest.raises(ValidationError, match=sentence):
        register(meeting)
    assert not Registration.objects.exists()


def test_the_last_day_of_registration_still_counts():
    assert register(MeetingFactory(register_until=today())).has_place


def test_nobody_takes_part_in_a_way_that_the_meeting_does_not_have():
    with pytest.raises(ValidationError):
        register(MeetingFactory(), mode="online")


def test_after_the_beginning_nobody_cancels_and_nobody_moves_up(workshop):
    rows = register(workshop, 3)
    with before(workshop, -1):
        with pytest.raises(ValidationError, match="hat schon begonnen"):
            actions.cancel(rows[0])
        keep_moving()
    assert states(*rows) == ["registered", "registered", "waiting"]


# --- numbers that change ------------------------------------------------------------------------------------------


def test_r4_fewer_places_throw_nobody_out_more_are_given_in_order(workshop):
    rows = register(workshop, 4)
    workshop.refresh_from_db()
    workshop.seats_on_site = 1
    planning.save(workshop)
    assert states(*rows) == ["registered", "registered", "waiting", "waiting"]
    actions.cancel(rows[0])
    assert states(rows[2]) == ["waiting"]
    workshop.seats_on_site = 2
    planning.save(workshop)
    assert states(*rows) == ["cancelled", "registered", "registered", "waiting"]
    workshop.seats_on_site = None
    planning.save(workshop)
    assert states(rows[3]) == ["registered"]


def test_staff_give_a_place_out_of_turn_and_beyond_the_number(workshop):
    rows = register(workshop, 4)
    actions.give_place(rows[3])
    assert states(*rows) == ["registered", "registered", "waiting", "registered"]
    extra = register(workshop, by_staff=True, over_limit=True)
    assert extra.has_place
    actions.cancel(extra)  # five were placed of two
    assert states(rows[2]) == ["waiting"]


def test_staff_register_after_the_deadline():
    meeting = MeetingFactory(register_until=today() - datetime.timedelta(days=2))
    assert register(meeting, by_staff=True).has_place


# --- places per municipality --------------------------------------------------------------------------------------


def test_further_persons_of_a_municipality_wait_until_their_day():
    meeting = MeetingFactory(seats_on_site=3, seats_per_body=1, more_per_body_from=today() + datetime.timedelta(days=5))
    rheine, bonn = MunicipalityFactory(name="Rheine"), MunicipalityFactory(name="Bonn")
    first, second = register(meeting, 2, municipality=rheine)
    assert states(first, second) == ["registered", "waiting"]
    other = register(meeting, municipality=bonn)
    guest = register(meeting)
    assert states(other, guest) == ["registered", "registered"]  # past the one who waits
    actions.cancel(guest)
    assert states(second) == ["waiting"]
    with time_machine.travel(timezone.now() + datetime.timedelta(days=5), tick=False):
        keep_moving()
    assert states(second) == ["registered"]
    assert told(second) == ["waiting", "moved_up"]


def test_who_leaves_one_mode_makes_room_for_her_municipality_in_the_other(workshop):
    workshop.seats_per_body = 1
    workshop.save()
    rheine = MunicipalityFactory(name="Rheine")
    first = register(workshop, municipality=rheine)
    online = register(workshop, mode="online", municipality=rheine)
    assert states(first, online) == ["registered", "waiting"]
    actions.cancel(first)
    assert states(online) == ["registered"]


# --- offers -------------------------------------------------------------------------------------------------------


def test_shortly_before_a_place_is_offered_and_accepted(workshop):
    rows = register(workshop, 4)
    with before(workshop, 40):
        actions.cancel(rows[0])
        third = fresh(rows[2])
        assert (third.state, told(third)) == ("offered", ["waiting", "offered"])
        assert third.offered_until == timezone.now() + 24 * HOUR
        assert places.free(workshop, "on_site") == 0
        actions.accept(third)
        assert states(third) == ["registered"]
        assert told(third) == ["waiting", "offered", "registered"]
        assert actions.accept(third).has_place  # the second press
        assert told(third)[2:] == ["registered"]


def test_an_offer_ends_at_the_latest_when_the_meeting_begins(workshop):
    rows = register(workshop, 3)
    with before(workshop, 5):
        actions.cancel(rows[0])
    assert fresh(rows[2]).offered_until == workshop.begins_at


def test_an_offer_that_nobody_accepts_passes_on(workshop):
    rows = register(workshop, 4)
    with before(workshop, 40):
        actions.cancel(rows[0])
    with before(workshop, 15):
        with pytest.raises(ValidationError, match="inzwischen vergeben"):
            actions.accept(rows[2])
        keep_moving()
        assert states(rows[2], rows[3]) == ["cancelled", "offered"]
        assert told(rows[2]) == ["waiting", "offered", "offer_lapsed"]
        assert [fresh(row).has_let_pass for row in rows[1:4]] == [False, True, False]
        actions.cancel(rows[3])  # given back: nobody is left
        assert not fresh(rows[3]).has_let_pass
        assert places.free(workshop, "on_site") == 1


def test_who_let_an_offer_pass_reads_so_and_comes_back_if_she_likes(workshop, client):
    rows = register(workshop, 3)
    with before(workshop, 40):
        actions.cancel(rows[0])
    with before(workshop, 15):
        keep_moving()
        delivery.run_sender()
        [letter] = [letter for letter in mail.outbox if "weitergegeben" in letter.subject]
        assert rows[2].person.email in letter.to[0]
        page = client.get(re.search(r"/anmeldung/\S+", letter.body)[0]).text
        assert "Sie nehmen nicht teil." in page
        assert workshop.get_absolute_url() in page
        assert register(workshop).has_place


def test_the_board_counts_who_let_an_offer_pass_apart_from_who_cancelled(workshop, client_of, office):
    rows = register(workshop, 4)
    with before(workshop, 40):
        actions.cancel(rows[0])
    with before(workshop, 15):
        keep_moving()
        page = client_of(office).get(reverse("meeting_board", args=[workshop.pk])).text
    assert "Angebotenen Platz nicht angenommen (1)" in page
    assert "Abgesagt (1)" in page
    actions.register(workshop, person=rows[2].person, mode="on_site")
    assert fresh(rows[2]).offered_until is None


def test_an_offer_that_ends_with_the_beginning_bothers_nobody(workshop):
    rows = register(workshop, 3)
    with before(workshop, 2):
        actions.cancel(rows[0])
    with before(workshop, 0):
        keep_moving()
    assert told(rows[2]) == ["waiting", "offered"]


def test_who_registers_late_has_a_free_place_at_once(workshop):
    with before(workshop, 5):
        assert register(workshop).has_place


# --- between on site and online -----------------------------------------------------------------------------------


def test_moving_never_costs_a_place(workshop):
    first, _ = register(workshop, 2)
    register(workshop, mode="online")
    with pytest.raises(ValidationError, match="Sie behalten Ihren Platz"):
        actions.move(first, mode="online")
    assert (fresh(first).mode, fresh(first).state) == ("on_site", "registered")


def test_moving_frees_the_place_for_the_next(workshop):
    first, _, third = register(workshop, 3)
    moved = actions.move(first, mode="online")
    assert (moved.mode, moved.state, moved.number) == ("online", "registered", 1)
    assert states(third) == ["registered"]


def test_who_waits_moves_to_the_end_of_the_other_list(workshop):
    rows = register(workshop, 3)
    moved = actions.move(rows[2], mode="online")
    assert (moved.mode, moved.state) == ("online", "registered")
    assert told(moved) == ["waiting", "moved_up"]


# --- guests -------------------------------------------------------------------------------------------------------


def guest(meeting, address="gast@verein.example"):
    person = Person(first_name="Gerda", last_name="Gast", email=address, organisation="Verein")
    return actions.register_guest(meeting, person=person, mode="on_site")


def test_a_guest_holds_no_place_until_she_confirms(workshop):
    row = guest(workshop)
    assert (row.state, row.number, told(row)) == ("unconfirmed", None, ["guest_confirmation"])
    register(workshop, 2)
    assert actions.confirm(row).state == "waiting"
    assert actions.confirm(row).number == 3  # the second press
    assert told(row) == ["guest_confirmation", "waiting"]


def test_the_same_guest_is_stored_once(workshop):
    assert guest(workshop) == guest(workshop, "GAST@verein.example")
    assert Person.objects.filter(last_name="Gast").count() == 1


def test_who_does_not_confirm_in_time_is_forgotten(workshop):
    row = guest(workshop)
    known = actions.register_guest(workshop, person=PersonFactory(), mode="on_site")
    elsewhere = actions.register(MeetingFactory(), person=known.person, mode="on_site")
    with time_machine.travel(timezone.now() + 48 * HOUR, tick=False):
        with pytest.raises(ValidationError, match="noch einmal an"):
            actions.confirm(row)
        keep_moving()
    assert not Registration.objects.filter(meeting=workshop).exists()
    assert not Person.objects.filter(last_name="Gast").exists()
    assert not Person.history.filter(last_name="Gast").exists()
    assert Person.objects.filter(pk=elsewhere.person_id).exists()


# --- parallel items -----------------------------------------------------------------------------------------------


def test_parallel_items_are_given_by_first_then_second_wish(workshop):
    small = AgendaItemFactory(meeting=workshop, choice_round=1, seats=1)
    large = AgendaItemFactory(meeting=workshop, choice_round=1, title="Geld einwerben", seats=1)
    workshop.seats_on_site = 4
    workshop.save()
    wishes = [(small, large), (small, large), (small, None), (large, None)]
    rows = [register(workshop, details=actions.Details(choices={1: wish})) for wish in wishes]
    assert [fresh(row).given_items for row in rows] == [[small], [large], [], []]
    actions.cancel(rows[0])
    assert fresh(rows[2]).given_items == []  # nobody moves up there
