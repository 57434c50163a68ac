""" "Als diese Person ansehen": her eyes, not her hands, and on record."""

import datetime

import pytest
from django.utils import timezone

from members.models import ContactPerson, Profile
from netzwerk.models import Viewing
from tests.factories import ContactPersonFactory, PersonFactory, UserFactory
from users import actions as user_actions


@pytest.fixture
def person(contact):
    return contact.persons.get()


@pytest.fixture
def viewing(client_of, office, person):
    """A client of the office that looks through the person's eyes."""
    client = client_of(office)
    assert client.post(f"/verwaltung/personen/{person.pk}/ansehen/").url == "/intern/"
    return client


def test_staff_see_what_she_sees_under_a_banner(viewing, client_of, contact, person):
    page = viewing.get("/intern/").text
    assert f"Angemeldet mit <strong>{contact.email}</strong>" in page
    assert "Sie sehen das Portal als <strong>" in page
    assert "Was steht an?" in page
    assert "Sie sehen das Portal als" not in client_of(contact).get("/intern/").text


def test_only_what_she_may_see_is_seen(viewing, person):
    town = person.contact_functions.get().municipality
    other = ContactPersonFactory(municipality=town, person__phone="0251 777", phone_visibility="office")
    page = viewing.get("/kommunen/rheine/").text
    assert other.person.name in page
    assert other.person.phone not in page


@pytest.mark.parametrize("url", ["/barrierefreiheit/melden/", "/intern/meine-daten/loeschen/", "/intern/wer/"])
def test_nothing_can_be_sent(viewing, url):
    answer = viewing.post(url, {"what": "Text", "person": 1})
    assert answer.status_code in (403, 404)
    if answer.status_code == 403:
        assert "Beenden Sie zuerst die Ansicht." in answer.text


def test_nothing_is_written_in_her_name(viewing, person):
    before = (ContactPerson.history.count(), Profile.history.count())
    for url in ("/intern/", "/kommunen/rheine/", "/barrierefreiheit/melden/"):
        viewing.get(url)
        viewing.post(url)
    person.user.refresh_from_db()
    assert (ContactPerson.history.count(), Profile.history.count()) == before
    assert person.user.last_login is None


@pytest.mark.parametrize(
    "url",
    ["/konto/sicherheit/", "/konto/sitzungen/", "/intern/meine-daten/", "/intern/meine-daten/datei/", "/verwaltung/"],
)
def test_what_is_hers_alone_and_the_back_office_stay_shut(viewing, url, person):
    answer = viewing.get(url)
    assert answer.status_code in (403, 404)
    assert "Ansicht beenden" in answer.text or answer.status_code == 404


def test_ending_leads_back_and_the_log_says_who_whom_and_when(viewing, office, person):
    answer = viewing.post("/intern/ansehen-beenden/", follow=True)
    assert "wieder mit Ihrem eigenen Konto" in answer.text
    assert answer.redirect_chain[-1][0] == f"/verwaltung/members/person/{person.pk}/change/"
    log = Viewing.objects.get()
    assert (log.viewer, log.person) == (office, person)
    assert log.started_at < log.ended_at
    page = viewing.get("/verwaltung/datenschutz/").text
    assert office.email in page.split("Als Person angesehen")[1].split("</table>")[0]


def test_the_person_sees_it_among_her_data(viewing, client_of, contact):
    assert "Ansicht als Person" in client_of(contact).get("/intern/meine-daten/").text


def test_signing_out_ends_it(viewing, office):
    viewing.post("/konto/abmelden/")
    assert viewing.get("/intern/").status_code == 302


def test_it_ends_by_itself_when_staff_lose_their_office(viewing, office):
    office.office = ""
    office.save()
    assert "Sie sehen das Portal als" not in viewing.get("/kommunen/rheine/").text
    assert "viewing_person" not in viewing.session


def test_it_ends_by_itself_with_her_access(viewing, person):
    ContactPerson.objects.update(ended_on=timezone.localdate() - datetime.timedelta(days=1))
    assert "Sie sehen das Portal als" not in viewing.get("/kommunen/rheine/").text


def test_staff_blocked_accounts_and_persons_without_access_are_not_looked_at(client_of, office, contact, administrator):
    blocked = ContactPersonFactory().person
    user_actions.block(blocked.user, by=None)
    for person in (
        PersonFactory(user=UserFactory(staff=True)),
        PersonFactory(user=administrator),
        PersonFactory(),
        PersonFactory(account=True),
        blocked,
    ):
        client = client_of(office)
        answer = client.post(f"/verwaltung/personen/{person.pk}/ansehen/")
        assert "lässt sich das Portal nicht ansehen" in answer.text
        assert "viewing_person" not in client.session
    assert not Viewing.objects.exists()


def test_at_a_shared_mailbox_the_chosen_person_is_the_one(client_of, office, town):
    user = UserFactory(email="ehrenamt@rheine.example")
    one, other = (ContactPersonFactory(municipality=town, person__user=user).person for _ in range(2))
    client = client_of(office)
    client.post(f"/verwaltung/personen/{other.pk}/ansehen/")
    page = client.get("/intern/").text
    assert f"<bdi>{other.name}</bdi>" in page
    assert one.name not in page


def test_looking_stays_out_of_the_office_s_own_person(client_of, office, person):
    """The session keeps who of the staff acts; looking must not put the viewed person there."""
    own = PersonFactory(user=office)
    client = client_of(office)
    client.get("/intern/")
    client.post(f"/verwaltung/personen/{person.pk}/ansehen/")
    client.get("/intern/")
    assert client.session["acting_person"] == own.pk
