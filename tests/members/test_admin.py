import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import OutgoingMail
from members.models import Membership, Municipality, Person
from tests.back_office import choose_and_confirm
from tests.factories import (
    ContactPersonFactory,
    HeadFactory,
    MembershipFactory,
    MunicipalityFactory,
    OuterOfficeFactory,
    PersonFactory,
    ProfileFactory,
    SpokespersonTermFactory,
)
from users.models import AccessInvitation

pytestmark = pytest.mark.django_db

LISTS = {
    "municipality": MunicipalityFactory,
    "membership": MembershipFactory,
    "person": lambda: PersonFactory(account=True),
    "contactperson": ContactPersonFactory,
    "profile": ProfileFactory,
    "headofadministration": HeadFactory,
    "outeroffice": OuterOfficeFactory,
    "spokespersonterm": SpokespersonTermFactory,
}


def add_membership(client, municipality, **values):
    data = {"municipality": municipality.pk, "begin": "", "source": "", "note": "", "ended_on": "", "end_reason": ""}
    return client.post(reverse("admin:members_membership_add"), data | values, follow=True)


def test_the_office_enters_a_historical_membership(client_of, office, register):
    municipality = Municipality.objects.get(slug="muenster")
    add_membership(client_of(office), municipality, begin="12/2013", source="muenster.example/beitritt")
    membership = municipality.memberships.get()
    assert membership.period_text() == "seit Dezember 2013"
    assert membership.source == "https://muenster.example/beitritt"
    assert membership.history.get().history_user == office


@pytest.mark.parametrize(
    ("begin", "sentence"),
    [
        ("irgendwann", "Schreiben Sie das Datum wie „6.12.2017“"),
        ("31.2.2017", "Diesen Tag gibt es nicht."),
        ("1799", "Schreiben Sie ein Jahr zwischen 1900 und 2100."),
    ],
)
def test_a_wrong_beginning_says_what_to_type(client_of, office, begin, sentence):
    municipality = MunicipalityFactory()
    assert sentence in add_membership(client_of(office), municipality, begin=begin).content.decode()
    assert not Membership.objects.exists()


def test_an_overlap_is_explained_and_the_input_stays(client_of, office, town):
    page = add_membership(client_of(office), town, begin="2020", note="Notiz bleibt").content.decode()
    assert "überschneidet sich mit einer anderen Mitgliedschaft dieser Kommune (seit Dezember 2012)" in page
    assert "Notiz bleibt" in page


def test_an_end_needs_its_reason(client_of, office, town):
    url = reverse("admin:members_membership_change", args=[town.memberships.get().pk])
    data = {"municipality": town.pk, "begin": "12/2012", "ended_on": "31.12.2019", "end_reason": ""}
    assert "Nennen Sie den Grund" in client_of(office).post(url, data).content.decode()


def test_a_name_may_not_carry_a_line_break(client_of, office):
    data = {"first_name": "Eva", "last_name": "Muster\r\nBcc: alle@stadt.example", "email": "", "phone": ""}
    page = client_of(office).post(reverse("admin:members_person_add"), data).content.decode()
    assert "Schreiben Sie den Text in eine einzige Zeile." in page
    assert not Person.objects.exists()


def test_direction_marks_are_taken_out_of_names(client_of, office):
    data = {"first_name": "E\u202eva", "last_name": "Muster\x00", "email": "", "phone": ""}
    client_of(office).post(reverse("admin:members_person_add"), data)
    assert Person.objects.get().name == "Eva Muster"


def test_the_search_of_the_lists_forgives(client_of, office, register):
    client = client_of(office)
    for model in ("municipality", "membership"):
        page = client.get(reverse(f"admin:members_{model}_changelist"), {"q": "Wupertal"}).content.decode()
        assert "Wuppertal" in page
        assert "Xanten" not in page


@pytest.mark.parametrize("name", LISTS)
def test_lists_need_the_same_queries_for_one_and_three_rows(client_of, office, name):
    client, url = client_of(office), reverse(f"admin:members_{name}_changelist")
    LISTS[name]()
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    LISTS[name]()
    LISTS[name]()
    with CaptureQueriesContext(connection) as three:
        client.get(url)
    assert len(three) == len(one)


