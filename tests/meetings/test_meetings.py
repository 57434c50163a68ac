"""Meetings: when and where in words, who sees what, public lists, calendar and feed."""

import datetime

import ics
import pytest
import vobject
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.dates import today
from meetings import planning, rhythm
from meetings.models import Meeting
from meetings.models.times import span_text
from tests.factories import AgendaItemFactory, MeetingFactory

pytestmark = pytest.mark.django_db

FRIDAY = datetime.date(2027, 3, 12)


def page(client, meeting):
    return client.get(meeting.get_absolute_url()).content.decode()


def summit(**values):
    return MeetingFactory(kind="summit", audience="invited", title="Gipfel der Probe", **values)


# --- when ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "last_day", "end", "text"),
    [
        (None, None, None, "Fr, 12. März 2027"),
        ((10, 0), None, None, "Fr, 12. März 2027, 10 Uhr"),
        ((10, 0), None, (16, 0), "Fr, 12. März 2027, 10–16 Uhr"),
        ((9, 30), None, (12, 0), "Fr, 12. März 2027, 9:30–12 Uhr"),
        ((10, 0), datetime.date(2027, 3, 13), (16, 0), "Fr, 12. März 2027, 10 Uhr bis Sa, 13. März 2027, 16 Uhr"),
        (None, datetime.date(2027, 3, 13), None, "Fr, 12. März 2027 bis Sa, 13. März 2027"),
    ],
)
def test_a_date_reads_as_people_say_it(begin, last_day, end, text):
    times = [datetime.time(*time) if time else None for time in (begin, end)]
    assert span_text(FRIDAY, times[0], last_day, times[1]) == text


@pytest.mark.parametrize("day", [datetime.date(2027, 3, 28), datetime.date(2027, 10, 31)])
def test_r6_an_hour_that_does_not_exist_or_comes_twice_is_refused(day):
    meeting = MeetingFactory.build(day=day, begin_time=datetime.time(2, 30), end_time=datetime.time(9))
    with pytest.raises(ValidationError) as caught:
        meeting.full_clean()
    assert "Zeitumstellung" in caught.value.message_dict["begin_time"][0]


def test_a_meeting_ends_after_it_begins():
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingFactory(begin_time=datetime.time(16), end_time=datetime.time(10))


@pytest.mark.once
@pytest.mark.parametrize(
    ("title", "full"),
    [("Reden", "Workshop: Reden"), ("workshop zum Reden", "workshop zum Reden"), ("Workshop", "Workshop")],
)
def test_the_kind_is_said_once(title, full, client):
    meeting = MeetingFactory(title=title)
    assert meeting.title_with_kind == full
    assert ("Workshop, " in meeting.in_short) == (title == "Reden")
    page = client.get(meeting.get_absolute_url()).text
    assert ('<p class="page-header__over">Workshop</p>' in page) == (title == "Reden")


def test_an_address_is_unique_in_its_year_and_made_from_the_title():
    first, second = (MeetingFactory(title="Über Grenzen hinweg", day=FRIDAY) for _ in range(2))
    other_year = MeetingFactory(title="Über Grenzen hinweg", day=FRIDAY.replace(year=2028))
    assert [row.get_absolute_url() for row in (first, second, other_year)] == [
        "/termine/2027/ueber-grenzen-hinweg/",
        "/termine/2027/ueber-grenzen-hinweg-2/",
        "/termine/2028/ueber-grenzen-hinweg/",
    ]


@pytest.mark.parametrize(("kind", "audience"), [("summit", "public"), ("summit", "members"), ("network", "public")])
def test_summit_and_network_meetings_are_never_open_to_all(kind, audience):
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingFactory(kind=kind, audience=audience)


# --- who sees what ------------------------------------------------------------------------------------------------


def test_of_a_network_meeting_visitors_see_day_town_and_for_whom(client, client_of, contact):
    meeting = MeetingFactory(network=True, place="Ratssaal", town="48431 Rheine", summary="Nur für uns.")
    AgendaItemFactory(meeting=meeting, title="Geheimer Punkt")
    public, inside = page(client, meeting), page(client_of(contact), meeting)
    assert "Rheine" in public
    assert "für Mitglieder" in public
    for text in ("Ratssaal", "Geheimer Punkt", "Nur für uns."):
        assert text not in public
        assert text in inside


def test_the_summit_is_nowhere_public(client, client_of, contact, office):
    for row in (summit(), summit(day=today() - datetime.timedelta(days=400))):
        for reader in (client, client_of(contact)):
            assert reader.get(row.get_absolute_url()).status_code == 404
        assert client_of(office).get(row.get_absolute_url()).status_code == 200
    for name in ("meetings", "meetings_calendar", "meetings_feed", "sitemap", "start"):
        assert "gipfel" not in client.get(reverse(name)).content.decode().lower(), name
    assert "Gipfel der Probe" not in client.get(reverse("search"), {"q": "gipfel"}).content.decode()


def test_a_draft_is_seen_by_staff_alone(client, client_of, office):
    draft = MeetingFactory(state="draft")
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert "Entwurf" in page(client_of(office), draft)


def test_coming_and_past_dates_in_their_order(client):
    later, sooner = (MeetingFactory(title=f"In {days}", day=today() + datetime.timedelta(days=days)) for days in (9, 3))
    past = MeetingFactory(title="Vorbei", day=today() - datetime.timedelta(days=3))
    text = client.get(reverse("meetings")).content.decode()
    assert (
        text.index(sooner.title) < text.index(later.title) < text.index("Vergangene Termine") < text.index(past.title)
    )


