"""Dienstliches given on to a colleague: by personal link, to whom it may concern, once, and an invitation with it."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core import delivery
from core.actions import take_back
from core.models import Batch, Bounce, OutgoingMail
from mailings import releasing
from mailings.emails import pass_on_link
from mailings.models import PASSED_ON_FOR, PassedOn, Rubric
from mailings.passing_on import pass_on
from mailings.subscribing import subscriber_of
from meetings import actions as places
from meetings.models import Invitation
from members.addresses import save_person
from tests.factories import ContactPersonFactory, HeadFactory, MeetingFactory
from tests.mailing_factories import MailingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa(town):
    return ContactPersonFactory(municipality=town, person__first_name="Rosa", person__last_name="Probe").person


@pytest.fixture
def rudi(town):
    return ContactPersonFactory(municipality=town, person__first_name="Rudi", person__last_name="Muster").person


def sent_to(person, office, chancellery, **values):
    mailing = MailingFactory(author=office, groups=[], subject="Bitte antworten", **values)
    mailing.added.add(person)
    mailing = releasing.release(mailing, by=chancellery, expected=1, seen_at=mailing.changed_at)
    Batch.objects.update(held_until=timezone.now())
    return mailing


@pytest.fixture
def mailing(rosa, rudi, office, chancellery):
    return sent_to(rosa, office, chancellery)


def send() -> None:
    with time_machine.travel(timezone.now() + Batch.HOLD):
        delivery.run_sender()


def url_for(person, mailing) -> str:
    return pass_on_link(subscriber_of(person), mailing).removeprefix("http://testserver")


def test_the_foot_of_the_mail_leads_to_the_colleagues_and_one_of_them_gets_it(client, mailing, rudi, mailoutbox):
    send()
    url = next(word for word in mailoutbox[0].body.split() if "/weitergeben/" in word).removeprefix("http://testserver")
    page = client.get(url)
    assert "Rudi Muster, Rheine" in page.text
    assert not PassedOn.objects.exists()
    page = client.post(url, {"receiver": rudi.pk}, follow=True)
    assert "Weitergegeben an Rudi Muster." in page.text
    send()
    letter = mailoutbox[1]
    assert letter.to == [f"Rudi Muster <{rudi.email}>"]
    assert letter.body.startswith("Rosa Probe hat diese E-Mail an Sie weitergegeben.\n\nGuten Tag Rudi Muster,")
    assert "/weitergeben/" in letter.body


def test_nobody_gets_it_twice(client, mailing, rosa, rudi):
    for _ in range(2):
        client.post(url_for(rosa, mailing), {"receiver": rudi.pk})
    with pytest.raises(ValidationError, match="Rudi Muster hat diese E-Mail schon bekommen"):
        pass_on(mailing, giver=rosa, receiver=rudi)
    page = client.post(url_for(rudi, mailing), {"receiver": rosa.pk})
    assert "Auch im Verteiler: Rosa Probe." in page.text
    assert OutgoingMail.objects.filter(kind="mailings.business").count() == 2


def test_of_an_invitation_the_colleague_gets_her_own(client, rosa, rudi, town, office, chancellery, mailoutbox):
    mailing = sent_to(rosa, office, chancellery, invites_to=MeetingFactory(title="Reden"))
    page = client.post(url_for(rosa, mailing), {"receiver": rudi.pk}, follow=True)
    assert "Sie selbst gelten als verhindert." in page.text
    own, other = Invitation.objects.get(person=rosa), Invitation.objects.get(person=rudi)
    assert (own.declined_at is None, other.declined_at, other.municipality) == (False, None, town)
    send()
    letter = next(letter for letter in mailoutbox if rudi.email in letter.to[0])
    path = next(word for word in letter.body.split() if "/einladung/" in word).removeprefix("http://testserver")
    assert "Rudi Muster" in client.get(path).text


def test_taken_back_by_the_office_the_giver_is_invited_as_before(client, client_of, rosa, rudi, office, chancellery):
    mailing = sent_to(rosa, office, chancellery, invites_to=MeetingFactory(title="Reden"))
    client.post(url_for(rosa, mailing), {"receiver": rudi.pk})
    batch = PassedOn.objects.get().batch
    client_of(office).post(reverse("take_back_batch", args=[batch.pk]))
    assert list(Invitation.objects.sent().unanswered()) == [Invitation.objects.get(person=rosa)]
    page = client_of(office).get(reverse("mailing_release", args=[mailing.pk]))
    assert "zurückgenommen: <bdi>Rosa Probe</bdi> ist wieder selbst gefragt" in page.text
    assert "Rudi Muster" in (page := client.post(url_for(rosa, mailing), {"receiver": rudi.pk}, follow=True)).text
    assert "Weitergegeben an" in page.text
    assert Invitation.objects.sent().unanswered().get().person == rudi


def test_who_had_declined_herself_stays_so_when_it_is_taken_back(client, rosa, rudi, office, chancellery):
    mailing = sent_to(rosa, office, chancellery, invites_to=MeetingFactory())
    places.decline(Invitation.objects.get())
    client.post(url_for(rosa, mailing), {"receiver": rudi.pk})
    take_back(PassedOn.objects.get().batch, by=office)
    assert Invitation.objects.get(person=rosa).declined_at


def test_a_head_gives_it_on_to_the_contact_persons(client, rudi, town, office, chancellery):
    head = HeadFactory(municipality=town).person
    mailing = sent_to(head, office, chancellery)
    client.post(url_for(head, mailing), {"receiver": rudi.pk})
    assert PassedOn.objects.get().receiver == rudi


def test_who_has_left_meanwhile_can_still_name_who_follows(client, mailing, rosa, rudi):
    later = timezone.now() + datetime.timedelta(days=10)
    rosa.contact_functions.update(ended_on=timezone.localdate() + datetime.timedelta(days=5))
    with time_machine.travel(later):
        assert "Rudi Muster" in client.get(url_for(rosa, mailing)).text


def test_whoever_got_it_by_a_colleague_finds_it_in_the_archive(client, client_of, rosa, rudi, office, chancellery):
    mailing = sent_to(rosa, office, chancellery, archive="nobody")
    own = reverse("own_mailing", args=[mailing.pk])
    assert client_of(rudi.user).get(own).status_code == 404
    client.post(url_for(rosa, mailing), {"receiver": rudi.pk})
    assert client_of(rudi.user).get(own).status_code == 200


def test_a_mailbox_that_takes_nothing_is_not_offered(client, mailing, rosa, rudi):
    for _ in range(2):
        mail = OutgoingMail.objects.create(to_address=rudi.email, kind="x", mail_class="business")
        Bounce.objects.create(mail=mail, address=rudi.email, points=Bounce.HARD)
    assert "Rudi Muster" not in client.get(url_for(rosa, mailing)).text


def test_a_stranger_is_no_colleague(client, mailing, rosa, rudi):
    stranger = ContactPersonFactory().person
    for wrong in (stranger.pk, rosa.pk, "0", "\x00", ""):
        page = client.post(url_for(rosa, mailing), {"receiver": wrong})
        assert "Wählen Sie eine Person aus" in page.text
    assert not PassedOn.objects.exists()


def test_alone_one_is_told_what_to_do(client, rosa, office, chancellery):
    page = client.get(url_for(rosa, sent_to(rosa, office, chancellery)))
    assert "Für Ihre Kommune ist niemand sonst eingetragen." in page.text


def test_after_three_months_or_when_the_meeting_is_over_it_is_too_late(
    client, mailing, rosa, rudi, office, chancellery
):
    invitation = sent_to(rosa, office, chancellery, invites_to=MeetingFactory())
    with time_machine.travel(timezone.now() + PASSED_ON_FOR):
        for row in (mailing, invitation):
            page = client.post(url_for(rosa, row), {"receiver": rudi.pk})
            assert "lässt sich nicht mehr weitergeben" in page.text
    assert not PassedOn.objects.exists()


def test_information_and_what_was_taken_back_lead_nowhere(client, rosa, office, chancellery):
    information = sent_to(rosa, office, chancellery, rubric=Rubric.FUNDING)
    taken_back = sent_to(rosa, office, chancellery)
    Batch.objects.filter(mailing=taken_back).update(taken_back_at=timezone.now())
    for row in (information, taken_back):
        assert client.get(url_for(rosa, row)).status_code == 404


def test_the_link_of_another_mailing_is_no_key(client, mailing, rosa, office, chancellery):
    other = sent_to(rosa, office, chancellery)
    token = url_for(rosa, mailing).split("/")[-2]
    assert client.get(reverse("pass_on", args=[other.pk, token])).status_code == 404


def test_through_a_mail_to_a_former_address_nobody_sees_the_colleagues(client, mailing, rosa, rudi, office):
    url = url_for(rosa, mailing)
    rosa.email = "rosa@neu.example"
    save_person(rosa, by=office)
    page = client.post(url, {"receiver": rudi.pk})
    assert page.status_code == 404
    assert rudi.name not in page.text
    assert not PassedOn.objects.exists()
    assert rudi.name in client.get(url_for(rosa, mailing)).text


def test_the_office_sees_who_gave_it_to_whom(client_of, client, office, mailing, rosa, rudi):
    client.post(url_for(rosa, mailing), {"receiver": rudi.pk})
    page = client_of(office).get(reverse("mailing_release", args=[mailing.pk]))
    assert "<bdi>Rosa Probe</bdi> an <bdi>Rudi Muster</bdi>" in page.text
