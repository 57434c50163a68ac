import datetime

import pytest

from members.directory import entries
from members.models import Municipality
from members.population import SOURCE, inhabitants, share_of_members
from tests.factories import MunicipalityFactory

DAY = datetime.date(2024, 12, 31)


@pytest.fixture
def counted(db):
    """A member town, its Kreis that is in as well, and a town that is not."""
    kreis = MunicipalityFactory(name="Kreis Steinfurt", kind="Kreis", member=True, population=1_000_000)
    MunicipalityFactory(name="Rheine", kreis=kreis, member=True, population=78_400, population_on=DAY)
    MunicipalityFactory(name="Greven", kreis=kreis, population=21_600, population_on=DAY)


def entry_of(name):
    return next(entry for entry in entries() if entry.name == name)


def test_people_are_counted_once_where_their_town_is_in(counted):
    share = share_of_members(entries())
    assert (share.value, share.label) == ("78 %", "der Menschen in NRW")
    assert share.source == f"Menschen in NRW: Stand 31.12.2024. {SOURCE}."


@pytest.mark.parametrize("missing", [{"population_on": None}, {"population_on": datetime.date(2023, 12, 31)}])
def test_towns_are_counted_while_figures_are_missing_or_of_different_days(counted, missing):
    town = Municipality.objects.get(name="Greven")
    town.population_on = missing["population_on"]
    town.save()
    share = share_of_members(entries())
    assert (share.value, share.label, share.note) == ("50 %", "der Städte und Gemeinden", "1 von 2 sind dabei")


def test_the_start_page_names_the_share_and_its_source(client, counted):
    page = client.get("/").content.decode()
    assert "78 %" in page
    assert f"Stand 31.12.2024. {SOURCE}." in page


def test_an_empty_register_has_no_share(db):
    assert share_of_members(entries()).value == "0 %"


def test_the_page_of_a_body_names_inhabitants_day_and_source(client, counted):
    page = client.get(Municipality.objects.get(name="Rheine").get_absolute_url()).content.decode()
    assert f"78.400 Einwohnerinnen und Einwohner am 31.12.2024. {SOURCE}" in page
    assert inhabitants(entry_of("Kreis Steinfurt")) == ""  # without a day no figure
