""" "Ich gebe das Thema ab": a contact person passes her function on by herself."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core.dates import long_date, today
from core.models import OutgoingMail
from members.handing_over import hand_over
from members.models import ContactPerson, Person
from tests.factories import ContactPersonFactory, PersonFactory
from users.models import AccessInvitation, User

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
NEW = {"form_of_address": "Frau", "title": "", "first_name": "Nele", "last_name": "Neu", "email": "nele@rheine.example"}


@pytest.fixture
def rosa(contact):
    return ContactPerson.objects.get(person__user=contact)


def send(client, contact, *, store=True, on=None, successor="known", **values):
    data = {"on": (on or today()).isoformat(), "successor": successor, **NEW, **values}
    data |= {"store": "1"} if store else {}
    return client.post(reverse("give_up", args=[contact.pk]), data, follow=True)


def test_before_anything_happens_she_reads_what_it_means(client_of, contact, rosa):
    page = send(client_of(contact), rosa, store=False).content.decode()
    assert f"Nele Neu wird heute unter nele@rheine.example eingeladen und ist ab {long_date(today())}" in page
    assert "Ihr Zugang endet sofort" in page
    assert not OutgoingMail.objects.exists()
    assert rosa.holds()
    assert not Person.objects.filter(last_name="Neu").exists()


def test_she_may_go_back_and_finds_what_she_entered(client_of, contact, rosa):
    page = send(client_of(contact), rosa, edit="1").content.decode()
    assert 'value="nele@rheine.example"' in page
    assert "Wer macht weiter" in page
    assert not OutgoingMail.objects.exists()


def test_today_means_at_once_in_every_session(client_of, client, contact, rosa, town):
    AccessInvitation.objects.create(user=contact, accepted_at=timezone.now())
    here, elsewhere = client_of(contact), client_of(contact)
    page = send(here, rosa)
    assert page.redirect_chain[-1][0] == reverse("start")
    assert "Danke für alles, was Sie eingebracht haben! Nele Neu hat eine E-Mail bekommen." in page.content.decode()
    assert [who.get(reverse("home")).status_code for who in (here, elsewhere)] == [302, 302]
    assert not User.objects.filter(pk=contact.pk).exists()
    assert [who.person.name for who in town.contacts.on()] == ["Nele Neu"]
    mails = dict(OutgoingMail.objects.values_list("kind", "to_address"))
    assert mails["members.function_ended"] == rosa.person.email
    assert mails["members.function_received"] == mails["users.access_invitation"] == "nele@rheine.example"
    gone = User.history.filter(id=contact.pk).first()
    assert (gone.history_type, gone.history_user, gone.actor_name) == ("-", None, rosa.person.name)


def test_a_successor_keeps_what_she_wished_elsewhere(rosa):
    other = ContactPersonFactory(email_visibility="office")
    new = hand_over(rosa, successor=other.person, on=today(), by=None)
    assert (new.name_visibility, new.email_visibility) == ("network", "office")


def test_a_day_to_come_ends_the_access_by_itself(client_of, contact, rosa, town):
    client = client_of(contact)
    on = today() + 10 * DAY
    preview = send(client, rosa, on=on, store=False).content.decode()
    assert f"Ihr Zugang endet am {long_date(on - DAY)}" in preview
    page = send(client, rosa, on=on)
    assert f"Sie geben das Thema zum {long_date(on)} ab." in page.content.decode()
    assert client.get(reverse("home")).status_code == 200
    assert town.contacts.on().count() == 2  # both, so that she can be shown the ropes
    assert "Schon eingetragen" in client.get(reverse("give_up", args=[rosa.pk])).content.decode()
    with time_machine.travel(timezone.now() + 10 * DAY):
        assert client.get(reverse("home")).status_code == 302
        assert [who.person.name for who in town.contacts.on()] == ["Nele Neu"]


def test_a_colleague_takes_over(client_of, contact, colleague, rosa, town):
    deputy = ContactPerson.objects.get(person__user=colleague)
    empty = dict.fromkeys(NEW, "")
    preview = send(client_of(contact), rosa, successor=str(deputy.person_id), store=False, **empty).content.decode()
    assert "ist schon dabei und ab" in preview
    send(client_of(contact), rosa, successor=str(deputy.person_id), **empty)
    lead = town.contacts.on().get()
    assert (lead.person, lead.is_deputy) == (deputy.person, False)


def test_the_successor_may_be_open(client_of, contact, office, rosa, town):
    empty = dict.fromkeys(NEW, "")
    preview = send(client_of(contact), rosa, successor="open", store=False, **empty).content.decode()
    assert "Rheine hat dann niemanden. Die Geschäftsstelle kümmert sich darum." in preview
    page = send(client_of(contact), rosa, successor="open", **empty).content.decode()
    assert "Die Geschäftsstelle sucht die Nachfolge." in page
    assert not town.contacts.on().exists()
    assert "Mitglied ohne Ansprechperson" in client_of(office).get(reverse("admin:index")).content.decode()


def test_whoever_answers_elsewhere_as_well_stays_in(client_of, contact, rosa, colleague):
    elsewhere = ContactPersonFactory(person=rosa.person)
    client = client_of(contact)
    preview = send(client, rosa, store=False).content.decode()
    assert f"Ihr Zugang bleibt, denn Sie sind auch für {elsewhere.municipality} zuständig." in preview
    page = send(client, rosa)
    assert page.redirect_chain[-1][0] == reverse("colleagues")
    assert client.get(reverse("home")).status_code == 200


def test_at_a_shared_mailbox_only_her_own_session_ends(client_of, contact, rosa, town):
    other = PersonFactory(first_name="Xaver", email=rosa.person.email, user=contact)
    ContactPersonFactory(person=other, municipality=town, is_deputy=True)
    mine, his = client_of(contact), client_of(contact)
    mine.post(reverse("choose_person"), {"person": rosa.person_id})
    his.post(reverse("choose_person"), {"person": other.pk})
    send(mine, rosa, successor=str(other.pk), **dict.fromkeys(NEW, ""))
    assert mine.get(reverse("home")).status_code == 302
    assert his.get(reverse("home")).status_code == 200


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"last_name": ""}, "Geben Sie den Nachnamen der neuen Person ein."),
        ({"email": ""}, "Geben Sie die E-Mail-Adresse der neuen Person ein."),
        ({"successor": ""}, "Wählen Sie, wer das Thema übernimmt"),
        ({"successor": "999999"}, "Wählen Sie, wer das Thema übernimmt"),
        ({"on": today() - DAY}, "Wählen Sie heute oder einen späteren Tag."),
        ({"on": today() + 400 * DAY}, "Wählen Sie einen Tag innerhalb des nächsten Jahres."),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_lost(client_of, contact, rosa, values, sentence):
    page = send(client_of(contact), rosa, **values).content.decode()
    assert sentence in page
    assert 'value="Nele"' in page
    assert ContactPerson.objects.on().get() == rosa


def test_what_the_action_refuses_stands_in_the_form(client_of, contact, rosa):
    ContactPerson.objects.update(started_on=today())
    page = send(client_of(contact), rosa).content.decode()
    assert "Wählen Sie einen späteren Tag" in page


@pytest.mark.parametrize("persona", ["colleague", "stranger", "office"])
def test_nobody_gives_up_for_another(request, client_of, rosa, persona):
    other = client_of(request.getfixturevalue(persona))
    assert send(other, rosa).status_code == 404
    assert rosa.holds()


def test_a_former_contact_person_has_nothing_to_give_up(client_of, contact, rosa):
    client = client_of(contact)
    ContactPerson.objects.update(ended_on=today() - DAY)
    assert client.post(reverse("give_up", args=[rosa.pk]), {"store": "1"}).status_code == 302
    assert not OutgoingMail.objects.exists()
