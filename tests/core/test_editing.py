"""Two people with the same record open: the second is told, nothing is lost, and nobody is told what is no news."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from core import history
from core.history import Actor, acting_as
from members.models import Person
from netzwerk.models import PageKey, TextPage
from tests.back_office import Form
from tests.factories import PersonFactory, ProfileFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db
TOLD = "Noch nicht gesichert"


@pytest.fixture
def person(db):
    return PersonFactory(first_name="Rosa", last_name="Muster", email="", phone="0251 1", organisation="")


class Desk:
    """Somebody who opens a record, types, and saves what the page's form then holds."""

    def __init__(self, user, row):
        self.client = Client()
        self.client.force_login(user)
        self.url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        self.form_id = f"{row._meta.model_name}_form"
        self.look(self.client.get(self.url))

    def look(self, answer):
        """Take over the form as a browser would."""
        self.page = answer.content.decode()
        if answer.status_code == 200:
            self.form = Form(self.form_id).read(self.page)

    def type(self, **fields):
        self.form |= fields
        return self

    def save(self):
        answer = self.client.post(self.url, self.form)
        saved = answer.status_code == 302
        self.look(answer)
        return saved

    @property
    def text(self):
        return " ".join(strip_tags(re.sub(r"(?s)<script.*?</script>", "", self.page)).split())


@pytest.fixture
def anna(office):
    return office


@pytest.fixture
def bert(chancellery):
    return chancellery


def test_the_second_is_told_and_loses_nothing(anna, bert, person):
    first, second = Desk(anna, person), Desk(bert, person)
    assert first.type(phone="0251 2").save()
    assert not second.type(organisation="Freiwilligenagentur").save()
    assert f"{TOLD}: Jemand war schneller" in second.text
    assert "Uhr gespeichert: office@netzwerk.example" in second.text
    assert "Telefon: „0251 1“ wurde „0251 2“" in second.text
    assert "Ihre Eingabe" not in second.text
    person.refresh_from_db()
    assert (person.phone, person.organisation) == ("0251 2", "")
    # The form holds the new state with her own change in it; saving once more is her decision.
    assert second.form["phone"] == ["0251 2"]
    assert second.save()
    person.refresh_from_db()
    assert (person.phone, person.organisation) == ("0251 2", "Freiwilligenagentur")


def test_what_both_changed_is_hers_if_she_saves_knowingly_and_stays_in_the_history(anna, bert, person):
    first, second = Desk(anna, person), Desk(bert, person)
    first.type(phone="0251 2").save()
    assert not second.type(phone="0251 3").save()
    assert "Sie haben hier etwas anderes eingegeben; beim Sichern gilt Ihre Eingabe" in second.text
    assert second.form["phone"] == ["0251 3"]
    assert second.save()
    assert list(person.history.values_list("phone", flat=True)) == ["0251 3", "0251 2", "0251 1"]


def test_who_saves_while_she_reads_is_told_too(anna, bert, person):
    first, second = Desk(anna, person), Desk(bert, person)
    first.type(phone="0251 2").save()
    second.type(phone="0251 3").save()
    Desk(anna, person).type(phone="0251 4").save()
    assert not second.save()
    assert "„0251 2“ wurde „0251 4“" in second.text


def test_a_form_with_a_mistake_does_not_forget_what_she_saw(anna, bert, person):
    second = Desk(bert, person)
    Desk(anna, person).type(phone="0251 2").save()
    second.type(last_name="").save()
    assert TOLD not in second.text
    assert not second.type(last_name="Beispiel").save()
    assert "„0251 1“ wurde „0251 2“" in second.text


def test_sending_the_same_form_twice_is_no_news(anna, person):
    desk = Desk(anna, person).type(phone="0251 2")
    form = dict(desk.form)
    assert desk.save()
    desk.form = form
    assert desk.save()


def test_going_back_and_correcting_is_no_news(anna, person):
    desk = Desk(anna, person).type(phone="0251 2")
    form = dict(desk.form)
    desk.save()
    desk.form = form  # the browser shows the page as she left it
    assert desk.type(organisation="Verein").save()


