import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from core.dates import PartialDate, Precision, parse_partial_date
from members import actions
from members.models import Membership, Municipality
from tests.factories import MembershipFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

D = datetime.date


def period(municipality, start, end):
    precision = Precision.DAY if start else Precision.UNKNOWN
    reason = "Ratsbeschluss" if end else ""
    return Membership(municipality=municipality, started_on=start, precision=precision, ended_on=end, end_reason=reason)


OVERLAPS = [
    (D(2012, 1, 1), D(2015, 12, 31), D(2015, 12, 31), D(2020, 1, 1)),
    (None, D(2015, 12, 31), D(2014, 1, 1), None),
    (None, D(2015, 12, 31), None, None),
    (D(2012, 1, 1), D(2020, 12, 31), D(2014, 1, 1), D(2015, 1, 1)),
    (D(2012, 1, 1), D(2020, 12, 31), None, D(2012, 1, 1)),
]


@pytest.mark.parametrize(("start", "end", "other_start", "other_end"), OVERLAPS)
def test_the_database_itself_refuses_overlapping_periods(start, end, other_start, other_end):
    municipality = MunicipalityFactory()
    period(municipality, start, end).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        period(municipality, other_start, other_end).save()


@pytest.mark.parametrize(("start", "end", "other_start", "other_end"), OVERLAPS)
def test_the_form_says_it_in_german_before_the_database_must(start, end, other_start, other_end):
    municipality = MunicipalityFactory()
    period(municipality, start, end).save()
    with pytest.raises(ValidationError, match="überschneidet sich"):
        period(municipality, other_start, other_end).full_clean()


def test_an_update_cannot_slip_past_the_guard():
    municipality = MunicipalityFactory()
    period(municipality, D(2012, 1, 1), D(2015, 12, 31)).save()
    second = period(municipality, D(2016, 1, 1), None)
    second.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=second.pk).update(started_on=D(2015, 6, 1))


def test_periods_that_touch_without_sharing_a_day_are_fine():
    municipality = MunicipalityFactory()
    period(municipality, None, D(2015, 12, 31)).save()
    period(municipality, D(2016, 1, 1), None).save()
    assert municipality.memberships.count() == 2


def test_two_open_periods_cannot_be_stored():
    municipality = MunicipalityFactory(member=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        period(municipality, D(2030, 1, 1), None).save()


def test_start_membership_names_the_period_in_the_way():
    municipality = MunicipalityFactory(member=True)
    with pytest.raises(ValidationError, match=r"seit Dezember 2012.*Beenden oder berichtigen"):
        actions.start_membership(municipality, begin=parse_partial_date("2020"))


def test_start_membership_keeps_how_exact_the_start_is_known():
    membership = actions.start_membership(MunicipalityFactory(), begin=parse_partial_date("12/2012"))
    assert membership.begin == PartialDate(D(2012, 12, 1), Precision.MONTH)
    assert membership.period_text() == "seit Dezember 2012"


def test_an_unknown_start_counts_as_member_and_says_so():
    municipality = MunicipalityFactory()
    membership = actions.start_membership(municipality, begin=None)
    assert membership.period_text() == "Beitrittsjahr nicht belegt"
    assert list(Municipality.objects.members()) == [municipality]


def test_a_member_is_in_from_the_first_to_the_last_day():
    municipality = MunicipalityFactory()
    period(municipality, D(2014, 3, 1), D(2019, 3, 31)).save()
    days = [D(2014, 2, 28), D(2014, 3, 1), D(2019, 3, 31), D(2019, 4, 1)]
    assert [municipality in Municipality.objects.members(on=day) for day in days] == [False, True, True, False]


def test_an_end_before_the_start_is_refused():
    membership = MembershipFactory()
    membership.ended_on, membership.end_reason = D(2011, 1, 1), "Versehen"
    with pytest.raises(ValidationError, match="letzte Tag liegt vor dem Beginn"):
        actions.save_membership(membership)


def test_an_end_without_reason_cannot_be_stored():
    membership = MembershipFactory()
    membership.ended_on = D(2020, 12, 31)
    with pytest.raises(ValidationError, match="Nennen Sie den Grund"):
        actions.save_membership(membership)
    with pytest.raises(IntegrityError), transaction.atomic():
        membership.save()


def test_every_change_is_kept_with_old_and_new_values():
    membership = MembershipFactory()
    membership.ended_on, membership.end_reason = D(2020, 12, 31), "Ratsbeschluss"
    actions.save_membership(membership)
    newest, oldest = membership.history.all()
    assert (oldest.ended_on, newest.ended_on, newest.end_reason) == (None, D(2020, 12, 31), "Ratsbeschluss")


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("12/2012", None, "seit Dezember 2012"),
        ("12/2012", D(2019, 3, 31), "Dezember 2012 bis 31. März 2019"),
        (None, None, "Beitrittsjahr nicht belegt"),
        (None, D(2019, 3, 31), "bis 31. März 2019, Beitrittsjahr nicht belegt"),
    ],
)
def test_a_period_in_words(start, end, text):
    begin = parse_partial_date(start) if start else None
    membership = Membership(ended_on=end)
    if begin:
        membership.started_on, membership.precision = begin.day, begin.precision
    assert membership.period_text() == text


def test_the_guard_survived_all_migrations():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_constraint WHERE conname = 'membership_no_overlap'")
            assert cursor.fetchone() == (1,)
        else:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'membership_no_%'")
            assert cursor.fetchone() == (2,)
