"""The programme: several days, the office's form for it, choices made later, and who is named to others."""

import datetime

import pytest
from django.urls import reverse

from core.links import token_for
from meetings import actions, planning, programme
from meetings.access import OWN_PLACE
from meetings.models import AgendaItem, Registration
from tests.factories import AgendaItemFactory, MeetingFactory, MunicipalityFactory, PersonFactory

pytestmark = pytest.mark.django_db

FRIDAY = datetime.date(2027, 3, 12)
TEN, NOON = datetime.time(10), datetime.time(12)


def register(meeting, **values):
    return actions.register(meeting, person=PersonFactory(), mode="on_site", **values)


def own_page(row, name="registration"):
    return reverse(name, args=[token_for(row, OWN_PLACE)])


def text(response):
    return response.content.decode()


def given(row):
    return Registration.objects.get(pk=row.pk).given_items


# --- several days -------------------------------------------------------------------------------------------------


def test_days_have_headings_and_follow_the_meeting(client):
    meeting = MeetingFactory(day=FRIDAY, last_day=FRIDAY + datetime.timedelta(days=1))
    second = AgendaItemFactory(meeting=meeting, title="Ausblick", day_number=2, begin_time=TEN, end_time=NOON)
    first = AgendaItemFactory(meeting=meeting, title="Auftakt", begin_time=datetime.time(14), end_time=None)
    assert [(day.heading, day.groups) for day in programme.days(meeting)] == [
        ("Freitag, 12. März 2027", [[first]]),
        ("Samstag, 13. März 2027", [[second]]),
    ]
    page = text(client.get(meeting.get_absolute_url()))
    assert page.index("Freitag, 12. März") < page.index("Auftakt") < page.index("Samstag") < page.index("Ausblick")
    copied = planning.copy(meeting, day=datetime.date(2027, 9, 10))
    assert [item.day for item in copied.agenda.all()] == [datetime.date(2027, 9, 10), datetime.date(2027, 9, 11)]


def test_a_single_day_has_no_heading():
    meeting = MeetingFactory(day=FRIDAY)
    AgendaItemFactory(meeting=meeting)
    assert [day.heading for day in programme.days(meeting)] == [""]


# --- the form of the office ---------------------------------------------------------------------------------------


def test_the_office_writes_the_programme_item_by_item(client_of, office):
    meeting, staff = MeetingFactory(day=FRIDAY), client_of(office)
    url = reverse("meeting_programme", args=[meeting.pk])
    assert "Geben Sie dem Punkt einen Titel." in text(staff.post(url, {"begin_time": "10:00"}))
    page = staff.post(url, {"begin_time": "10:00", "end_time": "11:30", "title": "Auftakt"}, follow=True)
    assert "„Auftakt“ steht im Programm." in text(page)
    assert page.context["form"]["begin_time"].value() == datetime.time(11, 30)
    assert "choice_round" in page.context["form"].fields
    assert "day_number" not in page.context["form"].fields
    item = AgendaItem.objects.get()
    changed = {"begin_time": "09:00", "end_time": "08:00", "title": "Begrüßung", "choice_round": "1"}
    one = reverse("agenda_item", args=[meeting.pk, item.pk])
    assert "Das Ende liegt nicht nach dem Beginn." in text(staff.post(one, changed))
    staff.post(one, changed | {"end_time": "11:00"})
    item.refresh_from_db()
    assert (item.title, item.choice_round, item.begin_time) == ("Begrüßung", 1, datetime.time(9))


def test_who_speaks_and_which_municipalities_contribute_is_typed(client_of, office, town):
    ada = PersonFactory(title="Dr.", first_name="Ada", last_name="Müller-Muster", email="ada@rheine.example")
    item = AgendaItemFactory(meeting=MeetingFactory())
    url, staff = reverse("agenda_item", args=[item.meeting_id, item.pk]), client_of(office)
    values = {"begin_time": "10:00", "title": "Ausblick", "persons": "ada mueller-muster\n", "municipalities": "rheine"}
    staff.post(url, values)
    assert (list(item.speakers.all()), list(item.bodies.all())) == ([ada], [town])
    shown = staff.get(url).context["form"]
    assert shown["persons"].value() == "Dr. Ada Müller-Muster, ada@rheine.example"
    staff.post(url, values | {"persons": shown["persons"].value(), "municipalities": ""})
    assert (list(item.speakers.all()), list(item.bodies.all())) == ([ada], [])


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("persons", "Nina Niemand", "steht nicht im Portal"),
        ("persons", "Ada Muster", "Schreiben Sie die E-Mail-Adresse dazu"),
        ("persons", "Ada Muster, andere@rheine.example", "steht nicht im Portal"),
        ("municipalities", "Entenhausen", "wie die Kommune amtlich heißt"),
    ],
)
def test_who_is_not_clear_is_asked_for_and_nothing_is_lost(client_of, office, field, typed, sentence):
    for mailbox in ("ada@rheine.example", "ada@wuppertal.example"):
        PersonFactory(first_name="Ada", last_name="Muster", title="", email=mailbox)
    meeting = MeetingFactory()
    url = reverse("meeting_programme", args=[meeting.pk])
    page = text(client_of(office).post(url, {"begin_time": "10:00", "title": "Ausblick", field: typed}))
    assert sentence in page
    assert typed in page
    assert not meeting.agenda.exists()


