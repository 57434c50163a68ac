"""Who answers, under which address, and who keeps access when that changes."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core.dates import today
from core.models import OutgoingMail
from members import actions, addresses, handing_over
from members.models import ContactPerson, Person
from netzwerk.tasks import tidy
from tests.factories import ContactPersonFactory, HeadFactory, MunicipalityFactory, PersonFactory, UserFactory
from users import actions as user_actions
from users.models import AccessInvitation, User

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def rosa(contact):
    """The function of the town's contact person, who has signed in before."""
    AccessInvitation.objects.create(user=contact, accepted_at=timezone.now())
    return ContactPerson.objects.get(person__user=contact)


def successor(**values):
    return Person(**{"first_name": "Nele", "last_name": "Neu", "email": "nele@rheine.example"} | values)


def mails(kind=None):
    rows = OutgoingMail.objects.filter(kind=kind) if kind else OutgoingMail.objects.all()
    return sorted(rows.values_list("to_address", flat=True))


def in_days(days):
    return time_machine.travel(timezone.now() + days * DAY)


def is_out(client):
    return client.get(reverse("home")).status_code == 302


# --- handing over -------------------------------------------------------------------------------------------------


def test_handing_over_ends_one_function_and_begins_the_other(rosa, office, town):
    following = handing_over.hand_over(rosa, successor=successor(), on=today(), by=office)
    rosa.refresh_from_db()
    assert rosa.ended_on == today() - DAY
    assert (following.person.name, following.municipality, following.started_on) == ("Nele Neu", town, today())
    assert list(town.contacts.on()) == [following]
    assert following.person.user.email == "nele@rheine.example"
    assert mails("members.function_received") == mails("users.access_invitation") == ["nele@rheine.example"]
    assert mails("members.function_ended") == [rosa.person.email]


def test_the_old_session_is_out_with_its_next_click(rosa, office, client_of):
    client = client_of(rosa.person.user)
    assert not is_out(client)
    handing_over.hand_over(rosa, successor=successor(), on=today(), by=office)
    assert is_out(client)
    assert not User.objects.filter(email=rosa.person.email).exists()
    assert rosa.person.history.first().user_id is None


def test_without_a_successor_nothing_is_blocked(rosa, office, town):
    assert handing_over.hand_over(rosa, successor=None, on=today(), by=office) is None
    assert not town.contacts.on().exists()
    assert mails() == [rosa.person.email]


def test_a_date_to_come_leaves_both_in_until_then(rosa, office, client_of):
    client = client_of(rosa.person.user)
    following = handing_over.hand_over(rosa, successor=successor(), on=today() + 7 * DAY, by=office)
    assert not is_out(client)
    assert following.person.has_access()
    with in_days(7):
        assert is_out(client)


def test_what_is_released_does_not_pass_to_the_successor(rosa, office):
    ContactPerson.objects.update(name_visibility="public", email_visibility="public", phone_visibility="public")
    following = handing_over.hand_over(rosa, successor=successor(), on=today(), by=office)
    assert {following.name_visibility, following.email_visibility, following.phone_visibility} == {"network"}


def test_a_deputy_who_takes_over_leads(rosa, office, colleague, town):
    deputy = town.contacts.get(is_deputy=True)
    following = handing_over.hand_over(rosa, successor=deputy.person, on=today(), by=office)
    assert (following, following.is_deputy) == (deputy, False)


def test_whoever_has_another_function_keeps_her_account(rosa, office, client_of):
    ContactPersonFactory(person=rosa.person)
    client = client_of(rosa.person.user)
    handing_over.hand_over(rosa, successor=None, on=today(), by=office)
    assert not is_out(client)


def test_a_subject_is_handed_over_once(rosa, office):
    handing_over.hand_over(rosa, successor=successor(), on=today(), by=office)
    with pytest.raises(ValidationError, match="hat das Thema schon abgegeben"):
        handing_over.hand_over(rosa, successor=successor(last_name="Nochmal"), on=today(), by=office)
    assert not Person.objects.filter(last_name="Nochmal").exists()


def test_nobody_hands_over_to_herself_or_before_her_time(rosa, office):
    with pytest.raises(ValidationError, match="Wählen Sie eine andere Person"):
        handing_over.hand_over(rosa, successor=rosa.person, on=today(), by=office)
    ContactPerson.objects.update(started_on=today())
    with pytest.raises(ValidationError, match="Wählen Sie einen späteren Tag"):
        handing_over.hand_over(rosa, successor=None, on=today(), by=office)


