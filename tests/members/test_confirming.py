""" "Stimmt noch?": whom the clock asks and reminds, what an answer does, and who counts as silent or unreachable."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import escape

from core import actions as core_actions
from core import delivery
from core.dates import today
from core.links import token_for
from core.models import Batch, MailState, OutgoingMail
from members import access, addresses, confirming, worklist
from members.access import CONFIRMING
from members.handing_over import hand_over
from members.list_filters import AnswerFilter
from members.models import Confirmation, ContactPerson, Person, Profile
from members.tasks import keep_asking
from netzwerk.actions import keep_periods
from tests.factories import ContactPersonFactory, MunicipalityFactory, PersonFactory, ProfileFactory
from users import actions as user_actions

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
SPRING = datetime.datetime(2027, 3, 10, 8, 0, tzinfo=datetime.UTC)


@pytest.fixture
def rosa(contact):
    return ContactPerson.objects.get(person__user=contact)


@pytest.fixture
def rudi(colleague):
    return ContactPerson.objects.get(person__user=colleague)


def ask(*contacts):
    rows = ContactPerson.objects.filter(pk__in=[contact.pk for contact in contacts])
    return confirming.ask(rows or ContactPerson.objects.all(), title="Stimmt noch?", by=None)


def row_of(contact):
    return Confirmation.objects.with_answers().get(contact=contact)


def asked(kind="members.confirmation"):
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("to_address", flat=True))


def days_later(days):
    return time_machine.travel(timezone.now() + days * DAY, tick=False)


# --- asking -------------------------------------------------------------------------------------------------------


def test_everyone_who_answers_for_a_member_is_asked_and_nobody_else(rosa, rudi, office):
    ContactPersonFactory(municipality=MunicipalityFactory(), person__email="kein.mitglied@stadt.example")
    ContactPersonFactory(ended_on=today() - DAY, person__email="ehemalig@stadt.example")
    batch = ask()
    assert asked() == sorted([rosa.person.email, rudi.person.email])
    assert batch.recipients == 2
    assert batch.held_until > timezone.now()


def test_who_serves_two_bodies_gets_one_mail_about_both(rosa):
    elsewhere = ContactPersonFactory(person=rosa.person)
    assert ask().recipients == 1
    assert Confirmation.objects.count() == 2
    with days_later(1):
        delivery.run_sender()
    letter = OutgoingMail.objects.get(kind="members.confirmation").text
    assert "Rheine" in letter
    assert elsewhere.municipality.name in letter
    assert letter.count("Alles stimmt:") == 2


def test_nobody_is_asked_twice_because_two_pressed_the_button(rosa, rudi):
    ask(rosa)
    assert ask().recipients == 1
    with pytest.raises(ValidationError, match="in den letzten zwei Wochen gefragt"):
        ask()
    with days_later(15):
        assert ask().recipients == 2


def test_what_was_taken_back_was_not_asked(rosa):
    core_actions.take_back(ask(), by=None)
    assert not Confirmation.objects.asked().exists()
    assert ask().recipients == 1


def test_the_letter_shows_what_is_stored(rosa, rudi):
    values = {"office_name": "Stabsstelle Ehrenamt", "office_website": "https://rheine.example/ehrenamt"}
    ProfileFactory(municipality=rosa.municipality, summary="Wir & andere", **values)
    ask(rosa)
    with days_later(1):
        delivery.run_sender()
    mail = OutgoingMail.objects.get(kind="members.confirmation")
    shown = ("Rosa", rosa.person.phone, rosa.person.email, *values.values(), "Wir & andere", rudi.person.name)
    assert [text for text in shown if text not in mail.text] == []
    asked = Confirmation.objects.get()
    for label, value in [*asked.own_facts, *asked.body_facts]:
        assert f"{label}: {value}" in mail.text
        assert f">{label}</dt>" in mail.html
        assert f">{escape(value)}</dd>" in mail.html
    assert mail.html.count("/angaben/") == 2


# --- the clock ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "day", "begins"),
    [(3, 9, False), (3, 10, True), (3, 23, True), (3, 24, False), (9, 10, True), (11, 25, False), (1, 1, False)],
)
def test_the_clock_begins_a_round_twice_a_year(rosa, month, day, begins):
    with time_machine.travel(datetime.datetime(2027, month, day, 8, tzinfo=datetime.UTC)):
        keep_asking()
        assert bool(asked()) == begins


def test_a_round_begins_once(rosa):
    with time_machine.travel(SPRING):
        keep_asking()
    with time_machine.travel(SPRING + DAY):
        keep_asking()
    assert Batch.objects.get().title == "Stimmt noch? Frühjahr 2027"
    assert len(asked()) == 1


def test_a_round_that_the_office_took_back_does_not_begin_again(rosa):
    with time_machine.travel(SPRING):
        keep_asking()
        core_actions.take_back(Batch.objects.get(), by=None)
    with time_machine.travel(SPRING + DAY):
        keep_asking()
    assert Batch.objects.count() == 1


def test_what_the_office_began_by_hand_the_clock_does_not_repeat(rosa):
    with time_machine.travel(SPRING - 30 * DAY):
        ask()
    with time_machine.travel(SPRING):
        keep_asking()
    assert Batch.objects.filter(kind="members.confirmation").count() == 1


def test_one_person_asked_by_hand_does_not_cost_the_others_the_round(rosa, rudi):
    with time_machine.travel(SPRING - 30 * DAY):
        ask(rosa)
    for day in range(3):
        with time_machine.travel(SPRING + day * DAY):
            keep_asking()
    assert asked() == sorted([rosa.person.email, rudi.person.email])


def test_the_silent_are_reminded_after_two_and_four_weeks_and_then_left_alone(rosa):
    ask()
    for day in range(1, 60):
        with days_later(day):
            confirming.remind()
    reminders = OutgoingMail.objects.filter(kind="members.confirmation_reminder")
    days = [(mail.created_at - row_of(rosa).asked_at).days for mail in reminders.order_by("created_at")]
    assert days == [14, 28]


def test_one_answer_speaks_for_the_body(rosa, rudi, stranger):
    ask()
    confirming.confirm(row_of(rosa))
    with days_later(14):
        confirming.remind()
    assert asked("members.confirmation_reminder") == [stranger.email]
    assert (row_of(rosa).state, row_of(rudi).state) == ("bestätigt", "für die Kommune bestätigt")


def test_a_profile_renewed_meanwhile_is_an_answer_too(rosa):
    ProfileFactory(municipality=rosa.municipality, confirmed_on=today() - DAY)
    ask()
    assert row_of(rosa).state == "offen"
    Profile.objects.update(confirmed_on=today())
    with days_later(14):
        assert confirming.remind() == []


def test_an_answer_between_reminder_and_sending_stops_the_mail(rosa):
    ask()
    with days_later(14):
        confirming.remind()
        confirming.confirm(row_of(rosa))
    with days_later(15):
        delivery.run_sender()
    reminder = OutgoingMail.objects.get(kind="members.confirmation_reminder")
    assert (reminder.state, reminder.reason) == (MailState.SKIPPED, "Die Angaben sind inzwischen bestätigt.")


def test_who_left_meanwhile_is_not_reminded(rosa):
    ask()
    ContactPerson.objects.update(ended_on=today())
    with days_later(14):
        assert confirming.remind() == []


def test_while_the_round_is_stopped_nobody_is_reminded(rosa):
    core_actions.pause(ask(), by=None)
    with days_later(14):
        assert confirming.remind() == []


# --- answers ------------------------------------------------------------------------------------------------------


def test_confirming_shows_in_the_profile_and_names_the_person(rosa):
    profile = ProfileFactory(municipality=rosa.municipality)
    ask()
    confirming.confirm(row_of(rosa))
    profile.refresh_from_db()
    assert profile.confirmed_on == today()
    assert profile.history.first().actor_name == rosa.person.name


def test_correcting_writes_what_changed_where_it_belongs(rosa):
    ask()
    confirming.correct(row_of(rosa), {"phone": "0251 999", "position": "Fachbereich 5", "office_name": "Stabsstelle"})
    rosa.refresh_from_db()
    rosa.person.refresh_from_db()
    assert (rosa.person.phone, rosa.position) == ("0251 999", "Fachbereich 5")
    assert rosa.municipality.profile.office_name == "Stabsstelle"
    assert row_of(rosa).state == "bestätigt"
    assert rosa.person.history.first().actor_key == rosa.person.key


@pytest.mark.parametrize("deed", [confirming.confirm, lambda row: confirming.correct(row, {"phone": "1"})])
def test_an_answer_does_not_undo_what_happened_while_the_page_was_open(rosa, office, deed):
    ask()
    seen = row_of(rosa)
    assert seen.contact.person.phone
    following = hand_over(rosa, successor=PersonFactory(email="nele@rheine.example"), on=today(), by=office)
    with pytest.raises(ValidationError, match="Fordern Sie einen neuen Link an"):
        deed(seen)
    assert (row_of(following).contact, row_of(following).confirmed_at) == (following, None)


def test_a_correction_keeps_what_others_stored_meanwhile(rosa):
    ask()
    seen = row_of(rosa)
    assert seen.contact.person.title == ""
    Person.objects.filter(pk=rosa.person_id).update(title="Dr.")
    confirming.correct(seen, {"phone": "0251 999"})
    rosa.person.refresh_from_db()
    assert (rosa.person.title, rosa.person.phone) == ("Dr.", "0251 999")


def test_without_a_change_nothing_gets_a_new_version(rosa):
    ask()
    versions = rosa.person.history.count()
    confirming.correct(row_of(rosa), {})
    assert rosa.person.history.count() == versions
    assert not Profile.objects.exists()


def test_what_cannot_be_stored_leaves_all_as_it_was(rosa):
    ask()
    with pytest.raises(ValidationError):
        confirming.correct(row_of(rosa), {"phone": "0251 999", "office_email": "keine Adresse"})
    rosa.person.refresh_from_db()
    assert rosa.person.phone != "0251 999"
    assert row_of(rosa).state == "offen"


# --- who is silent, who cannot be reached -------------------------------------------------------------------------


def fail(contact):
    OutgoingMail.objects.filter(recipient_key=contact.person.key).update(state=MailState.FAILED)


def test_a_bounced_question_makes_somebody_to_call(rosa, stranger):
    ask()
    fail(rosa)
    assert [row.contact for row in worklist.unreachable()] == [rosa]
    assert row_of(rosa).state == "nicht erreichbar"
    with days_later(14):
        confirming.remind()
    assert asked("members.confirmation_reminder") == [stranger.email]


def test_without_an_address_nobody_is_reached(rosa):
    rosa.person.email = ""
    rosa.person.save()
    ask()
    assert [row.contact for row in worklist.unreachable()] == [rosa]


def test_a_new_address_makes_her_reachable(rosa):
    ask()
    fail(rosa)
    rosa.person.email = "neu@rheine.example"
    rosa.person.save()
    assert not worklist.unreachable().exists()


def test_a_failed_code_says_nothing_about_the_question(rosa):
    ask()
    OutgoingMail.objects.create(
        kind="users.sign_in_code",
        recipient_key=rosa.person.key,
        to_address=rosa.person.email,
        state=MailState.FAILED,
        mail_class="access",
    )
    assert not worklist.unreachable().exists()


def test_silent_to_the_end_is_a_line_for_the_office(rosa, stranger):
    ask()
    confirming.confirm(Confirmation.objects.get(contact__person__user=stranger))
    assert not worklist.without_answer().exists()
    with days_later(43):
        assert [row.contact for row in worklist.without_answer()] == [rosa]
        assert row_of(rosa).state == "keine Antwort"


def test_only_the_last_question_counts(rosa):
    ask()
    with days_later(50):
        ask()
        assert not worklist.without_answer().exists()
        assert Confirmation.objects.current().waiting().count() == 1


def test_the_filter_of_answers_looks_back_from_today(rosa):
    ask()
    confirming.confirm(row_of(rosa))
    rows = {word: rows for word, _, rows in AnswerFilter.questions}
    assert rows["bestaetigt"]().count() == 1
    with days_later(200):
        assert rows["bestaetigt"]().count() == 0


# --- new links, handing over, forgetting --------------------------------------------------------------------------


def test_a_new_link_goes_to_the_stored_address_three_times_a_day_at_most(rosa):
    sent = [confirming.send_new_link(rosa) for _ in range(5)]
    assert [mail is not None for mail in sent] == [True, True, True, False, False]
    assert set(asked()) == {rosa.person.email}
    assert Confirmation.objects.get().batch is None


def test_a_link_asked_for_is_no_round(rosa):
    confirming.send_new_link(rosa)
    with days_later(43):
        assert confirming.remind() == []
        assert not worklist.without_answer().exists()


def test_an_open_question_moves_to_the_successor(rosa, office):
    ask()
    before = Confirmation.objects.get().link_version
    successor = PersonFactory(first_name="Nele", email="nele@rheine.example")
    following = hand_over(rosa, successor=successor, on=today(), by=office)
    moved = Confirmation.objects.get()
    assert (moved.contact, moved.link_version) == (following, before + 1)
    with days_later(14):
        confirming.remind()
    assert asked("members.confirmation_reminder") == ["nele@rheine.example"]


def test_a_question_that_waited_brings_the_predecessor_nothing_of_the_successor(rosa, office):
    ask()
    hand_over(rosa, successor=PersonFactory(email="nele@rheine.example"), on=today() + 5 * DAY, by=office)
    with days_later(1):
        delivery.run_sender()
    assert OutgoingMail.objects.get(kind="members.confirmation").state == MailState.SKIPPED


@pytest.mark.parametrize("way", ["person", "account", "mailbox"])
def test_a_new_address_leaves_the_old_mailbox_without_link_or_mail(rosa, rudi, way):
    ask(rosa)
    with days_later(1):
        delivery.run_sender()
    old = token_for(Confirmation.objects.get(), CONFIRMING)
    confirming.send_new_link(rosa)
    if way == "account":
        user_actions.change_account(rosa.person.user, email="neu@rheine.example", by=None)
    else:
        person = rosa.person
        if way == "mailbox":
            Person.objects.filter(pk=rudi.person_id).update(email=person.email, user=person.user)
            person = Person.objects.get(pk=rudi.person_id)
        person.email = "neu@rheine.example"
        addresses.save_person(person, whole_mailbox=way == "mailbox", by=None)
    assert access.confirmation_for(old) is None
    with days_later(2):
        delivery.run_sender()
    states = OutgoingMail.objects.filter(kind="members.confirmation").order_by("pk").values_list("state", flat=True)
    assert list(states) == [MailState.SENT, MailState.SKIPPED]


def test_who_never_signs_in_loses_her_links_with_her_address_too(rosa):
    person = ContactPersonFactory(person__user=None).person
    ask()
    old = token_for(Confirmation.objects.get(contact__person=person), CONFIRMING)
    person.email = "neu@stadt.example"
    addresses.save_person(person, by=None)
    assert access.confirmation_for(old) is None


def test_after_two_years_nobody_knows_who_answered(rosa):
    ask()
    with days_later(700):
        keep_periods()
        assert Confirmation.objects.exists()
    with days_later(740):
        keep_periods()
        assert not Confirmation.objects.exists()
