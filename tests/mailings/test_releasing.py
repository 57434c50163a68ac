"""Releasing: by a second person, with the number that was shown; what then goes out, to whom, and what is skipped."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core import actions as core_actions
from core import delivery
from core.models import Batch, MailState, OutgoingMail
from mailings import actions, releasing, worklist
from mailings.access import unsubscribing
from mailings.emails import link
from mailings.models import Mailing, Rubric
from mailings.subscribing import subscriber_of, unsubscribe
from meetings.models import Invitation
from tests.factories import ContactPersonFactory, MeetingFactory, PersonFactory
from tests.mailing_factories import MailingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa(town):
    return ContactPersonFactory(municipality=town, person__first_name="Rosa", person__last_name="Probe").person


@pytest.fixture
def mailing(office, rosa):
    return MailingFactory(author=office, submitted=True, subject="Neues", rubric=Rubric.FUNDING)


def release(mailing, by, expected=1, **values):
    return releasing.release(mailing, by=by, expected=expected, seen_at=mailing.changed_at, **values)


def send(*, later=Batch.HOLD):
    with time_machine.travel(timezone.now() + later):
        delivery.run_sender()


def refusal(mailing, by, **values) -> str:
    with pytest.raises(ValidationError) as caught:
        release(mailing, by, **values)
    return " ".join(caught.value.messages)


def test_a_second_person_releases_and_each_gets_it_once(mailing, chancellery, rosa, mailoutbox):
    released = release(mailing, chancellery)
    assert (released.state, released.released_by, released.batch.recipients) == ("sent", chancellery, 1)
    delivery.run_sender()
    assert mailoutbox == []  # a minute to take it back
    send()
    (letter,) = mailoutbox
    assert (letter.subject, letter.to) == ("Neues", [f"{rosa.name} <{rosa.email}>"])
    assert letter.body.startswith(f"Guten Tag {rosa.name},\n\nes gibt Neues.")


def test_the_page_says_what_became_of_each_and_lists_them(mailing, chancellery, client_of):
    release(mailing, chancellery)
    client, url = client_of(chancellery), reverse("mailing_release", args=[mailing.pk])
    Batch.objects.update(held_until=timezone.now())
    assert "1 noch nicht gesendet" in client.get(url).text
    send()
    page = client.get(url)
    assert "1 gesendet" in page.text
    ((label, count, listed),) = page.context["counts"]
    assert (label, count, listed in page.text.replace("&amp;", "&")) == ("gesendet", 1, True)
    assert "1 Zustellung" in client.get(listed).text


def test_the_author_cannot_release_her_own(mailing, office, settings):
    assert "selbst verfasst" in refusal(mailing, office)
    settings.MAILING_SECOND_PERSON = False
    assert release(mailing, office).is_sent


def test_of_two_who_release_the_second_is_told(mailing, chancellery, administrator):
    release(mailing, chancellery)
    assert refusal(mailing, administrator) == f"Die E-Mail ist schon freigegeben von {chancellery}."
    assert Batch.objects.count() == 1


def test_what_has_changed_since_is_read_again(mailing, chancellery, office, town):
    shown = mailing.changed_at
    actions.change(mailing, {"text": "Anders"}, by=office)
    with pytest.raises(ValidationError, match="inzwischen geändert"):
        releasing.release(mailing, by=chancellery, expected=1, seen_at=shown)
    mailing.refresh_from_db()
    ContactPersonFactory(municipality=town)
    assert refusal(mailing, chancellery) == "Die Auswahl hat sich geändert: 2 statt 1. Prüfen Sie sie noch einmal."


def test_an_audience_that_became_empty_is_nobody(mailing, chancellery, rosa):
    rosa.contact_functions.update(ended_on=timezone.localdate() - datetime.timedelta(days=1))
    assert refusal(mailing, chancellery) == releasing.NOBODY
    assert not OutgoingMail.objects.exists()


def test_a_block_of_something_gone_keeps_it_here(mailing, chancellery, office):
    meeting = MeetingFactory()
    actions.change(mailing, {"text": f"{{Termin: {meeting.year}/{meeting.slug}}}"}, by=office)
    mailing.refresh_from_db()
    meeting.delete()
    assert "gibt es nicht" in refusal(mailing, chancellery)


def test_planned_it_waits_and_then_goes_to_who_belongs_then(mailing, chancellery, town):
    planned = release(mailing, chancellery, planned_for=timezone.now() + datetime.timedelta(hours=2))
    assert (planned.state, planned.batch) == ("released", None)
    releasing.send_planned()
    assert Mailing.objects.get().is_planned
    ContactPersonFactory(municipality=town)
    with time_machine.travel(planned.planned_for):
        releasing.send_planned()
        releasing.send_planned()  # two clocks
    assert (Mailing.objects.get().state, Batch.objects.get().recipients) == ("sent", 2)


def test_a_planned_one_that_cannot_go_out_waits_for_a_person(mailing, chancellery, rosa):
    planned = release(mailing, chancellery, planned_for=timezone.now() + datetime.timedelta(hours=2))
    rosa.contact_functions.all().delete()
    with time_machine.travel(planned.planned_for):
        releasing.send_planned()
    mailing.refresh_from_db()
    assert (mailing.state, mailing.problem, mailing.released_by) == ("submitted", releasing.NOBODY, None)
    assert "ging nicht hinaus" in worklist.lines_for(chancellery)[0].text


def test_out_of_the_plan_it_is_a_draft_again(mailing, chancellery):
    planned = release(mailing, chancellery, planned_for=timezone.now() + datetime.timedelta(hours=2))
    assert actions.back_to_draft(planned).is_draft
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=3)):
        releasing.send_planned()
    assert not Batch.objects.exists()


def test_m16_unsubscribed_or_erased_after_the_release_is_skipped(mailing, chancellery, rosa, town, mailoutbox):
    gone = ContactPersonFactory(municipality=town).person
    release(mailing, chancellery, expected=2)
    unsubscribe(subscriber_of(rosa), [Rubric.FUNDING])
    gone.last_name = gone.first_name = gone.email = ""
    gone.save()
    send()
    rows = OutgoingMail.objects.filter(batch__isnull=False)
    assert {row.state for row in rows} == {MailState.SKIPPED}
    assert {row.reason for row in rows} == {
        "Die Person hat diese Informationen abbestellt.",
        "Die Person hat inzwischen eine andere Adresse oder ist gelöscht.",
    }
    assert [letter.subject for letter in mailoutbox] == ["Abbestellt: Förderung und Wettbewerbe"]


def test_information_can_be_unsubscribed_by_one_click_and_is_stored_once(mailing, chancellery, rosa, mailoutbox):
    release(mailing, chancellery)
    send()
    headers = mailoutbox[0].extra_headers
    address = link(subscriber_of(rosa), unsubscribing(Rubric.FUNDING))
    assert headers["List-Unsubscribe"] == f"<{address}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in mailoutbox[0].body
    assert (OutgoingMail.objects.get().text, OutgoingMail.objects.get().html) == ("", "")
    assert Mailing.objects.get().body_text == "Guten Tag {name},\n\nes gibt Neues."


def test_business_has_no_way_to_unsubscribe(office, chancellery, rosa, mailoutbox):
    release(MailingFactory(author=office), chancellery)
    send()
    assert "List-Unsubscribe" not in mailoutbox[0].extra_headers
    assert "abbestellen" not in mailoutbox[0].body.lower()
    assert "An eine Kollegin oder einen Kollegen weitergeben: http://testserver/weitergeben/" in mailoutbox[0].body


def test_an_invitation_bears_links_that_answer(office, chancellery, rosa, mailoutbox, client):
    meeting = MeetingFactory(title="Reden", access_note="Stufenlos.")
    mailing = actions.write_invitation(meeting, by=office)
    release(mailing, chancellery)
    invitation = Invitation.objects.get(meeting=meeting)
    assert (invitation.person, invitation.batch) == (rosa, Mailing.objects.get().batch)
    send()
    body = mailoutbox[0].body
    assert "Stufenlos." in body
    assert f"Guten Tag {rosa.name}," in body
    path = next(word for word in body.split() if "/einladung/" in word).removeprefix("http://testserver")
    assert client.get(path).status_code == 200


def test_who_answers_meanwhile_is_not_invited_any_more(office, chancellery, rosa):
    meeting = MeetingFactory()
    release(actions.write_invitation(meeting, by=office), chancellery)
    Invitation.objects.update(declined_at=timezone.now())
    send()
    assert OutgoingMail.objects.get().reason == "Die Person hat inzwischen geantwortet."


def test_taken_back_nothing_leaves_and_the_copy_invites_again(office, chancellery, rosa, mailoutbox):
    meeting = MeetingFactory()
    sent = release(actions.write_invitation(meeting, by=office), chancellery)
    core_actions.take_back(sent.batch, by=chancellery)
    send()
    assert mailoutbox == []
    again = actions.copy(Mailing.objects.get(), by=office)
    assert release(again, chancellery).batch.recipients == 1


def test_m17_above_500_the_number_is_typed(client_of, chancellery, mailing, monkeypatch):
    monkeypatch.setattr(releasing, "TYPED_ABOVE", 0)
    client, url = client_of(chancellery), reverse("mailing_release", args=[mailing.pk])
    page = client.get(url)
    shown = {name: page.context["form"][name].value() for name in ("anzahl", "stand")}
    assert "Tippen Sie die Zahl der Personen ein." in client.post(url, shown).text
    assert "Vergleichen Sie noch einmal: Es sind 1 Personen." in client.post(url, shown | {"typed": "3"}).text
    assert not Batch.objects.exists()
    page = client.post(url, shown | {"typed": "1"}, follow=True)
    assert "Empfänger: 1." in page.text


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"day": "2020-01-01", "time": "09:00"}, "Wählen Sie einen Zeitpunkt, der noch kommt"),
        ({"day": "2030-01-01"}, "gehören Tag und Uhrzeit"),
        ({"day": "9999-12-31", "time": "09:00"}, "höchstens ein Jahr voraus"),
        ({"stand": "gestern"}, "Laden Sie die Seite neu."),
        ({"anzahl": "viele"}, "ganze Zahl"),
    ],
)
def test_what_the_release_page_does_not_understand(client_of, chancellery, mailing, data, error):
    client, url = client_of(chancellery), reverse("mailing_release", args=[mailing.pk])
    page = client.get(url)
    shown = {name: page.context["form"][name].value() for name in ("anzahl", "stand")}
    assert error in str(client.post(url, shown | data).context["form"].errors)
    assert not Batch.objects.exists()


def test_heute_shows_who_has_to_decide(mailing, office, chancellery, contact):
    (own,), (other,) = worklist.lines_for(office), worklist.lines_for(chancellery)
    assert (own.group.slug, other.group.slug, other.label) == ("laufend", "entscheiden", "Prüfen")
    assert worklist.lines_for(contact) == []


def test_a_guest_without_function_can_be_reached(office, chancellery):
    guest = PersonFactory(last_name="Gast")
    mailing = MailingFactory(author=office, groups=[])
    mailing.added.add(guest)
    assert release(mailing, chancellery).batch.recipients == 1
