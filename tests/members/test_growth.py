"""Growth: figures with sources from the file, memberships held here from the database, and their picture."""

import datetime
import re

import pytest
import time_machine

from core.dates import Precision
from members import growth
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_this_day():
    with time_machine.travel(datetime.datetime(2027, 3, 12, 10, 0, tzinfo=datetime.UTC), tick=False):
        yield


def member(started, ended=None):
    precision = Precision.DAY if started else Precision.UNKNOWN
    MembershipFactory(
        started_on=started, precision=precision, ended_on=ended, end_reason="Ratsbeschluss" if ended else ""
    )


def test_every_stated_figure_has_its_source():
    figures = growth.stated()
    assert len(figures) == 12
    assert all(one.source.startswith("http") and one.source_host and one.words and one.when for one in figures)
    dated = [one.month for one in figures if one.month]
    assert dated == sorted(dated)


def test_joining_and_leaving_are_steps_and_unknown_starts_are_none():
    member(datetime.date(2012, 12, 1))
    member(datetime.date(2012, 12, 1), datetime.date(2019, 12, 31))
    member(datetime.date(2027, 4, 1))  # not yet
    member(None)
    assert growth.held() == ((datetime.date(2012, 12, 1), 2), (datetime.date(2020, 1, 1), 1))
    by_year = dict(growth.held_by_year(growth.held()))
    assert list(by_year) == list(range(2012, 2028))
    assert (by_year[2012], by_year[2019], by_year[2020], by_year[2027]) == (2, 2, 1, 1)


def test_the_lines_stay_inside_the_picture_and_end_with_their_figure():
    member(datetime.date(2012, 12, 1))
    chart = growth.chart(growth.held())
    assert (chart.stated.label, chart.held.label) == ("über 100", "1")
    for curve in (chart.stated, chart.held):
        assert all(0 <= float(x) <= growth.WIDTH for x in re.findall(r"[HM]([\d.]+)", curve.path))
        assert all(0 <= float(y) <= growth.HEIGHT for y in re.findall(r"V([\d.]+)", curve.path))
    assert [number for _, number in chart.levels] == [0, 25, 50, 75, 100]
    assert len(chart.years) <= 6


def test_many_members_find_room():
    levels = growth.chart([(datetime.date(2013, 1, 1), 432)]).levels
    assert levels[-1][1] >= 432
    assert len(levels) <= 6


def test_without_any_membership_the_stated_figures_still_stand(client):
    html = client.get("/").content.decode()
    assert growth.held() == ()
    assert growth.held_by_year([]) == []
    assert "über 100" in html
    assert "hier eingetragene Mitgliedschaften" not in html


def test_the_start_page_shows_both_series_with_their_tables(client, register):
    html = client.get("/").content.decode()
    assert "growth__line--stated" in html
    assert "growth__line--held" in html
    assert "22 weitere Mitglieder sind hier eingetragen" in html
    for one in growth.stated():
        assert f'<a href="{one.source}">{one.source_host}</a>' in html
    assert '<th scope="row">2027 (bis heute)</th><td class="table__number">17</td>' in html