def test_a_successor_without_address_leaves_everything_as_it_was(rosa, office):
    with pytest.raises(ValidationError, match="E-Mail-Adresse"):
        handing_over.hand_over(rosa, successor=successor(email=""), on=today(), by=office)
    rosa.refresh_from_db()
    assert rosa.ended_on is None
    assert not Person.objects.filter(last_name="Neu").exists()
    assert mails() == []


# --- leaving the network ------------------------------------------------------------------------------------------


def test_leaving_ends_membership_functions_and_access(rosa, colleague, office, town, client_of):
    sessions = [client_of(rosa.person.user), client_of(colleague)]
    persons = actions.end_membership(town, on=today() - DAY, reason="Ratsbeschluss vom 3. Mai", by=office)
    membership = town.memberships.get()
    assert (membership.ended_on, membership.end_reason) == (today() - DAY, "Ratsbeschluss vom 3. Mai")
    assert {person.email for person in persons} == {rosa.person.email, colleague.email}
    assert not town.contacts.on().exists()
    assert [is_out(client) for client in sessions] == [True, True]
    assert not User.objects.exclude(pk=office.pk).exists()
    assert len(mails("members.function_ended")) == 2


def test_leaving_keeps_the_head_in_office(town, office):
    head = HeadFactory(municipality=town)
    actions.end_membership(town, on=today() - DAY, reason="Ratsbeschluss", by=office)
    head.refresh_from_db()
    assert head.ended_on is None


def test_leaving_later_keeps_access_until_then(rosa, office, town, client_of):
    client = client_of(rosa.person.user)
    actions.end_membership(town, on=today(), reason="Ratsbeschluss", by=office)
    assert not is_out(client)
    with in_days(1):
        assert is_out(client)
        tidy()
        assert not User.objects.filter(email=rosa.person.email).exists()


@pytest.mark.parametrize(
    ("on", "reason", "sentence"),
    [
        (today(), "", "Nennen Sie den Grund"),
        (datetime.date(2001, 1, 1), "Versehen", "letzte Tag liegt vor dem Beginn"),
    ],
)
def test_leaving_needs_reason_and_a_possible_day(rosa, town, office, on, reason, sentence):
    with pytest.raises(ValidationError, match=sentence):
        actions.end_membership(town, on=on, reason=reason, by=office)
    assert town.contacts.on().exists()
    assert mails() == []


def test_nobody_leaves_who_is_not_in(office):
    with pytest.raises(ValidationError, match="ist kein Mitglied"):
        actions.end_membership(MunicipalityFactory(), on=today(), reason="Versehen", by=office)


# --- accounts nobody uses -----------------------------------------------------------------------------------------


def test_the_night_ends_accounts_of_functions_that_ended_by_their_date(rosa, colleague, office):
    ContactPerson.objects.filter(pk=rosa.pk).update(ended_on=today() - DAY)
    tidy()
    assert set(User.objects.all()) == {colleague, office}


def test_the_night_leaves_blocked_accounts_staff_and_those_who_begin_later(rosa, office):
    later = ContactPersonFactory(started_on=today() + DAY).person.user
    blocked = ContactPersonFactory(ended_on=today() - DAY).person.user
    User.objects.filter(pk=blocked.pk).update(is_active=False)
    PersonFactory(user=office)
    lonely = UserFactory()
    tidy()
    assert {later, blocked, office, lonely, rosa.person.user} <= set(User.objects.all())


def test_who_comes_back_is_invited_anew(rosa, office):
    handing_over.hand_over(rosa, successor=None, on=today(), by=office)
    ContactPersonFactory(person=Person.objects.get(pk=rosa.person.pk), started_on=today())
    user = actions.give_access(Person.objects.get(pk=rosa.person.pk), by=office)
    assert user.access_invitation.accepted_at is None
    assert mails("users.access_invitation") == [user.email]


def test_access_is_given_to_those_who_answer_for_a_member(office):
    for person in (PersonFactory(), ContactPersonFactory(municipality=MunicipalityFactory()).person):
        with pytest.raises(ValidationError, match="für welche Mitgliedskommune die Person zuständig ist"):
            actions.give_access(person, by=office)
    assert mails() == []


def test_a_blocked_account_is_linked_with_nobody(rosa, office):
    User.objects.filter(pk=rosa.person.user_id).update(is_active=False)
    person = ContactPersonFactory(person__user=None, person__email=rosa.person.email).person
    with pytest.raises(ValidationError, match="gesperrt"):
        actions.give_access(person, by=office)
    person.refresh_from_db()
    assert person.user is None