def test_an_older_window_of_ones_own_is_news(anna, person):
    first, second = Desk(anna, person), Desk(anna, person)
    first.type(phone="0251 2").save()
    assert not second.type(organisation="Verein").save()
    assert "gespeichert: Sie selbst in einem anderen Fenster" in second.text


def test_what_the_form_does_not_show_is_no_news(anna, bert, person):
    second = Desk(bert, person)
    person.user = UserFactory()
    person.save()
    assert second.type(phone="0251 2").save()
    person.refresh_from_db()
    assert person.user is not None


def test_the_acting_person_is_named(anna, bert, person):
    second = Desk(bert, person)
    with acting_as(Actor("person:17", "Rosa Beispiel")):
        person.phone = "0251 2"
        person.save()
    second.type(organisation="Verein").save()
    assert "gespeichert: Rosa Beispiel" in second.text


def test_topics_of_a_profile_are_told_and_kept(anna, bert):
    profile, sport, culture = ProfileFactory(), TopicFactory(name="Sport"), TopicFactory(name="Kultur")
    profile.topics.add(sport)
    profile.save()
    first, second = Desk(anna, profile), Desk(bert, profile)
    assert first.type(topics=[sport.pk, culture.pk]).save()
    assert not second.type(summary="Neu geschrieben.").save()
    assert "Themen: „Sport“ wurde „Kultur, Sport“" in second.text
    assert second.save()
    profile.refresh_from_db()
    assert set(profile.topics.all()) == {sport, culture}
    assert profile.summary == "Neu geschrieben."


def test_what_was_or_is_empty_is_said_in_plain_words(anna, bert, person):
    first, second = Desk(anna, person), Desk(bert, person)
    first.type(phone="", organisation="Freiwilligenagentur").save()
    assert not second.type(first_name="Rosi").save()
    assert "Telefon: „0251 1“ wurde entfernt" in second.text
    assert "Organisation: „Freiwilligenagentur“ kam dazu" in second.text


def test_forms_with_fields_of_their_own_are_watched_too(anna, bert, town):
    membership = town.memberships.get()
    first, second = Desk(anna, membership), Desk(bert, membership)
    assert first.type(begin="2013").save()
    assert not second.type(note="Telefonisch bestätigt").save()
    assert "Beginn: „1. Dezember 2012“ wurde „1. Januar 2013“" in second.text
    assert second.form["begin"] == ["2013"]
    assert second.save()
    membership.refresh_from_db()
    assert (membership.started_on.year, membership.note) == (2013, "Telefonisch bestätigt")


def test_two_writers_of_one_page_lose_no_sentence_though_the_row_had_no_history(anna, bert):
    page = TextPage.objects.get_or_create(key=PageKey.CONTACT)[0]
    first, second = Desk(anna, page), Desk(bert, page)
    first.type(text="Text der ersten.").save()
    assert not second.type(text="Text der zweiten.").save()
    assert "Uhr gespeichert: office@netzwerk.example" in second.text
    assert second.form["text"] == ["Text der zweiten."]
    assert second.save()
    assert "Text der ersten." in page.history.values_list("own_text", flat=True)


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999999999999", "\u0663", "1e5"])
def test_a_version_that_is_none_never_breaks_the_page(anna, person, seen):
    desk = Desk(anna, person)
    assert desk.type(_seen=seen, phone="0251 2").save()


def test_the_version_of_another_record_is_none(anna, bert, person):
    other = PersonFactory()
    Desk(anna, person).type(phone="0251 2").save()
    assert history.changed_since(person, history.version_of(Person, other.pk)) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_instant_one_is_told(office, chancellery, person):
    desks = [Desk(office, person).type(phone="0251 2"), Desk(chancellery, person).type(phone="0251 3")]
    start = threading.Barrier(2)

    def save(desk):
        start.wait()
        try:
            return desk.save()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        saved = list(pool.map(save, desks))
    assert sorted(saved) == [False, True]
    assert TOLD in desks[saved.index(False)].text
