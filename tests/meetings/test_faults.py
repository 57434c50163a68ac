"""What goes wrong in real life: mail gateways that open links, meetings called off midway, late and forged links."""

import datetime
import re
from html import unescape

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from core import delivery
from core.links import token_for
from core.models import Batch, MailState, OutgoingMail
from meetings import access, actions, planning
from meetings.models import Invitation, Registration
from members.models import ContactPerson, Person
from tests.factories import ContactPersonFactory, MeetingFactory, PersonFactory

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


def register(meeting, count=1, mode="on_site"):
    return [actions.register(meeting, person=PersonFactory(), mode=mode) for _ in range(count)]


def send_all():
    with time_machine.travel(timezone.now() + Batch.HOLD + HOUR / 60):
        delivery.run_sender()


def states(kind):
    rows = OutgoingMail.objects.filter(kind=f"meetings.{kind}").order_by("pk")
    return [MailState(state) for state in rows.values_list("state", flat=True)]


# --- a scanner opens every link -----------------------------------------------------------------------------------


def stored():
    """Every row of meetings and people as it is."""
    models = [*apps.get_app_config("meetings").get_models(), Person, OutgoingMail]
    return {model: list(model._default_manager.order_by("pk").values_list()) for model in models}


def links_in(letters):
    """All addresses of the portal in text, in HTML, and in the calendar entries."""
    texts = []
    for letter in letters:
        for part in letter.message().walk():
            if part.get_content_maintype() == "text":
                texts.append(unescape(part.get_payload(decode=True).decode()).replace("\r\n ", ""))
    found = re.findall(r"https?://[^/\s\"'<>]+(/[^\s\"'<>\\)]*)", "\n".join(texts))
    return {path.rstrip(".,") for path in found}


def test_a_scanner_that_opens_every_link_of_every_mail_changes_nothing(client, town):
    meeting = MeetingFactory(seats_on_site=1)
    goes, waits = register(meeting, 2)
    actions.register_guest(meeting, person=PersonFactory.build(email="gast@verein.example"), mode="on_site")
    contact = ContactPersonFactory(municipality=town)
    planning.invite(meeting, ContactPerson.objects.filter(pk=contact.pk), by=None)
    actions.give_place(waits)
    actions.cancel(goes)
    meeting.refresh_from_db()
    meeting.place = "Rathaus"
    planning.save(meeting)
    planning.tell_change(meeting, by=None)
    send_all()
    paths = {path for path in links_in(mail.outbox) if re.match(r"/(anmeldung|einladung)/", path)}
    assert len(paths) >= 5, paths
    before = stored()
    for path in sorted(paths):
        for method in (client.head, client.get):
            assert method(path).status_code == 200, path
    assert stored() == before


# --- called off while mails are going out ---------------------------------------------------------------------------


def test_called_off_in_the_middle_of_a_batch_stops_the_rest_and_tells_everybody_once(monkeypatch):
    meeting = MeetingFactory()
    rows = register(meeting, 4)
    OutgoingMail.objects.update(state=MailState.SENT)  # the confirmations of weeks ago
    meeting.place = "Rathaus"
    planning.save(meeting)
    planning.tell_change(meeting, by=None)
    monkeypatch.setattr(delivery, "RUN_ROWS", 2)
    send_all()
    assert states("changed") == [MailState.SENT] * 2 + [MailState.PENDING] * 2
    for _ in range(2):  # pressed twice
        planning.call_off(meeting, reason="Die Referentin ist erkrankt.", by=None)
    monkeypatch.undo()
    send_all()
    assert states("changed") == [MailState.SENT] * 2 + [MailState.SKIPPED] * 2
    told = OutgoingMail.objects.filter(kind="meetings.called_off", state=MailState.SENT)
    assert sorted(told.values_list("recipient_key", flat=True)) == sorted(row.person.key for row in rows)