def test_filters_by_kind_and_year(client):
    MeetingFactory(title="Ein Kurzformat", kind="short", venue="online")
    MeetingFactory(title="Ein Workshop")
    text = client.get(reverse("meetings"), {"art": "short"}).content.decode()
    assert "Ein Kurzformat" in text
    assert "Ein Workshop" not in text
    assert "Wählen Sie einen Eintrag aus der Liste." in client.get(reverse("meetings"), {"jahr": "1x"}).content.decode()


def test_what_is_announced_shows_at_once_on_the_kept_pages(client):
    meeting = MeetingFactory(state="draft")
    assert meeting.title not in client.get(reverse("start")).content.decode()
    planning.announce(meeting)
    for name in ("start", "meetings", "sitemap", "meetings_feed", "meetings_calendar"):
        found = client.get(reverse(name)).content.decode()
        assert meeting.title in found or meeting.get_absolute_url() in found, name


@pytest.mark.parametrize("name", ["meetings", "meetings_calendar", "meetings_feed", "sitemap"])
def test_lists_keep_their_number_of_queries(client, name, django_assert_max_num_queries):
    MeetingFactory.create_batch(30)
    with django_assert_max_num_queries(12):
        client.get(reverse(name))


# --- calendar -----------------------------------------------------------------------------------------------------


def calendar(client):
    return client.get(reverse("meetings_calendar")).content.decode()


def test_two_other_programs_read_the_calendar(client):
    MeetingFactory(title="Öffentlich, mit; Zeichen", day=FRIDAY, summary="Zeile eins\\n, „Zwei“ " * 8)
    MeetingFactory(title="Ganzer Tag", day=FRIDAY, begin_time=None, end_time=None)
    text = calendar(client)
    assert "TZID:Europe/Berlin" in text
    first = vobject.readOne(text)
    events = {event.summary.value: event for event in first.vevent_list}
    begin = events["Öffentlich, mit; Zeichen"].dtstart.value
    assert (begin.hour, begin.utcoffset()) == (10, datetime.timedelta(hours=1))
    assert events["Ganzer Tag"].dtend.value == FRIDAY + datetime.timedelta(days=1)
    second = {event.name: event for event in ics.Calendar(text).events}
    assert second["Öffentlich, mit; Zeichen"].begin.isoformat() == "2027-03-12T10:00:00+01:00"
    assert second["Ganzer Tag"].all_day


def test_a_change_and_a_cancellation_reach_the_calendar(client):
    meeting = MeetingFactory(day=FRIDAY)
    before = vobject.readOne(calendar(client)).vevent
    meeting.begin_time = datetime.time(11)
    planning.save(meeting)
    changed = vobject.readOne(calendar(client)).vevent
    planning.call_off(meeting, reason="", by=None)
    cancelled = vobject.readOne(calendar(client)).vevent
    assert before.uid.value == changed.uid.value == cancelled.uid.value
    assert int(before.sequence.value) < int(changed.sequence.value) < int(cancelled.sequence.value)
    assert changed.dtstart.value.hour == 11
    assert (before.status.value, cancelled.status.value) == ("CONFIRMED", "CANCELLED")


def test_the_online_link_stands_in_nothing_public(client):
    meeting = MeetingFactory(online=True)
    for text in (calendar(client), page(client, meeting), client.get(reverse("meetings_feed")).content.decode()):
        assert "treffen.example" not in text


# --- planning -----------------------------------------------------------------------------------------------------


def test_as_last_time_moves_all_days_and_lists_what_to_check(town):
    monday = datetime.date(2027, 3, 1)
    model = MeetingFactory(
        day=FRIDAY, register_until=monday, host=town, online=True, description="Wir treffen uns am 12. März 2027."
    )
    AgendaItemFactory(meeting=model, speaker_text="Ada Muster")
    new = planning.copy(model, day=FRIDAY + datetime.timedelta(days=187))  # a Wednesday
    assert (new.state, new.day, new.year) == ("draft", datetime.date(2027, 9, 15), 2027)
    assert new.register_until == datetime.date(2027, 9, 3)  # the Saturday becomes the Friday before
    assert new.agenda.get().speaker_text == "Ada Muster"
    assert new.online_link == ""
    assert new.uid != model.uid
    found = " ".join(planning.to_check(new))
    for text in ("12. März 2027", "Ada Muster", "Link", "Rheine"):
        assert text in found
    assert Meeting.objects.get(pk=model.pk).day == FRIDAY


def test_the_year_says_what_its_rhythm_lacks():
    MeetingFactory(network=True, day=FRIDAY)
    MeetingFactory(kind="short", day=FRIDAY, state="cancelled")
    remarks = {part.kind: part.remark for part in rhythm.year(2027)}
    assert remarks["network"] == "1 von 2 fehlen noch"
    assert remarks["summit"] == remarks["short"] == "fehlt noch"


def test_the_office_makes_a_meeting_and_announces_it(client_of, office, client):
    staff = client_of(office)
    values = {
        "kind": "workshop", "title": "Nachwuchs im Verein", "audience": "public", "day": "2027-03-12",
        "begin_time": "10:00", "end_time": "16:00", "last_day": "", "venue": "on_site", "takes_registrations": "on",
        "offer_hours": "48",
    }  # fmt: skip
    answer = staff.post(reverse("admin:meetings_meeting_add"), values)
    meeting = Meeting.objects.get()
    assert answer.url == reverse("meeting_board", args=[meeting.pk])
    assert meeting.state == "draft"
    staff.post(reverse("announce_meeting", args=[meeting.pk]))
    assert "Nachwuchs im Verein" in client.get(reverse("meetings")).content.decode()
