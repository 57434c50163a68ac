"""The office and what bodies change: seen in "Heute", told once a day, taken back with a reason."""

import datetime
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import delivery, history
from core.dates import today
from core.models import MailState, OutgoingMail
from members import access, confirming, publishing
from members.models import Confirmation, ContactPerson, Profile, ProfileDigest
from members.models.editing import values_of
from members.worklist import lines_for
from netzwerk.celery import app
from tests.back_office import Form
from tests.factories import ContactPersonFactory, MunicipalityFactory, ProfileFactory, TopicFactory

pytestmark = pytest.mark.django_db
# session, account, its second factor and persons; profile, how many versions, which, rows, those before, topics
QUERIES = 14
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _at_noon():
    """Some hours later it is still today, whenever the tests run."""
    with time_machine.travel(
        datetime.datetime.combine(today(), datetime.time(12), tzinfo=timezone.get_default_timezone())
    ):
        yield


@pytest.fixture
def profile(town):
    with time_machine.travel(timezone.now() - 48 * HOUR, tick=False):
        return ProfileFactory(municipality=town, office_name="Stabsstelle", confirmed_on=today())


@pytest.fixture
def function(contact):
    return ContactPerson.objects.select_related("person").get(person__user=contact)


@pytest.fixture
def desk(client_of, office):
    return client_of(office)


def change(function, **values):
    """The contact person publishes; return the number of the new version."""
    draft = access.profile_draft_for(function.person, function.municipality.slug)
    profile = Profile.objects.filter(municipality=function.municipality).first() or Profile()
    with history.acting_as(history.Actor(function.person.key, function.person.name)):
        publishing.publish(draft, values_of(profile) | values, reader=function.person.user)
    return history.version_of(Profile, Profile.objects.get(municipality=function.municipality).pk)


def later(delta=HOUR):
    return time_machine.travel(timezone.now() + delta, tick=False)


def address(name, *values, slug="rheine"):
    return reverse(name, args=[slug, *values])


def links_to_take_back(html):
    """The versions whose change the page offers to take back, the newest first."""
    place = re.escape(address("take_back_profile", 0)).replace("0", r"(\d+)")
    return [int(version) for version in re.findall(f'href="{place}"', html)]


def digests():
    return OutgoingMail.objects.filter(kind="members.profile_digest")


# --- the digest -----------------------------------------------------------------------------------------------------


def test_the_morning_mail_names_who_changed_what(profile, function, settings):
    change(function, office_name="Neu", topics=[TopicFactory(name="Integration").pk])
    with later():
        assert publishing.send_digest().to_address == settings.MAIL_OFFICE
        delivery.run_sender()
    mail = digests().get()
    assert (mail.subject, mail.state) == ("1 Kommune hat ihr Profil geändert", MailState.SENT)
    assert f"- Rheine: Anlaufstelle, Themen ({function.person.name})" in mail.text
    assert address("profile_changes") in mail.text


def test_nothing_changed_is_no_mail(profile, function):
    change(function)
    with later():
        assert publishing.send_digest() is None
    assert not ProfileDigest.objects.exists()


def test_two_clocks_send_one_mail(profile, function):
    change(function, office_name="Neu")
    with later():
        publishing.send_digest()
        change(function, office_name="Noch neuer")
        with later():
            publishing.send_digest()
    assert digests().count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_the_same_moment_send_one_mail(profile, function):
    change(function, office_name="Neu")

    def send(_):
        try:
            return publishing.send_digest()
        finally:
            connection.close()

    Profile.objects.update(changed_at=timezone.now() - HOUR)
    with ThreadPoolExecutor(2) as clocks:
        sent = list(clocks.map(send, range(2)))
    assert len([mail for mail in sent if mail]) == digests().count() == 1


def test_the_next_morning_tells_only_what_is_new(profile, function):
    change(function, office_name="Neu")
    with later():
        publishing.send_digest()
    other = ContactPersonFactory(municipality=MunicipalityFactory(name="Bonn", slug="bonn", member=True))
    with later(datetime.timedelta(hours=20)):
        change(other, summary="Bonn ist dabei.")
    with later(datetime.timedelta(hours=25)):
        publishing.send_digest()
        delivery.run_sender()
    text = digests().order_by("-pk").first().text
    assert "Bonn: Kurz vorgestellt" in text
    assert "Rheine" not in text


def test_the_clock_rings_at_seven():
    entry = app.conf.beat_schedule["profile-digest"]
    assert entry["task"] == "members.profile_digest"
    assert (entry["schedule"].hour, entry["schedule"].minute) == ({7}, {0})


def test_what_is_corrected_by_personal_link_counts_too(profile, function, office):
    confirming.ask(ContactPerson.objects.filter(pk=function.pk), title="Stimmt noch?", by=None)
    confirming.correct(Confirmation.objects.get(), {"office_phone": "05971 22"})
    profile.refresh_from_db()
    assert profile.is_unreviewed
    assert [line.text for line in lines_for(office) if "Profil geändert" in line.text]


# --- Heute, difference, Gesehen -------------------------------------------------------------------------------------


def test_heute_leads_to_the_difference_and_seen_takes_the_line_away(profile, function, office, desk):
    assert [line for line in lines_for(office) if "Profil" in line.text] == []
    change(function, office_name="Neue Stelle")
    line = next(line for line in lines_for(office) if "Profil" in line.text)
    assert (line.text, line.label) == ("Rheine hat das eigene Profil geändert", "Ansehen")
    html = desk.get(line.url).content.decode()
    assert "<del>Stabsstelle</del>" in html
    assert "<ins>Neue Stelle</ins>" in html
    desk.post(address("profile_reviewed", history.version_of(Profile, profile.pk)))
    assert [line for line in lines_for(office) if "eigene Profil" in line.text] == []


