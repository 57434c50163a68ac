"""Two people at the same instant. Each pair runs in two threads on connections of their own.

On SQLite one writer waits for the other before it reads; the row locks that do it elsewhere show on PostgreSQL.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from core.dates import today
from core.models import Batch, OutgoingMail
from members import access, actions, colleagues, confirming, handing_over, hints, merging, publishing
from members.imports import runs
from members.models import Confirmation, ContactPerson, Hint, ImportRun, Membership, Person, Profile
from members.models.editing import values_of
from tests.factories import ContactPersonFactory, PersonFactory, ProfileFactory, UserFactory
from tests.members.imports.lists import opened

pytestmark = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="SQLite locks the whole file: nobody can stand between reading and writing"
)


def at_once(*deeds):
    """Do all at the same instant; return of each what it returned, or its refusal."""
    start = threading.Barrier(len(deeds))

    def do(deed):
        start.wait()
        try:
            with transaction.atomic():
                return deed()
        except (ValidationError, publishing.ChangedMeanwhileError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def refused(results):
    return [result for result in results if isinstance(result, Exception)]


@pytest.fixture
def rosa(contact):
    return ContactPerson.objects.select_related("person__user", "municipality").get(person__user=contact)


@pytest.fixture
def rudi(colleague):
    return ContactPerson.objects.select_related("person", "municipality").get(person__user=colleague)


def new(first_name):
    return Person(first_name=first_name, last_name="Neu", email=f"{first_name.lower()}@rheine.example")


def publish(contact, **changes):
    draft = access.profile_draft_for(contact.person, contact.municipality.slug)
    values = values_of(contact.municipality.profile) | changes
    return lambda: publishing.publish(draft, values, reader=contact.person.user)


def test_of_publishing_and_answering_neither_undoes_the_other(rosa, town):
    ProfileFactory(municipality=town, summary="Alt", office_phone="1")
    asked = Confirmation.objects.create(contact=rosa)
    correct = {"office_phone": "2", "phone": "3"}
    at_once(publish(rosa, summary="Neu"), lambda: confirming.correct(asked, correct))
    profile = Profile.objects.get()
    # Who publishes has seen the old number and stores it again only if she came first.
    assert profile.summary == "Neu" or profile.office_phone == "2"
    newest = profile.history.first()
    assert (newest.summary, newest.office_phone) == (profile.summary, profile.office_phone)


@on_postgresql
def test_an_answer_waits_for_who_is_publishing(rosa, town):
    ProfileFactory(municipality=town, summary="Alt")
    asked = Confirmation.objects.create(contact=rosa)
    published, answering = threading.Event(), threading.Event()

    def slowly():
        publishing.publish(
            access.profile_draft_for(rosa.person, town.slug),
            values_of(town.profile) | {"summary": "Neu"},
            reader=rosa.person.user,
        )
        published.set()
        answering.wait(5)
        threading.Event().wait(0.3)

    def answer():
        published.wait(5)
        answering.set()
        confirming.correct(asked, {"office_phone": "2"})

    assert not refused(at_once(slowly, answer))
    profile = Profile.objects.get()
    assert (profile.summary, profile.office_phone) == ("Neu", "2")


def test_two_who_hand_over_at_once_leave_one_successor(rosa, town):
    def give(first_name):
        return lambda: handing_over.hand_over(rosa, successor=new(first_name), on=today(), by=None)

    assert len(refused(at_once(give("Nele"), give("Olaf")))) == 1
    assert town.contacts.on().count() == 1
    assert Person.objects.filter(last_name="Neu").count() == 1


def test_two_who_name_a_successor_for_a_day_to_come_leave_one(rosa, town):
    on = today().replace(year=today().year + 1)

    def give(first_name):
        return lambda: handing_over.hand_over(rosa, successor=new(first_name), on=on, by=None)

    at_once(give("Nele"), give("Olaf"))
    assert town.contacts.on().exclude(pk=rosa.pk).count() == 1


def test_two_who_remove_each_other_leave_one(rosa, rudi, town):
    results = at_once(lambda: colleagues.remove(rosa, on=today()), lambda: colleagues.remove(rudi, on=today()))
    assert len(refused(results)) == 1
    assert [row.is_deputy for row in town.contacts.on()] == [False]


def test_two_who_are_made_lead_at_once_do_not_both_lead(rosa, rudi, town):
    third = ContactPersonFactory(municipality=town, is_deputy=True)
    at_once(lambda: colleagues.make_lead(rudi), lambda: colleagues.make_lead(third))
    assert town.contacts.filter(is_deputy=False).count() == 1


def test_one_colleague_entered_twice_at_once_is_there_once(rosa, town):
    def add():
        return colleagues.add(town, nele, invite=False, by=None)

    nele = PersonFactory(last_name="Neu")
    assert len(refused(at_once(add, add))) == 1
    assert town.contacts.filter(person__last_name="Neu").count() == 1


def test_a_body_leaves_once_and_nobody_stays_in(rosa, rudi, town):
    def leave(reason):
        return lambda: actions.end_membership(town, on=today(), reason=reason, by=None)

    at_once(leave("Ratsbeschluss"), leave("Kündigung"), lambda: colleagues.change(rudi, {"position": "Amt"}, by=None))
    assert Membership.objects.get(municipality=town).ended_on == today()
    assert not town.contacts.filter(ended_on=None).exists()


def test_one_version_is_taken_back_once(rosa, town):
    profile = ProfileFactory(municipality=town, summary="Alt")
    publish(rosa, summary="Neu")()
    version = profile.history.first().history_id

    def take_back():
        return publishing.take_back(profile, version, reason="Versehen")

    assert len(refused(at_once(take_back, take_back))) == 1
    profile.refresh_from_db()
    assert profile.summary == "Alt"
    assert OutgoingMail.objects.filter(kind="members.profile_taken_back").count() == 1


def test_one_list_is_read_in_once(town, office):
    rows = "".join(f"Rheine;Nora Neu{number};n{number}@rheine.example\n" for number in range(10))
    run = opened("ansprechpersonen", f"Kommune;Name;E-Mail\n{rows}".encode())
    seen = runs.plan_for(run, office).fingerprint

    def read_in():
        return runs.carry_out(ImportRun.objects.get(pk=run.pk), expected=seen, by=office)

    assert at_once(read_in, read_in) == [{**dict.fromkeys(runs.Plan().counts, 0), "neu": 10}] * 2
    assert ContactPerson.objects.filter(municipality=town).count() == 10


def test_two_clocks_remind_once(rosa):
    confirming.ask(ContactPerson.objects.all(), title="Runde", by=None)
    Confirmation.objects.update(asked_at=Confirmation.objects.get().asked_at - Confirmation.REMINDERS[0])
    at_once(confirming.remind, confirming.remind)
    assert Batch.objects.filter(kind="members.confirmation_reminder").count() == 1


def test_many_hints_at_once_fill_no_mailbox(rosa, town):
    at_once(*(lambda: hints.take_in(town, text="Die Nummer ist alt.") for _ in range(6)))
    assert Hint.objects.count() == 6
    assert OutgoingMail.objects.filter(kind="members.hint", to_address=rosa.person.email).count() == 3


def test_two_rows_are_merged_once(rosa, town):
    other = ContactPersonFactory(person__user=None, municipality=town).person
    results = at_once(
        lambda: merging.merge_persons(rosa.person, other), lambda: merging.merge_persons(rosa.person, other)
    )
    assert len(refused(results)) == 1
    assert town.contacts.get().person == rosa.person


def test_whoever_is_given_access_twice_gets_one_account(rosa, town):
    person = ContactPersonFactory(municipality=town, person__user=None, person__email="nele@rheine.example").person
    office = UserFactory()
    at_once(*(lambda: actions.give_access(Person.objects.get(pk=person.pk), by=office) for _ in range(2)))
    person.refresh_from_db()
    assert person.user.email == "nele@rheine.example"
