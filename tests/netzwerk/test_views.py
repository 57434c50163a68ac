import datetime

import pytest
from django.urls import reverse

from members.models import Municipality, Visibility
from tests.factories import ContactPersonFactory, PersonFactory, ProfileFactory, UserFactory

pytestmark = pytest.mark.django_db


def page(client, slug):
    return client.get(reverse("municipality", args=[slug])).content.decode()


@pytest.mark.once
def test_every_body_has_a_page(client, register):
    answers = {
        slug: client.get(reverse("municipality", args=[slug])).status_code
        for slug in Municipality.objects.values_list("slug", flat=True)
    }
    assert len(answers) == 432
    assert set(answers.values()) == {200}


def test_a_member_says_since_when(client, register):
    assert "Mitglied seit Dezember 2012" in page(client, "bonn")
    assert "Mitglied, Beitrittsjahr nicht belegt" in page(client, "rheine")


def test_a_non_member_names_the_neighbours_that_are_in_and_the_way_to_join(client, register):
    text = page(client, "neuenkirchen")
    assert "Neuenkirchen ist noch nicht dabei." in text
    assert 'href="/kommunen/rheine/"' in text
    assert "So kann Neuenkirchen mitmachen" in text
    assert '<meta name="robots" content="noindex">' in text
    assert '<meta name="robots"' not in page(client, "rheine")


def test_a_former_member_shows_from_and_until(client, town):
    town.memberships.update(ended_on=datetime.date(2019, 12, 31), end_reason="Ratsbeschluss")
    assert "Mitglied von Dezember 2012 bis 31. Dezember 2019" in page(client, "rheine")


def test_a_kreis_names_its_members(client, register):
    assert 'href="/kommunen/lemgo/"' in page(client, "kreis-lippe")


def test_empty_parts_do_not_show(client, town):
    ProfileFactory(municipality=town, summary="")
    assert "Was es hier gibt" not in page(client, "rheine")


def test_a_visitor_sees_only_what_a_person_released(client, town):
    person = PersonFactory(first_name="Petra", last_name="Muster", email="petra@rheine.example", phone="0251 99")
    ContactPersonFactory(municipality=town, person=person, name_visibility=Visibility.PUBLIC)
    text = page(client, "rheine")
    assert "Petra Muster" in text
    assert "petra@rheine.example" not in text
    assert "0251 99" not in text


def test_markup_in_a_name_is_shown_as_text(client, town):
    ProfileFactory(municipality=town, summary="<script>alert(1)</script>{{7*7}}{% debug %}")
    text = page(client, "rheine")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}{% debug %}" in text


@pytest.mark.parametrize("slug", ["gibt-es-nicht", "a" * 300])
def test_an_unknown_body_gets_the_page_not_found(client, register, slug):
    assert client.get(f"/kommunen/{slug}/").status_code == 404


def test_the_start_page_counts_what_is_stored(client, register):
    text = client.get(reverse("start")).content.decode()
    assert ">39<" in text
    assert "35 von 396 sind dabei" in text


def test_the_own_area_says_for_whom_one_answers(client_of, contact):
    text = client_of(contact).get(reverse("home")).content.decode()
    assert 'href="/kommunen/rheine/">Rheine</a>' in text


def test_the_own_area_of_an_account_without_a_body_explains_itself(client_of):
    assert (
        "derzeit für keine Mitgliedskommune eingetragen"
        in client_of(UserFactory()).get(reverse("home")).content.decode()
    )


def test_profile_needs_few_queries(client, register, django_assert_max_num_queries):
    page(client, "rheine")
    with django_assert_max_num_queries(7):
        page(client, "rheine")