def test_a_handing_over_may_be_postponed_until_it_has_happened(rosa, office):
    handing_over.hand_over(rosa, successor=successor(), on=today() + 5 * DAY, by=office)
    nele = Person.objects.get(last_name="Neu")
    handing_over.hand_over(rosa, successor=nele, on=today() + 9 * DAY, by=office)
    rosa.refresh_from_db()
    assert rosa.ended_on == today() + 8 * DAY
    with in_days(20), pytest.raises(ValidationError, match="schon abgegeben"):
        handing_over.hand_over(rosa, successor=nele, on=today(), by=office)


def test_staff_accounts_do_not_end_with_a_function(office):
    with pytest.raises(ValidationError, match="gehört zu den Mitarbeitenden"):
        user_actions.end_account(office)


# --- addresses ----------------------------------------------------------------------------------------------------


def change_address(person, email, **options):
    person = Person.objects.get(pk=person.pk)
    person.email = email
    addresses.save_person(person, by=None, **options)
    person.refresh_from_db()
    return person


def test_a_new_address_goes_to_person_and_account_together(rosa, colleague, client_of):
    client, old = client_of(rosa.person.user), rosa.person.email
    person = change_address(rosa.person, "Rosa.Neu@rheine.example")
    assert person.user.email == "rosa.neu@rheine.example"
    assert is_out(client)
    assert mails("users.address_changed") == [old]
    assert mails("members.address_replaced") == ["rosa.neu@rheine.example"]
    assert mails("members.colleague_address") == [colleague.email]


def test_the_administration_changing_an_account_changes_the_person(rosa, administrator):
    user_actions.change_account(rosa.person.user, email="neu@rheine.example", by=administrator)
    rosa.person.refresh_from_db()
    assert rosa.person.email == "neu@rheine.example"


def test_an_invitation_that_never_arrived_goes_out_again(town, office):
    contact = ContactPersonFactory(municipality=town, person=PersonFactory(email="tippfehler@rheine.example"))
    actions.give_access(contact.person, by=office)
    change_address(contact.person, "richtig@rheine.example")
    assert mails("users.access_invitation") == ["richtig@rheine.example", "tippfehler@rheine.example"]
    assert mails("members.address_replaced") == []


@pytest.fixture
def rudi(rosa, town):
    """Answers for the same town from the same mailbox as Rosa."""
    person = PersonFactory(first_name="Rudi", email=rosa.person.email, user=rosa.person.user)
    return ContactPersonFactory(municipality=town, person=person, is_deputy=True)


def test_one_of_a_shared_mailbox_leaves_it_for_an_account_of_her_own(rosa, rudi):
    shared = rosa.person.user
    person = change_address(rosa.person, "rosa.allein@rheine.example")
    assert person.user.email == "rosa.allein@rheine.example"
    assert list(shared.persons.all()) == [rudi.person]
    assert mails("users.access_invitation") == ["rosa.allein@rheine.example"]


def test_a_shared_mailbox_moves_as_a_whole(rosa, rudi):
    person = change_address(rosa.person, "engagement@rheine.example", whole_mailbox=True)
    rudi.person.refresh_from_db()
    assert person.user == rudi.person.user
    assert {person.user.email, rudi.person.email} == {"engagement@rheine.example"}


def test_an_address_that_has_an_account_is_shared_from_then_on(rosa, colleague):
    old = rosa.person.user
    person = change_address(rosa.person, colleague.email)
    assert person.user == colleague
    assert not User.objects.filter(pk=old.pk).exists()


def test_without_an_address_there_is_no_account(rosa):
    old = rosa.person.user
    person = change_address(rosa.person, "")
    assert person.user is None
    assert not User.objects.filter(pk=old.pk).exists()


def test_other_changes_of_a_person_leave_the_account_alone(rosa, client_of):
    client = client_of(rosa.person.user)
    person = Person.objects.get(pk=rosa.person.pk)
    person.phone = "0251 99"
    addresses.save_person(person, by=None)
    assert not is_out(client)
    assert mails() == []


def test_the_address_of_staff_is_left_to_the_administration(office):
    person = PersonFactory(user=office, email=office.email)
    with pytest.raises(ValidationError, match="Bitten Sie die Administration"):
        change_address(person, "boese@fremd.example")
    office.refresh_from_db()
    assert office.email == "office@netzwerk.example"
