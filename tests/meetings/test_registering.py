"""Registering on the pages: signed in, as a guest, from an invitation; changing and cancelling by personal link."""

import datetime
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core import delivery
from core.dates import today
from core.links import token_for
from core.models import Batch, MailState, OutgoingMail
from meetings import access, actions, planning
from meetings.models import Invitation, Registration
from meetings.privacy import forget_needs
from members.models import ContactPerson
from netzwerk.forgetting import erase, request_erasure
from tests.factories import AgendaItemFactory, ContactPersonFactory, MeetingFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return MeetingFactory(title="Junge Menschen gewinnen", seats_on_site=1)


@pytest.fixture
def rosa(contact):
    return contact.persons.get()


def text(response):
    return response.content.decode()


def first_line(client, meeting):
    """What the page says first: how things stand for the reader."""
    return re.search(r'status-line__state">([^<]+)<', text(client.get(meeting.get_absolute_url())))[1]


def link(row):
    return reverse("registration", args=[token_for(row, access.OWN_PLACE)])


def by_link(row, name):
    return reverse(name, args=[token_for(row, access.OWN_PLACE)])


def send_all():
    """Let the minute of batches pass and all mail go out."""
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2)):
        delivery.run_sender()


# --- signed in ------------------------------------------------------------------------------------------------------


def test_two_clicks_and_the_page_says_so_first(client_of, contact, rosa, workshop, town):
    client = client_of(contact)
    assert first_line(client, workshop) == "Noch 1 Platz frei."
    answer = client.post(reverse("register", args=[workshop.year, workshop.slug]), {"is_listed": "on"}, follow=True)
    assert "Sie sind angemeldet. Die Bestätigung mit Kalendereintrag kommt per E-Mail." in text(answer)
    assert first_line(client, workshop) == "Sie sind angemeldet."
    row = Registration.objects.get()
    assert (row.person, row.municipality, row.is_listed) == (rosa, town, True)
    assert "angemeldet" in text(client.get(reverse("meetings")))
    # The form of an old page: sent again, it changes nothing.
    assert client.post(reverse("register", args=[workshop.year, workshop.slug])).status_code == 302
    assert OutgoingMail.objects.filter(kind="meetings.registered").count() == 1


def test_who_comes_too_late_sees_her_place_in_line(client_of, contact, workshop):
    for _ in range(3):
        actions.register(workshop, person=PersonFactory(), mode="on_site")
    client = client_of(contact)
    assert first_line(client, workshop) == "Alle Plätze sind vergeben."
    form = text(client.get(reverse("register", args=[workshop.year, workshop.slug])))
    assert "Auf die Warteliste setzen" in form
    assert "Verbindlich anmelden" not in form
    client.post(reverse("register", args=[workshop.year, workshop.slug]))
    assert first_line(client, workshop) == "Platz 3 auf der Warteliste (vor Ort)."


def test_colleagues_are_registered_along_each_with_her_own_mail(client_of, contact, colleague, rosa):
    meeting = MeetingFactory()
    other = colleague.persons.get()
    client_of(contact).post(reverse("register", args=[meeting.year, meeting.slug]), {"along": [other.pk]})
    rows = {row.person: row for row in Registration.objects.all()}
    assert rows.keys() == {rosa, other}
    assert rows[other].registered_by == rosa
    told = OutgoingMail.objects.filter(kind="meetings.registered").values_list("to_address", flat=True)
    assert sorted(told) == sorted([rosa.email, other.email])


def test_nobody_registers_a_stranger_along(client_of, contact, colleague, stranger):
    meeting = MeetingFactory()
    person = stranger.persons.get()
    answer = client_of(contact).post(reverse("register", args=[meeting.year, meeting.slug]), {"along": [person.pk]})
    assert "Wählen Sie Personen aus der Liste." in text(answer)
    assert not Registration.objects.exists()


def test_a_choice_of_parallel_items_is_asked_for(client_of, contact):
    meeting = MeetingFactory()
    first, second = (AgendaItemFactory(meeting=meeting, choice_round=1, title=title) for title in ("Eins", "Zwei"))
    client, url = client_of(contact), reverse("register", args=[meeting.year, meeting.slug])
    assert "Wählen Sie einen der Punkte." in text(client.post(url, {"first_1": "x"}))
    assert "etwas anderes" in text(client.post(url, {"first_1": first.pk, "second_1": first.pk}))
    client.post(url, {"first_1": second.pk, "second_1": first.pk})
    assert Registration.objects.get().given_items == [second]


def test_a_visitor_is_led_to_the_sign_in_for_a_meeting_of_members(client):
    meeting = MeetingFactory(network=True)
    answer = client.get(reverse("register", args=[meeting.year, meeting.slug]))
    assert answer.url.startswith(reverse("account_login"))
    assert first_line(client, meeting) == "Für Mitglieder des Netzwerks"


# --- guests ---------------------------------------------------------------------------------------------------------