def test_seen_does_not_hide_what_was_published_after_the_page_was_opened(profile, function, desk):
    version = change(function, office_name="Gesehen")
    change(function, office_name="Noch nicht gesehen")
    desk.post(address("profile_reviewed", version))
    profile.refresh_from_db()
    assert profile.is_unreviewed


def test_many_changes_are_a_number_with_the_list_of_exactly_these(office, desk):
    for _ in range(12):
        change(ContactPersonFactory(), summary="Neu")
    lines = [line for line in lines_for(office) if "Profil" in line.text]
    assert len(lines) == 11
    assert (lines[-1].count, lines[-1].text) == (2, "weitere geänderte Profile")
    assert "12 Profile" in desk.get(lines[-1].url).content.decode()


def test_what_the_office_changes_itself_is_no_news(profile, desk):
    record = reverse("admin:members_profile_change", args=[profile.pk])
    values = Form("profile_form").read(desk.get(record).content.decode())
    desk.post(record, values | {"office_name": "Vom Büro"})
    profile.refresh_from_db()
    assert (profile.office_name, profile.is_unreviewed) == ("Vom Büro", False)


# --- taking back ----------------------------------------------------------------------------------------------------


def test_a_change_is_taken_back_in_public_and_the_body_is_told_why(profile, function, colleague, desk):
    version = change(function, office_name="Werbung", recognition="Ehrenamtspreis")
    later_version = change(function, summary="Später geändert.")
    html = desk.get(address("take_back_profile", version)).content.decode()
    assert "<ins>Werbung</ins>" in html
    desk.post(address("take_back_profile", version), {"reason": "Werbung gehört nicht hierher."})
    public = Client().get(reverse("municipality", args=["rheine"])).content.decode()
    assert "Werbung" not in public
    assert "Stabsstelle" in public
    assert "Ehrenamtspreis" not in public
    assert "Später geändert." in public
    assert history.version_of(Profile, profile.pk) > later_version
    delivery.run_sender()
    mails = OutgoingMail.objects.filter(kind="members.profile_taken_back")
    assert {mail.to_address for mail in mails} == {function.person.email, colleague.email}
    text = mails.first().text
    assert "Zurückgenommen: Anlaufstelle, Weitere Anerkennung" in text
    assert "Grund: Werbung gehört nicht hierher." in text
    profile.refresh_from_db()
    assert not profile.is_unreviewed


def test_without_a_reason_nothing_happens(profile, function, desk):
    version = change(function, office_name="Werbung")
    answer = desk.post(address("take_back_profile", version), {"reason": " "})
    assert "Schreiben Sie, warum." in answer.content.decode()
    assert Profile.objects.get().office_name == "Werbung"


def test_what_was_changed_once_more_is_not_overwritten(profile, function, desk):
    version = change(function, office_name="Erste")
    change(function, office_name="Zweite")
    answer = desk.post(address("take_back_profile", version), {"reason": "Falsch."})
    assert "Nehmen Sie zuerst die spätere Änderung zurück: Seither neu ist Anlaufstelle." in answer.content.decode()
    assert Profile.objects.get().office_name == "Zweite"
    assert not OutgoingMail.objects.filter(kind="members.profile_taken_back").exists()


def test_the_first_version_can_be_taken_back(function, desk, town):
    version = change(function, summary="Alles nur Werbung.", topics=[TopicFactory(name="Reklame").pk])
    html = desk.get(address("profile_changes")).content.decode()
    assert "<ins>Alles nur Werbung.</ins>" in html
    assert "<ins>Reklame</ins>" in html
    assert links_to_take_back(html) == [version]
    desk.post(address("take_back_profile", version), {"reason": "Falsch."})
    profile = Profile.objects.get()
    assert (profile.summary, profile.topics.count()) == ("", 0)


def test_what_only_confirms_the_day_says_so_and_cannot_be_taken_back(profile, function, desk):
    said, changed = change(function), change(function, office_name="Neu")
    html = desk.get(address("profile_changes")).content.decode()
    assert html.count("Bestätigt, ohne etwas zu ändern.") == 1
    assert changed in links_to_take_back(html)
    assert said not in links_to_take_back(html)
    answer = desk.post(address("take_back_profile", said), {"reason": "Falsch."})
    assert "Diese hat keine Angabe geändert." in answer.content.decode()


def test_taking_back_confirms_nothing(profile, function, desk):
    version = change(function, office_name="Werbung")
    Profile.objects.update(confirmed_on="2026-01-01")
    desk.post(address("take_back_profile", version), {"reason": "Falsch."})
    assert str(Profile.objects.get().confirmed_on) == "2026-01-01"


def test_the_office_brings_a_whole_state_back_without_a_mail(profile, function, desk):
    version = history.version_of(Profile, profile.pk)
    change(function, office_name="Eins")
    change(function, summary="Zwei")
    desk.post(address("bring_back_profile", version))
    now = Profile.objects.get()
    assert (now.office_name, now.summary) == ("Stabsstelle", "Hier engagieren sich viele.")
    assert not OutgoingMail.objects.exists()


def test_versions_of_others_are_not_found(profile, desk):
    other = history.version_of(Profile, ProfileFactory().pk)
    for name in ("take_back_profile", "profile_reviewed", "bring_back_profile"):
        assert desk.post(address(name, other), {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_changes_needs_the_same_queries(profile, function, desk, count, django_assert_num_queries):
    for number in range(count):
        change(function, office_name=f"Stelle {number}")
    with django_assert_num_queries(QUERIES):
        desk.get(address("profile_changes"))
