"""Things that hold from a day to a day, both included: memberships, functions of persons, terms of office.

An empty start or end is open without limit.
"""

import datetime

from django.db.models import F, OuterRef, Q

from core.dates import today

# For a CheckConstraint of the model that has the two fields.
ENDS_AFTER_START = Q(started_on__isnull=True) | Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on"))


def holding(day: datetime.date | OuterRef | None = None) -> Q:
    """Rows that hold on that day (today if none is given); inside a subquery it may be a field of the outer row."""
    day = day or today()
    begun = Q(started_on__isnull=True) | Q(started_on__lte=day)
    return begun & (Q(ended_on__isnull=True) | Q(ended_on__gte=day))


def not_over(day: datetime.date | None = None) -> Q:
    """Rows whose last day is not before that day (today if none is given), whether they have begun or not."""
    return Q(ended_on__isnull=True) | Q(ended_on__gte=day or today())


def sharing_a_day(period: "Period") -> Q:
    """Rows that hold on at least one day of this period, itself included."""
    begun = Q(started_on__isnull=True) | Q(started_on__lte=period.ended_on) if period.ended_on else Q()
    lasting = Q(ended_on__isnull=True) | Q(ended_on__gte=period.started_on) if period.started_on else Q()
    return begun & lasting


class Period:
    """Questions about one row with `started_on` and `ended_on`."""

    started_on: datetime.date | None
    ended_on: datetime.date | None

    def holds(self, day: datetime.date | None = None) -> bool:
        """Whether it holds on that day (today if none is given)."""
        day = day or today()
        return (not self.started_on or self.started_on <= day) and (not self.ended_on or self.ended_on >= day)

    def is_over(self, day: datetime.date | None = None) -> bool:
        """Whether its last day lies before that day (today if none is given)."""
        return self.ended_on is not None and self.ended_on < (day or today())