GUEST = {"first_name": "Gerda", "last_name": "Gast", "email": "gerda@verein.example", "organisation": "Verein"}


def test_a_guest_registers_and_confirms_by_mail(client, workshop):
    answer = client.post(reverse("register", args=[workshop.year, workshop.slug]), GUEST)
    assert "gerda@verein.example" in text(answer)
    row = Registration.objects.get()
    send_all()
    path = re.search(r"/anmeldung/[a-z2-7]{52}/", OutgoingMail.objects.get().text)
    assert path is None  # cut out of what is kept; the mail itself had it
    assert "Noch nicht angemeldet" in text(client.get(link(row)))
    assert Registration.objects.get().is_unconfirmed  # opening changes nothing
    client.post(by_link(row, "confirm_registration"))
    assert "Sie sind angemeldet." in text(client.get(link(row)))
    assert Registration.objects.get().has_place


def test_a_form_without_a_name_says_what_to_do(client, workshop):
    found = text(client.post(reverse("register", args=[workshop.year, workshop.slug]), {"email": "gerda@"}))
    for sentence in ("Geben Sie Ihren Vornamen ein.", "Geben Sie Ihren Nachnamen ein.", "vollständige E-Mail-Adresse"):
        assert sentence in found


# --- by link --------------------------------------------------------------------------------------------------------


def test_an_invitation_is_answered_without_signing_in(client, town):
    meeting = MeetingFactory(network=True)
    contact = ContactPersonFactory(municipality=town)
    planning.invite(meeting, ContactPerson.objects.filter(pk=contact.pk), by=None)
    invitation = Invitation.objects.get()
    url = reverse("invitation", args=[token_for(invitation, access.ANSWERING)])
    for _ in range(3):  # a scanner opens every link
        assert contact.person.name in text(client.get(url))
        client.get(reverse("decline_invitation", args=[token_for(invitation, access.ANSWERING)]))
    assert not Registration.objects.exists()
    assert Invitation.objects.get().declined_at is None
    answer = client.post(url, follow=True)
    assert "Sie sind angemeldet." in text(answer)
    assert Registration.objects.get().municipality == town
    assert "Sie sind angemeldet." in text(client.get(url, follow=True))  # who has answered sees how it stands


def test_who_declines_says_so_once_and_may_think_again(client, rosa):
    meeting = MeetingFactory(network=True)
    invitation = Invitation.objects.create(meeting=meeting, person=rosa)
    token = token_for(invitation, access.ANSWERING)
    assert "Danke für Ihre Antwort" in text(client.post(reverse("decline_invitation", args=[token]), follow=True))
    assert not Invitation.objects.unanswered().exists()
    client.post(reverse("invitation", args=[token]))
    assert Registration.objects.get().has_place


@pytest.mark.parametrize("name", ["registration", "invitation", "decline_invitation", "confirm_registration"])
def test_forged_links_get_a_friendly_page(client, name):
    method = client.post if name == "confirm_registration" else client.get
    answer = method(reverse(name, args=["a" * 52]))
    assert answer.status_code == 404
    assert "Link" in text(answer)


def test_changing_and_cancelling_by_link(client, workshop):
    row = actions.register(workshop, person=PersonFactory(), mode="on_site")
    waiting = actions.register(workshop, person=PersonFactory(), mode="on_site")
    client.post(link(row), {"food": "vegan"})
    assert Registration.objects.get(pk=row.pk).food == "vegan"
    assert "Sie haben abgesagt." in text(client.post(by_link(row, "cancel_registration"), follow=True))
    assert "Sie sind angemeldet." in text(client.get(link(waiting)))
    client.post(by_link(row, "cancel_registration"))  # the back button, and once more
    assert OutgoingMail.objects.filter(kind="meetings.unregistered").count() == 1


def test_an_offered_place_is_accepted_with_one_press(client, workshop):
    row = actions.register(workshop, person=PersonFactory(), mode="on_site")
    waiting = actions.register(workshop, person=PersonFactory(), mode="on_site")
    with time_machine.travel(workshop.begins_at - datetime.timedelta(hours=20)):
        actions.cancel(row)
        assert "Platz annehmen" in text(client.get(link(waiting)))
        client.post(by_link(waiting, "accept_place"))
        assert "Sie sind angemeldet." in text(client.get(link(waiting)))


def test_the_online_link_is_for_those_registered(client):
    meeting = MeetingFactory(online=True, seats_online=1)
    placed, waiting = (actions.register(meeting, person=PersonFactory(), mode="online") for _ in range(2))
    assert "treffen.example" in text(client.get(link(placed)))
    assert "treffen.example" not in text(client.get(link(waiting)))
    assert "treffen.example" in text(client.get(by_link(placed, "registration_calendar")))


