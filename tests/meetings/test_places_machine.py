"""Any order of any deeds: a machine presses every button of a meeting by chance and looks at the rule after each."""

import datetime
import os

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.models import OutgoingMail
from meetings import actions, places, planning
from meetings.models import Mode
from members.models import Person
from tests.factories import MeetingFactory, MunicipalityFactory, PersonFactory

RUNS, STEPS = (200, 50) if os.environ.get("FULL") else (12, 25)

_modes = st.sampled_from([mode.value for mode in Mode])
_seats = st.one_of(st.none(), st.integers(0, 4))
_who = st.integers(0, 30)


class Places(RuleBasedStateMachine):
    """A hybrid meeting in three weeks, two municipalities, guests, and a clock that only goes forward."""

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.now = self.clock.start()
        # Places beyond the number that staff gave, and so many are held at most.
        self.allowed = {}

    def teardown(self):
        self.clock.stop()
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize(seats=_seats, online=_seats, per_body=st.one_of(st.none(), st.integers(1, 2)), later=st.integers(1, 20))
    def announce(self, seats, online, per_body, later):
        self.bodies = [MunicipalityFactory(), MunicipalityFactory(), None]
        day = timezone.localdate()
        self.meeting = MeetingFactory(
            online=True,
            day=day + datetime.timedelta(days=21),
            seats_on_site=seats,
            seats_online=online,
            seats_per_body=per_body,
            more_per_body_from=day + datetime.timedelta(days=later),
        )
        self.held = dict.fromkeys(Mode, 0)
        # Who waits, and under which number; to whom staff gave a place out of turn.
        self.waited, self.favoured = {}, set()

    # --- deeds --------------------------------------------------------------------------------------------------------

    @rule(mode=_modes, body=st.integers(0, 2), twice=st.booleans())
    def register(self, mode, body, twice):
        person = PersonFactory()
        for _ in range(1 + twice):
            self._try(actions.register, self.meeting, person=person, mode=mode, municipality=self.bodies[body])

    @rule(mode=_modes, number=st.integers(0, 3))
    def register_guest(self, mode, number):
        person = Person(first_name="Gerda", last_name=f"Gast {number}", email=f"gast{number}@verein.example")
        self._try(actions.register_guest, self.meeting, person=person, mode=mode)

    @rule(who=_who, verb=st.sampled_from([actions.confirm, actions.accept, actions.lapse]))
    def press(self, who, verb):
        self._with(who, verb)

    @rule(who=_who)
    def staff_lets_in(self, who):
        row = self._row(who)
        if row and actions.check_in(row):
            self.favoured.add(row.pk)
            self._allow(row.mode)

    @rule(who=_who, twice=st.booleans())
    def cancel(self, who, twice):
        for _ in range(1 + twice):
            self._with(who, actions.cancel)

    @rule(who=_who)
    def come_back(self, who):
        self._with(
            who,
            lambda row: actions.register(row.meeting, person=row.person, mode=row.mode, municipality=row.municipality),
        )

    @rule(who=_who, mode=_modes)
    def move(self, who, mode):
        self._with(who, lambda row: actions.move(row, mode=mode))

    @rule(who=_who, mode=_modes, food=st.sampled_from(["", "vegan"]))
    def change(self, who, mode, food):
        self._with(who, lambda row: actions.change(row, mode=mode, details=actions.Details(food=food)))

    @rule(who=_who)
    def staff_gives_a_place(self, who):
        row = self._with(who, actions.give_place)
        if row:
            self.favoured.add(row.pk)
            self._allow(row.mode)

    @rule(mode=_modes)
    def staff_adds_somebody(self, mode):
        self._try(actions.register, self.meeting, person=PersonFactory(), mode=mode, by_staff=True, over_limit=True)
        self._allow(mode)

    @rule(mode=_modes, seats=_seats)
    def change_seats(self, mode, seats):
        self.meeting.refresh_from_db()
        setattr(self.meeting, f"seats_{mode}", seats)
        planning.save(self.meeting)

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours):
        self.now.shift(datetime.timedelta(hours=hours))
        actions.keep_moving()

    @precondition(lambda self: self.meeting.registrations.count() > 12)
    @rule()
    def begin_soon(self):
        """Jump to where places are only offered."""
        wanted = self.meeting.offers_from + datetime.timedelta(minutes=5)
        if timezone.now() < wanted:
            self.now.move_to(wanted)
            actions.keep_moving()

    def _try(self, verb, *args, **values):
        try:
            return verb(*args, **values)
        except ValidationError:
            return None

    def _with(self, who, verb):
        row = self._row(who)
        return self._try(verb, row) if row else None

    def _row(self, who):
        rows = list(self.meeting.registrations.order_by("pk"))
        return rows[who % len(rows)] if rows else None

    def _allow(self, mode):
        """What staff give on purpose may be more than there is."""
        self.allowed[mode] = self._held(mode)

    def _held(self, mode):
        return self.meeting.registrations.holding().filter(mode=mode).count()

    # --- what holds after each ---------------------------------------------------------------------------------------

    @invariant()
    def never_more_than_there_are(self):
        if not hasattr(self, "meeting"):
            return
        self.meeting.refresh_from_db()
        for mode in Mode:
            held, seats = self._held(mode), self.meeting.seats(mode)
            limit = max(seats, self.held[mode], self.allowed.get(mode, 0)) if seats is not None else held
            assert held <= limit, (mode, held, seats)
            self.held[mode] = held
            self.allowed[mode] = min(self.allowed.get(mode, 0), held)

    @invariant()
    def nobody_waits_who_could_have_a_place(self):
        if not hasattr(self, "meeting") or self.meeting.has_begun:
            return
        for mode in Mode:
            waits = places.next_in_line(self.meeting, mode)
            assert waits is None or places.free(self.meeting, mode) == 0, mode

    @invariant()
    def nobody_moved_up_past_another_who_could_have_had_the_place(self):
        if not hasattr(self, "meeting"):
            return
        rows = list(self.meeting.registrations.exclude(number=None))
        waits = [row for row in rows if row.is_waiting]
        blocked = places.full_bodies(self.meeting)
        for row in rows:
            if self.waited.get(row.pk) != (row.mode, row.number) or row.pk in self.favoured or not row.is_active:
                continue
            past = [
                other.number
                for other in waits
                if other.mode == row.mode and other.number < row.number and other.municipality_id not in blocked
            ]
            assert row.is_waiting or not past, (row.number, past)
        self.waited = {row.pk: (row.mode, row.number) for row in waits}
        self.favoured.clear()

    @invariant()
    def numbers_are_each_one_persons(self):
        if not hasattr(self, "meeting"):
            return
        numbers = list(self.meeting.registrations.exclude(number=None).values_list("mode", "number"))
        assert len(numbers) == len(set(numbers))

    @invariant()
    def offers_have_an_end_and_what_lapsed_keeps_it(self):
        if not hasattr(self, "meeting"):
            return
        for row in self.meeting.registrations.exclude(offered_until=None):
            assert row.is_offered or row.has_let_pass
            assert row.offered_until <= self.meeting.begins_at

    @invariant()
    def who_has_a_place_was_told_so(self):
        if not hasattr(self, "meeting"):
            return
        kinds = ("meetings.registered", "meetings.moved_up")
        told = set(OutgoingMail.objects.filter(kind__in=kinds).values_list("recipient_key", flat=True))
        for row in self.meeting.registrations.registered().filter(present_at=None).select_related("person"):
            assert row.person.key in told


@pytest.mark.django_db
def test_r4_no_order_of_deeds_breaks_the_rule():
    run_state_machine_as_test(
        Places,
        settings=settings(
            max_examples=RUNS, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