def test_the_day_is_asked_for_where_there_are_several(client_of, office):
    meeting = MeetingFactory(day=FRIDAY, last_day=FRIDAY + datetime.timedelta(days=1))
    url, staff = reverse("meeting_programme", args=[meeting.pk]), client_of(office)
    values = {"begin_time": "10:00", "title": "Ausblick"}
    assert "Wählen Sie einen Tag des Termins." in text(staff.post(url, values | {"day_number": "3"}))
    staff.post(url, values | {"day_number": "2"})
    assert AgendaItem.objects.get().day == datetime.date(2027, 3, 13)


def test_what_somebody_has_chosen_stays_in_the_programme(client_of, office):
    meeting, staff = MeetingFactory(), client_of(office)
    chosen, free = (AgendaItemFactory(meeting=meeting, choice_round=1, title=title) for title in ("Eins", "Zwei"))
    row = register(meeting, details=actions.Details(choices={1: (chosen, None)}))
    for item in (chosen, free):
        answer = staff.post(reverse("remove_agenda_item", args=[meeting.pk, item.pk]), follow=True)
    assert "eine Person hat ihn gewählt" in text(
        staff.post(reverse("remove_agenda_item", args=[meeting.pk, chosen.pk]), follow=True)
    )
    assert answer.status_code == 200
    assert list(meeting.agenda.all()) == [chosen]
    assert given(row) == [chosen]


# --- choosing later -----------------------------------------------------------------------------------------------


@pytest.fixture
def parallel():
    meeting = MeetingFactory()
    items = [AgendaItemFactory(meeting=meeting, choice_round=1, title=title, seats=1) for title in ("Eins", "Zwei")]
    return meeting, *items


def test_who_has_not_made_up_her_mind_chooses_later_what_is_free(client, parallel):
    meeting, first, second = parallel
    row = register(meeting)
    register(meeting, details=actions.Details(choices={1: (first, None)}))
    assert "Eins (11–12 Uhr) – belegt" in text(client.get(own_page(row)))
    page = text(client.post(own_page(row), {"first_1": first.pk, "second_1": "", "food": "vegan"}))
    assert "inzwischen belegt" in page
    assert (given(row), Registration.objects.get(pk=row.pk).food) == ([], "")
    client.post(own_page(row), {"first_1": first.pk, "second_1": second.pk})
    assert given(row) == [second]


def test_who_changes_her_mind_frees_the_item_and_never_loses_hers_for_nothing(client, parallel):
    meeting, first, second = parallel
    row, other = (register(meeting, details=actions.Details(choices={1: (item, None)})) for item in (first, second))
    assert "inzwischen belegt" in text(client.post(own_page(row), {"first_1": second.pk, "second_1": ""}))
    assert given(row) == [first]
    client.post(own_page(row), {"food": "vegan"})  # a page from before the choice
    assert given(row) == [first]
    client.post(own_page(other), {"first_1": "", "second_1": ""})
    assert given(other) == []
    client.post(own_page(row), {"first_1": second.pk, "second_1": ""})
    assert given(row) == [second]


# --- who is named to others ---------------------------------------------------------------------------------------


def test_who_takes_part_sees_who_agreed_to_be_named(client):
    meeting = MeetingFactory(seats_on_site=3)
    named = actions.Details(is_listed=True)
    rheine = MunicipalityFactory(name="Rheine")
    seen = register(meeting, municipality=rheine, details=named)
    unnamed, gone = register(meeting), register(meeting, details=named)
    actions.cancel(gone)
    own = register(meeting)
    waits = register(meeting, details=named)
    page = text(client.get(own_page(own, "participants")))
    assert f"{seen.person.name}</bdi>, Rheine" in page
    assert "2 weitere Personen" in page
    for row in (unnamed, gone, waits):
        assert row.person.last_name not in page
    for row in (gone, waits):
        assert client.get(own_page(row, "participants")).status_code == 404
    planning.call_off(meeting, reason="", by=None)
    assert client.get(own_page(own, "participants")).status_code == 404