def test_the_own_calendar_follows_and_ends(client, client_of, contact, rosa):
    row = actions.register(MeetingFactory(), person=rosa, mode="on_site")
    own = client_of(contact)
    own.post(reverse("subscribe_calendar"))
    url = re.search(r"/kalender/[a-z2-7]+\.ics", text(own.get(reverse("own_registrations"))))[0]
    assert row.meeting.title in text(client.get(url))
    actions.cancel(row)
    assert "STATUS:CANCELLED" in text(client.get(url))
    own.post(reverse("subscribe_calendar"), {"beenden": "1"})
    assert client.get(url).status_code == 404


# --- mails ----------------------------------------------------------------------------------------------------------


def entry_of(mail):
    files = mail.attachments or []
    return files[0]["text"].replace("\r\n ", "") if files else ""


def test_mails_bring_entry_update_and_cancellation(workshop, settings):
    settings.DEMO = True  # keeps what was attached
    row = actions.register(workshop, person=PersonFactory(), mode="on_site")
    delivery.run_sender()
    workshop.begin_time = datetime.time(11)
    planning.save(workshop)
    planning.tell_change(workshop, by=None)
    send_all()
    planning.call_off(workshop, reason="Die Referentin ist erkrankt.", by=None)
    send_all()
    mails = list(OutgoingMail.objects.filter(recipient_key=row.person.key).order_by("pk"))
    assert [mail.kind for mail in mails] == ["meetings.registered", "meetings.changed", "meetings.called_off"]
    entries = [entry_of(mail) for mail in mails]
    assert ["METHOD:CANCEL" in entry for entry in entries] == [False, False, True]
    numbers = [int(re.search(r"SEQUENCE:(\d+)", entry)[1]) for entry in entries]
    assert numbers == sorted(set(numbers))
    assert len({re.search(r"UID:(\S+)", entry)[1] for entry in entries}) == 1
    assert "T110000" in entries[1]
    assert "Die Referentin ist erkrankt." in mails[2].text


def test_a_change_is_told_to_exactly_those_concerned(workshop):
    rows = [actions.register(workshop, person=PersonFactory(), mode="on_site") for _ in range(3)]
    actions.cancel(rows[0])
    assert planning.tell_change(workshop, by=None) is None  # nothing has changed
    workshop.place = "Rathaus"
    planning.save(workshop)
    batch = planning.tell_change(workshop, by=None)
    keys = set(OutgoingMail.objects.filter(batch=batch).values_list("recipient_key", flat=True))
    assert keys == {row.person.key for row in rows[1:]}
    assert planning.tell_change(workshop, by=None) is None  # told once


def test_called_off_while_mails_go_out(workshop, rosa, contact):
    planning.invite(workshop, ContactPerson.objects.filter(person=rosa), by=None)
    planning.call_off(workshop, reason="", by=None)
    send_all()
    assert OutgoingMail.objects.get(kind="meetings.invitation").state == MailState.SKIPPED


def test_nobody_is_invited_twice_and_a_batch_taken_back_counts_as_none(workshop, rosa, contact):
    contacts = ContactPerson.objects.filter(person=rosa)
    batch = planning.invite(workshop, contacts, by=None)
    assert planning.invitable(workshop, contacts) == []
    Batch.objects.filter(pk=batch.pk).update(taken_back_at=timezone.now())
    assert [row.person for row in planning.invitable(workshop, contacts)] == [rosa]
    assert planning.invite(workshop, contacts, by=None).recipients == 1


# --- what is forgotten ----------------------------------------------------------------------------------------------


def test_needs_are_forgotten_two_weeks_after_the_meeting_also_in_the_history(workshop):
    details = actions.Details(access_needs="Rollstuhl", food="vegan", topic_wish="Schulen")
    row = actions.register(workshop, person=PersonFactory(), mode="on_site", details=details)
    for days, left in ((14, "vegan"), (15, "")):
        with time_machine.travel(workshop.ends_at + datetime.timedelta(days=days)):
            forget_needs()
        assert Registration.objects.get(pk=row.pk).food == left
    assert not hasattr(Registration.history.first(), "food")
    assert Registration.objects.get(pk=row.pk).topic_wish == "Schulen"


def test_an_erased_person_stays_as_a_number(workshop, administrator, office):
    row = actions.register(
        workshop, person=PersonFactory(), mode="on_site", details=actions.Details(topic_wish="Schulen")
    )
    waits = actions.register(workshop, person=PersonFactory(), mode="on_site")
    past = MeetingFactory(day=today() - datetime.timedelta(days=1))
    was_there = actions.register(past, person=row.person, mode="on_site", by_staff=True, over_limit=True)
    request_erasure(row.person, by=office)
    erase(row.person, by=administrator)
    row, was_there, waits = (Registration.objects.get(pk=one.pk) for one in (row, was_there, waits))
    assert (was_there.has_place, was_there.person.is_erased) == (True, True)
    assert (row.is_cancelled, row.topic_wish) == (True, "")
    assert waits.has_place
