""" "Stimmt noch?" by personal link, without an account, and a new link for an old one."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import delivery
from core.dates import today
from core.links import token_for, withdraw
from core.models import MailState, OutgoingMail
from members import confirming
from members.access import CONFIRMING
from members.models import Confirmation, ContactPerson, Person
from tests.factories import ContactPersonFactory, ProfileFactory

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def rosa(town):
    """Contact person who never had an account."""
    return ContactPersonFactory(municipality=town, person__user=None, person__email="rosa@rheine.example")


@pytest.fixture
def link(rosa):
    confirming.ask(ContactPerson.objects.filter(pk=rosa.pk), title="Stimmt noch?", by=None)
    return page_of(Confirmation.objects.get())


def page_of(confirmation):
    return reverse("confirmation", args=[token_for(confirmation, CONFIRMING)])


def days_later(days):
    return time_machine.travel(timezone.now() + days * DAY, tick=False)


def correct(client, link, contact, **values):
    person = contact.person
    stored = {"first_name": person.first_name, "last_name": person.last_name, "phone": person.phone}
    return client.post(link, stored | values, follow=True)


def test_the_mail_leads_to_the_page_and_one_button_confirms(client, rosa, link):
    profile = ProfileFactory(municipality=rosa.municipality, office_name="Stabsstelle Ehrenamt")
    with days_later(1):
        delivery.run_sender()
    address = re.search(r"https?://[^/]+(/angaben/\w+/)\n", mail.outbox[0].body)[1]
    page = client.get(address).content.decode()
    assert f"Diese Seite ist für <bdi>{rosa.person.name}</bdi>." in page
    assert "Noch nicht bestätigt" in page
    assert "Stabsstelle Ehrenamt" in page
    page = client.post(f"{address}bestaetigen/", follow=True).content.decode()
    assert "Danke, bestätigt am" in page
    assert "wieder nach." in page
    profile.refresh_from_db()
    assert profile.confirmed_on == today()


def test_the_link_is_in_the_mail_but_not_in_the_queue(link):
    with days_later(1):
        delivery.run_sender()
    assert mail.outbox[0].body.count(link) == 2
    kept = OutgoingMail.objects.get()
    assert kept.text.count("/angaben/[Link]/") == kept.html.count("/angaben/[Link]/") == 2
    assert "Alles stimmt" in kept.text


def test_m15_opening_confirms_nothing_however_often(client, link):
    for query in ("", "?aendern", "?aendern#aendern"):
        for _ in range(3):
            assert client.get(link + query).status_code == 200
            assert client.head(link + query).status_code == 200
    assert client.get(f"{link}bestaetigen/").status_code == 405
    assert Confirmation.objects.get().confirmed_at is None


def test_what_changed_is_stored_without_an_account(client, rosa, link):
    page = correct(client, link, rosa, phone="05971 999", position="Fachbereich 5", office_name="Stabsstelle")
    assert "Geändert: Telefon, Stelle, Anlaufstelle. Alles andere ist bestätigt." in page.content.decode()
    rosa.refresh_from_db()
    rosa.person.refresh_from_db()
    assert (rosa.person.phone, rosa.position) == ("05971 999", "Fachbereich 5")
    assert rosa.municipality.profile.office_name == "Stabsstelle"
    assert Confirmation.objects.get().confirmed_at


def test_a_web_address_is_taken_as_people_type_it(client, rosa, link):
    correct(client, link, rosa, office_website="rheine.de/ehrenamt")
    assert rosa.municipality.profile.office_website == "https://rheine.de/ehrenamt"


def test_a_page_left_open_undoes_nothing(client, rosa, link):
    html = client.get(link).content.decode()
    seen = dict(re.findall(r'<input type="hidden" name="(initial-\w+)"(?: value="([^"]*)")?', html))
    Person.objects.filter(pk=rosa.person_id).update(phone="05971 111")
    correct(client, link, rosa, position="Fachbereich 5", **seen)
    rosa = ContactPerson.objects.get(pk=rosa.pk)
    assert (rosa.position, rosa.person.phone) == ("Fachbereich 5", "05971 111")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"last_name": ""}, "Geben Sie Ihren Nachnamen ein."),
        ({"office_email": "keine"}, "Geben Sie eine vollständige E-Mail-Adresse ein."),
        ({"last_name": "Neu\nBcc: alle@stadt.example"}, "Schreiben Sie den Text in eine einzige Zeile."),
        ({"form_of_address": "Dr."}, "Wählen Sie"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client, rosa, link, values, sentence):
    page = correct(client, link, rosa, **{"phone": "05971 999"} | values).content.decode()
    assert sentence in page
    assert 'value="05971 999"' in page
    assert re.search(r'<details class="fold" id="aendern" open', page)
    rosa.person.refresh_from_db()
    assert rosa.person.phone != "05971 999"


def test_a10_the_link_changes_no_address_and_nobody_else(client, rosa, link, contact, stranger):
    other = ContactPerson.objects.get(person__user=stranger)
    forged = {"email": "boese@fremd.example", "email_visibility": "public", "user": contact.pk, "municipality": 1}
    correct(client, link, rosa, phone="05971 999", person=other.person_id, is_deputy="on", **forged)
    rosa.refresh_from_db()
    rosa.person.refresh_from_db()
    assert (rosa.person.email, rosa.person.user, rosa.person.phone) == ("rosa@rheine.example", None, "05971 999")
    assert (rosa.email_visibility, rosa.is_deputy, rosa.municipality.name) == ("network", False, "Rheine")
    other.person.refresh_from_db()
    assert other.person.phone == "0251 12345"


def test_a_colleague_who_answered_is_named(client, rosa, link, contact):
    confirming.ask(ContactPerson.objects.filter(person__user=contact), title="Stimmt noch?", by=None)
    confirming.confirm(Confirmation.objects.get(contact__person__user=contact))
    page = client.get(link).content.decode()
    assert "für Rheine bestätigt." in page
    assert "Stimmt auch, was über Sie selbst eingetragen ist?" in page


def test_the_numbers_of_colleagues_are_not_in_the_link(client, rosa, link, contact):
    ContactPerson.objects.filter(person__user=contact).update(phone_visibility="public")
    page = client.get(link).content.decode()
    assert contact.persons.get().name in page
    assert contact.email not in page


# --- links that lead nowhere --------------------------------------------------------------------------------------


def test_an_old_link_offers_a_new_one(client, rosa, link):
    with days_later(43):
        page = client.get(link)
        assert page.status_code == 410
        assert "Dieser Link ist abgelaufen." in page.content.decode()
        assert "rosa@rheine.example" not in page.content.decode()
        assert client.post(link, {"phone": "1"}).status_code == client.post(f"{link}bestaetigen/").status_code == 410
        page = client.post(f"{link}neuer-link/", follow=True).content.decode()
        assert "Ein neuer Link ist unterwegs" in page
        new = Confirmation.objects.get(batch=None)
        assert client.get(page_of(new)).status_code == 200
    queued = OutgoingMail.objects.filter(kind="members.confirmation").first()
    assert (queued.to_address, queued.data) == ("rosa@rheine.example", {"confirmations": [new.pk]})


@pytest.mark.parametrize("change", [lambda t: t[:-1] + ("b" if t[-1] == "a" else "a"), lambda t: t[:40], lambda t: "x"])
def test_a4_a_forged_or_cut_link_shows_nothing_and_offers_a_new_one(client, rosa, link, change):
    token = change(link.split("/")[2])
    for address in (f"/angaben/{token}/", f"/angaben/{token}/bestaetigen/", f"/angaben/{token}/neuer-link/"):
        page = client.post(address, {"phone": "1"})
        assert page.status_code == 404
        assert rosa.person.name not in page.content.decode()
        assert "Ihre dienstliche E-Mail-Adresse" in page.content.decode()
    assert OutgoingMail.objects.count() == 1


def test_a_withdrawn_link_is_dead(client, link):
    withdraw(Confirmation.objects.all())
    assert client.get(link).status_code == 404


def test_a_function_that_is_over_answers_nothing(client, rosa, link):
    ContactPerson.objects.update(ended_on=today() - DAY)
    for address in (link, f"{link}bestaetigen/", f"{link}neuer-link/"):
        assert client.post(address).status_code == 404
    assert rosa.person.name not in client.get(link).content.decode()


def test_a2_every_address_gets_the_same_answer(client, rosa, stranger):
    answers = {
        client.post(reverse("request_link"), {"email": email}, follow=True).content
        for email in ("Rosa@Rheine.example", "niemand@rheine.example")
    }
    assert len({re.sub(rb'value="\w{64}"', b"", answer) for answer in answers}) == 1
    assert [row.to_address for row in OutgoingMail.objects.all()] == ["rosa@rheine.example"]


def test_asking_for_links_is_limited(client, rosa):
    for _ in range(10):
        client.post(reverse("request_link"), {"email": "niemand@rheine.example"})
    assert client.post(reverse("request_link"), {"email": "rosa@rheine.example"}).status_code == 429
    assert not OutgoingMail.objects.exists()


# --- the back office ----------------------------------------------------------------------------------------------


def choose(client, *contacts, **values):
    data = {"action": "ask", "_selected_action": [contact.pk for contact in contacts]} | values
    return client.post(reverse("admin:members_contactperson_changelist"), data, follow=True).content.decode()


def test_the_office_asks_after_reading_how_many_and_whom(client_of, office, rosa, contact):
    other = ContactPerson.objects.get(person__user=contact)
    client = client_of(office)
    page = choose(client, rosa, other)
    assert "2 Ansprechpersonen fragen, ob alles noch stimmt" in page
    assert rosa.person.name in page
    assert not OutgoingMail.objects.exists()
    page = choose(client, rosa, other, chosen=f"{rosa.pk},{other.pk}")
    assert "geht in einer Minute hinaus. Empfänger: 2." in page
    today_page = client.get(reverse("admin:index")).content.decode()
    assert "Zurücknehmen" in today_page
    assert "Ansprechpersonen, deren Antwort auf „Stimmt noch?“ aussteht" in today_page
    assert "in den letzten zwei Wochen gefragt" in choose(client, rosa, chosen=str(rosa.pk))


@pytest.mark.parametrize(
    ("state", "found"),
    [("bestaetigt", "confirmed"), ("offen", "open"), ("stumm", "silent"), ("unerreichbar", "bounced")],
)
def test_the_list_filters_by_what_today_counts(client_of, office, state, found):
    contacts = {
        name: ContactPersonFactory(person__last_name=name) for name in ("confirmed", "open", "silent", "bounced")
    }
    with days_later(-50):
        confirming.ask(ContactPerson.objects.filter(pk=contacts["silent"].pk), title="Stimmt noch?", by=None)
    confirming.ask(ContactPerson.objects.exclude(pk=contacts["silent"].pk), title="Stimmt noch?", by=None)
    confirming.confirm(Confirmation.objects.get(contact=contacts["confirmed"]))
    OutgoingMail.objects.filter(recipient_key=contacts["bounced"].person.key).update(state=MailState.FAILED)
    page = client_of(office).get(reverse("admin:members_confirmation_changelist"), {"stand": state}).content.decode()
    assert [name for name in contacts if f"Rosa {name}" in page] == [found]


def test_whom_no_mail_reaches_stands_there_with_her_number(client_of, office, rosa, link):
    OutgoingMail.objects.update(state=MailState.FAILED)
    client = client_of(office)
    assert (
        "Ansprechperson, die „Stimmt noch?“ nicht erreicht hat" in client.get(reverse("admin:index")).content.decode()
    )
    page = client.get(reverse("dossier", args=[rosa.municipality.slug])).content.decode()
    assert "nicht erreichbar" in page
    assert f"Telefon {rosa.person.phone}" in page


def test_the_list_needs_the_same_queries_for_one_and_three(client_of, office, rosa, link):
    client, url = client_of(office), reverse("admin:members_confirmation_changelist")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    ContactPersonFactory(), ContactPersonFactory()
    confirming.ask(ContactPerson.objects.all(), title="Stimmt noch?", by=None)
    with CaptureQueriesContext(connection) as three:
        assert client.get(url).content.decode().count("offen</td>") == 3
    assert len(one) == len(three)