def test_who_moves_up_at_the_last_moment_of_a_meeting_called_off_hears_only_that(client):
    meeting = MeetingFactory(seats_on_site=1)
    goes, waits = register(meeting, 2)
    actions.cancel(goes)
    planning.call_off(meeting, reason="", by=None)
    send_all()
    rows = OutgoingMail.objects.filter(recipient_key=waits.person.key, state=MailState.SENT)
    assert list(rows.values_list("kind", flat=True)) == ["meetings.called_off"]


def test_nobody_registers_or_confirms_once_it_is_called_off(client):
    meeting = MeetingFactory()
    page = reverse("register", args=[meeting.year, meeting.slug])
    guest = actions.register_guest(meeting, person=PersonFactory.build(email="gast@verein.example"), mode="on_site")
    planning.call_off(meeting, reason="", by=None)
    confirm = reverse("confirm_registration", args=[token_for(guest, access.OWN_PLACE)])
    values = {"first_name": "Gerda", "last_name": "Gast", "email": "gerda@verein.example"}
    assert "fällt aus" in client.post(page, values, follow=True).content.decode()
    assert "abgesagt" in client.post(confirm, follow=True).content.decode()
    assert [row.state for row in Registration.objects.all()] == ["unconfirmed"]


# --- late and forged links ------------------------------------------------------------------------------------------

_BY_PLACE = ("registration", "confirm_registration", "cancel_registration", "accept_place", "registration_calendar")


@pytest.mark.parametrize("name", [*_BY_PLACE, "own_certificate"])
def test_a_link_of_another_kind_opens_no_registration(client, name):
    row = register(MeetingFactory())[0]
    for purpose in (access.CHECKING_IN, access.ANSWERING, access.SUBSCRIBING):
        path = reverse(name, args=[token_for(row, purpose)])
        assert {client.get(path).status_code, client.post(path).status_code} <= {404, 405}
    assert Registration.objects.get().has_place


def test_a_code_for_the_door_is_for_staff_alone(client, client_of, contact):
    row = register(MeetingFactory())[0]
    path = reverse("check_in", args=[token_for(row, access.CHECKING_IN)])
    for reader in (client, client_of(contact)):
        reader.post(path)
    assert not Registration.objects.get().was_present


def test_a_guest_who_confirms_too_late_reads_what_to_do(client):
    meeting = MeetingFactory()
    row = actions.register_guest(meeting, person=PersonFactory.build(email="gast@verein.example"), mode="on_site")
    path = reverse("confirm_registration", args=[token_for(row, access.OWN_PLACE)])
    with time_machine.travel(timezone.now() + 49 * HOUR):
        answer = client.post(path, follow=True)  # the clock has not come by yet
        assert "Melden Sie sich noch einmal an" in answer.content.decode()
        assert answer.redirect_chain == [(meeting.get_absolute_url(), 302)]
        actions.keep_moving()
        gone = client.post(path)
    assert gone.status_code == 404
    assert "Link" in gone.content.decode()
    assert not Registration.objects.exists()


def test_an_invitation_says_when_it_is_too_late(client):
    meeting = MeetingFactory(network=True)
    asked = Invitation.objects.create(meeting=meeting, person=PersonFactory())
    path = reverse("invitation", args=[token_for(asked, access.ANSWERING)])
    with time_machine.travel(meeting.begins_at + HOUR):
        assert "hat begonnen" in client.get(path).content.decode()
        client.post(path)
    planning.call_off(meeting, reason="", by=None)
    assert "fällt aus" in client.get(path).content.decode()
    client.post(path)
    assert not Registration.objects.exists()


def test_r3_two_tabs_one_registration_and_the_second_says_how_it_stands(client):
    meeting = MeetingFactory(network=True)
    asked = Invitation.objects.create(meeting=meeting, person=PersonFactory())
    path = reverse("invitation", args=[token_for(asked, access.ANSWERING)])
    pages = [client.post(path, {"food": food}, follow=True).content.decode() for food in ("vegan", "")]
    assert all("Sie sind angemeldet." in page for page in pages)
    assert Registration.objects.get().food == "vegan"
    assert OutgoingMail.objects.count() == 1