def test_giving_access_creates_the_account_and_the_invitation(client_of, office, town):
    person = ContactPersonFactory(
        municipality=town, person=PersonFactory(last_name="Beispiel", email="Rosa@Rheine.example")
    ).person
    page = choose_and_confirm(client_of(office), reverse("admin:members_person_changelist"), "give_access", person)
    person.refresh_from_db()
    assert "Zugang gegeben" in page
    assert person.user.email == "rosa@rheine.example"
    assert OutgoingMail.objects.get().to_address == "rosa@rheine.example"


def test_a_person_without_address_is_named_with_what_to_do(client_of, office):
    person = PersonFactory(last_name="Beispiel", email="")
    page = choose_and_confirm(client_of(office), reverse("admin:members_person_changelist"), "give_access", person)
    assert "Rosa Beispiel: Tragen Sie zuerst die E-Mail-Adresse der Person ein." in page
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("version", ["x", "%00", "'", "99999999999999999999", "-1", "1e5", "\u0663"])
def test_an_unknown_version_of_a_record_is_not_found(client_of, office, town, version):
    url = f"/verwaltung/members/municipality/{town.pk}/history/{version}/"
    assert client_of(office).get(url).status_code == 404


@pytest.mark.parametrize("row", ["x", "%00", "99999999999999999999", "_5F"])
def test_an_unknown_record_never_breaks_the_page(client_of, office, row):
    for page in ("change", "history", "delete"):
        assert client_of(office).get(f"/verwaltung/members/topic/{row}/{page}/").status_code in (302, 404)


def test_deleting_from_the_list_is_public_at_once(client_of, office, client, town):
    directory = reverse("directory")
    assert "1 Mitglied" in client.get(directory).content.decode()
    data = {"action": "delete_selected", "_selected_action": [town.memberships.get().pk], "post": "yes"}
    client_of(office).post(reverse("admin:members_membership_changelist"), data)
    assert "Kein Mitglied" in client.get(directory).content.decode()


@pytest.mark.parametrize("checks_before_the_other_saved", [1, 2])
def test_of_two_people_saving_at_once_the_second_is_told(
    client_of, office, town, monkeypatch, checks_before_the_other_saved
):
    """The checks of form and action ran before the other person's row was there: action or database must notice."""
    check, early = Membership.full_clean, [None] * checks_before_the_other_saved
    monkeypatch.setattr(Membership, "full_clean", lambda self, *a, **k: early.pop() if early else check(self, *a, **k))
    page = add_membership(client_of(office), town, begin="2020", note="Notiz bleibt").content.decode()
    assert "überschneidet sich mit einer anderen Mitgliedschaft dieser Kommune (seit Dezember 2012)" in page
    assert "Notiz bleibt" in page
    assert town.memberships.count() == 1


def test_a_shared_mailbox_links_its_second_person_without_a_new_invitation(client_of, office, town):
    first = ContactPersonFactory(municipality=town, person=PersonFactory(account=True)).person
    AccessInvitation.objects.create(user=first.user, accepted_at=timezone.now())
    second = PersonFactory(last_name="Muster", email=first.email)
    ContactPersonFactory(municipality=town, person=second)
    choose_and_confirm(client_of(office), reverse("admin:members_person_changelist"), "give_access", second)
    second.refresh_from_db()
    assert second.user == first.user
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("name", ["municipality", "membership", "contactperson", "profile"])
def test_all_lists_of_bodies_search_as_the_directory_does(client_of, office, register, name):
    municipality = Municipality.objects.get(slug="wuppertal")
    ContactPersonFactory(municipality=municipality)
    ProfileFactory(municipality=municipality)
    page = client_of(office).get(reverse(f"admin:members_{name}_changelist"), {"q": "Wupertal"}).content.decode()
    assert "1 Ergebnis" in page
    assert "Wuppertal" in page


def test_an_old_version_of_a_person_opens_when_her_account_is_gone(client_of, office, contact):
    person = contact.persons.get()
    version = person.history.first().pk
    contact.delete()
    page = client_of(office).get(reverse("admin:members_person_simple_history", args=[person.pk, version]))
    assert page.status_code == 200
