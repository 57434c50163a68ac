"""A planted person is found nowhere after erasing her, and every count is as before."""

import datetime
import json
import logging
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection

from core import delivery, erasing, journal, mailkinds
from core.actions import Recipient, queue_batch, queue_mail
from core.dates import today
from core.history import Actor, acting_as
from core.models import MailState, OutgoingMail
from members.access import contacts_for
from members.models import (
    Confirmation,
    ContactPerson,
    HeadOfAdministration,
    ImportKind,
    ImportRun,
    Membership,
    Municipality,
    Note,
    Person,
    SpokespersonTerm,
)
from members.privacy import subject_of
from netzwerk import actions, forgetting
from netzwerk.models import Erasure, PageKey, TextPage, Viewing
from tests.core.kinds import KINDS
from tests.core.processes import ROOT, environment
from tests.factories import (
    ContactPersonFactory,
    HeadFactory,
    MunicipalityFactory,
    OuterOfficeFactory,
    PersonFactory,
    ProfileFactory,
    SpokespersonTermFactory,
    UserFactory,
)
from users import actions as user_actions
from users.models import User

FIRST, LAST, MAIDEN = "Rosamunde", "Zwölf-O'Planta", "Pflanzinger"
EMAIL, OLD_EMAIL, PHONE = "r.zwoelf@rheine.example", "pflanzinger@rheine.example", "05971 939-4711"
TRACES = (FIRST, LAST, MAIDEN, EMAIL, OLD_EMAIL, PHONE)
NAME = f"{FIRST} {LAST}"


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    for kind in KINDS:
        monkeypatch.setitem(mailkinds._kinds, kind.key, kind)


@pytest.fixture
def planted(town, client_of, mailoutbox, office):
    """A person who has left traces wherever the portal keeps any."""
    person = PersonFactory(first_name=FIRST, last_name=MAIDEN, title="Dr.", form_of_address="Frau", email=OLD_EMAIL)
    function = ContactPersonFactory(person=person, municipality=town, position=f"Stab {NAME}", name_visibility="public")
    former = ContactPersonFactory(person=person, municipality=MunicipalityFactory())
    head = HeadOfAdministration.objects.create(
        person=person, municipality=town, office_title="Bürgermeisterin", salutation=f"Liebe Frau {LAST}"
    )
    person.user = user_actions.open_account(OLD_EMAIL, by=office)
    person.last_name, person.email, person.phone = LAST, EMAIL, PHONE
    person.save()
    former.delete()
    user_actions.change_account(person.user, email=EMAIL, by=office)
    _sign_in(person.user, client_of)
    with acting_as(Actor(person.key, person.name)):
        function.save()
        head.save()
    _write_about(person, town, office)
    _give_offices(person, town, office)
    delivery.run_sender()
    queue_mail("test.business", to_address=EMAIL, to_name=NAME, recipient_key=person.key, data={"name": NAME})
    return person


def _sign_in(user, client_of):
    client = client_of(user)
    UserSession.objects.create(user=user, ip="192.0.2.1", session_key=client.session.session_key, user_agent="Browser")
    EmailAddress.objects.create(user=user, email=EMAIL)
    waiting = client_of(None).session
    waiting["account_login"] = {"email": EMAIL}
    waiting.save()


def _give_offices(person, town, office):
    """Rows of every other table that has a person, and a list to read in that still names her."""
    OuterOfficeFactory(person=person, municipality=town, note=f"Durchwahl {PHONE}, {NAME}")
    SpokespersonTermFactory(person=person, municipality=town)
    Confirmation.objects.create(contact=person.contact_functions.get())
    Viewing.objects.create(person=person, viewer=office)
    with acting_as(Actor(person.key, person.name)):
        Note.objects.create(municipality=town, person=person, text=f"{NAME} ruft zurück: {PHONE}", author=office)
    Note.objects.create(municipality=town, text=f"Vertretung von Frau {LAST} klären")
    rows = [[2, [NAME, EMAIL]], [3, [FIRST, LAST, "Rheine"]], [4, ["Linus", "Beispiel", ""]]]
    ImportRun.objects.create(
        kind=ImportKind.CONTACTS, file_name=f"{LAST}, {FIRST}.xlsx", headings=["Vorname", "Name", "Kommune"], rows=rows,
        answers={NAME: ""}, person_ids=[person.pk], created_by=office,
    )  # fmt: skip


def _write_about(person, town, office):
    profile = ProfileFactory(municipality=town, summary=f"Fragen Sie {NAME} ({PHONE}).", office_email=EMAIL)
    profile.office_name = f"Büro Frau {LAST}"
    profile.save()
    Membership.objects.filter(municipality=town).update(note=f"Anruf von Dr. {FIRST}\n{LAST}")
    actions.report_barrier(what=f"Ich, {NAME}, kann nichts lesen.", address=EMAIL.upper())
    actions.report_barrier(what="Karte", address="andere@stadt.example")
    page = TextPage.objects.get(key=PageKey.CONTACT)
    actions.save_page(page, title="Kontakt", text=f"Rufen Sie {LAST}, {FIRST} an: {PHONE}")
    with acting_as(Actor("user:1", "Büro")):
        queue_mail(
            "test.business",
            to_address="buero@stadt.example",
            recipient_key="office",
            data={"text": f"{NAME} hat sich abgemeldet", "list": [EMAIL, {"deep": NAME}]},
        )
    queue_batch("test.business", [Recipient(person.key, EMAIL, NAME)], title=f"Glückwunsch an {NAME}", by=office)
    content_type = ContentType.objects.get_for_model(person)
    LogEntry.objects.create(
        user=office, content_type=content_type, object_id=person.pk, object_repr=f"Dr. {NAME}", action_flag=CHANGE,
        change_message=json.dumps([{"changed": {"name": NAME}}]),
    )  # fmt: skip


def dump() -> dict[str, str]:
    """Every table with all columns as text, JSON and sessions readable."""
    with connection.cursor() as cursor:
        tables = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            tables[table] = "\n".join(_plain(value) for row in cursor.fetchall() for value in row)
    tables["sessions, decoded"] = "\n".join(json.dumps(row.get_decoded()) for row in Session.objects.all())
    return tables


def _plain(value) -> str:
    text = str(value)
    return text.encode().decode("unicode_escape", errors="replace") + text if "\\u" in text else text


def hits() -> set[tuple[str, str]]:
    """Table and trace, however the trace is written."""
    spellings = {trace: {trace, trace.lower(), trace.upper(), trace.replace("'", "&#x27;")} for trace in TRACES}
    return {
        (table, trace)
        for table, text in dump().items()
        for trace, ways in spellings.items()
        if any(way in text for way in ways)
    }


def figures() -> dict[str, object]:
    mails = OutgoingMail.objects.counts()
    return {
        "persons": Person.objects.count(),
        "functions": ContactPerson.objects.count(),
        "of the town": ContactPerson.objects.filter(municipality__slug="rheine").count(),
        "heads": HeadOfAdministration.objects.count(),
        "notes": Note.objects.count(),
        "asked": Confirmation.objects.count(),
        "speakers": SpokespersonTerm.objects.count(),
        "members": Municipality.objects.members().count(),
        "versions": Person.history.count(),
        "reports": actions.BarrierReport.objects.count(),
        "mails": sum(mails.values()),
        "sent": mails[MailState.SENT],
    }


def request_and_erase(person, office, administrator):
    forgetting.request_erasure(person, by=office)
    forgetting.erase(person, by=administrator)


def test_a_planted_person_is_found_nowhere_after_erasing(
    planted, office, administrator, settings, caplog, record_property
):
    caplog.set_level(logging.DEBUG)
    before = figures()
    found = hits()
    assert {trace for _, trace in found} == set(TRACES)
    assert {table for table, _ in found} >= {
        "members_person", "members_historicalperson", "members_contactperson", "members_profile", "members_membership",
        "members_historicalcontactperson", "members_historicalprofile", "netzwerk_barrierreport", "netzwerk_textpage",
        "users_user", "users_historicaluser", "core_outgoingmail", "core_batch", "django_admin_log",
        "account_emailaddress", "sessions, decoded", "members_headofadministration", "members_note",
        "members_historicalnote", "members_outeroffice", "members_importrun",
    }  # fmt: skip
    caplog.clear()
    request_and_erase(planted, office, administrator)
    assert hits() == set()
    assert figures() == before
    assert ImportRun.objects.get().rows == [[4, ["Linus", "Beispiel", ""]]]
    assert [trace for trace in TRACES if trace in caplog.text] == []
    files = [path for path in settings.DATA_DIR.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files for trace in TRACES if trace in path.read_text(errors="replace")] == []
    record_property("figures", f"found before in {len({table for table, _ in found})} tables, after in 0")


def test_what_stays_is_one_person_of_the_town(planted, town, office, administrator, client_of):
    request_and_erase(planted, office, administrator)
    function = ContactPerson.objects.get(municipality=town)
    assert str(function) == f"gelöschte Person, {town}"
    assert function.is_over()
    assert not User.objects.filter(email=EMAIL).exists()
    page = client_of(None).get("/kommunen/rheine/").text
    assert "Büro gelöschte Person" in page
    assert [trace for trace in TRACES if trace in page] == []
    assert contacts_for(office, town) == []
    erasure = Erasure.objects.get()
    assert (erasure.requested_by, erasure.done_by) == (office, administrator)


def test_mail_that_waited_does_not_go_out(planted, office, administrator, mailoutbox):
    sent = len(mailoutbox)
    request_and_erase(planted, office, administrator)
    delivery.run_sender()
    assert len(mailoutbox) == sent
    assert OutgoingMail.objects.filter(recipient_key=planted.key, state=MailState.PENDING).count() == 0


def test_open_sessions_are_over(planted, office, administrator, client_of):
    client = client_of(planted.user)
    assert client.get("/intern/").status_code == 200
    request_and_erase(planted, office, administrator)
    assert client.get("/intern/").status_code == 302


def test_an_account_that_ended_before_is_forgotten_too(planted, office, administrator):
    """Accounts end with the function; their history still knew the address."""
    user = planted.user
    planted.user = None
    planted.save()
    user_actions.end_account(user)
    request_and_erase(planted, office, administrator)
    assert hits() == set()


def test_a_mailbox_two_persons_shared_is_forgotten_with_the_second(town, office, administrator):
    user = UserFactory(email=EMAIL)
    one, other = (PersonFactory(user=user, email=EMAIL) for _ in range(2))
    request_and_erase(one, office, administrator)
    assert User.objects.filter(pk=user.pk).exists()
    request_and_erase(other, office, administrator)
    assert hits() == set()


def test_a_shared_mailbox_stays_with_the_other_person(town, office, administrator):
    user = UserFactory(email="ehrenamt@rheine.example")
    leaving = ContactPersonFactory(municipality=town, person__user=user, person__email=user.email).person
    staying = ContactPersonFactory(municipality=town, person__user=user, person__email=user.email).person
    queue_mail("test.business", to_address=user.email, recipient_key=staying.key, to_name=staying.name)
    request_and_erase(leaving, office, administrator)
    leaving.refresh_from_db()
    staying.refresh_from_db()
    assert (leaving.user, leaving.email, leaving.name) == (None, "", "gelöschte Person")
    assert (staying.user, staying.email) == (user, user.email)
    assert OutgoingMail.objects.get().to_name == staying.name


def test_a_namesake_and_longer_words_stay(town, office, administrator):
    person = PersonFactory(first_name="Rosa", last_name="Probe", form_of_address="Frau")
    PersonFactory(first_name="Rosa", last_name="Muster")
    profile = ProfileFactory(municipality=town, summary="Rosa Probehl und Frau Probe in der Probe. Rosa Muster.")
    counted = {finding.name: finding for finding in erasing.find(subject_of(person))}
    assert (counted["Profil"].mentions, counted["Profil"].unsure) == (2, 2)  # the row and its history
    request_and_erase(person, office, administrator)
    profile.refresh_from_db()
    assert profile.summary == "Rosa Probehl und gelöschte Person in der Probe. Rosa Muster."


def test_two_persons_of_one_name_keep_it(town, office, administrator):
    one, other = (PersonFactory(first_name="Rosa", last_name="Probe") for _ in range(2))
    profile = ProfileFactory(municipality=town, summary="Fragen Sie Rosa Probe.")
    request_and_erase(one, office, administrator)
    profile.refresh_from_db()
    other.refresh_from_db()
    assert (profile.summary, other.name) == ("Fragen Sie Rosa Probe.", "Rosa Probe")


def test_looking_changes_nothing(planted):
    before = dump()
    assert {finding.name for finding in erasing.find(subject_of(planted))} >= {"Person", "Ansprechperson", "Konto"}
    assert dump() == before


def test_nobody_confirms_her_own_request(planted, administrator):
    administrator.office = "secretariat"
    administrator.save()
    forgetting.request_erasure(planted, by=administrator)
    with pytest.raises(ValidationError, match="selbst gestellt"):
        forgetting.erase(planted, by=administrator)
    planted.refresh_from_db()
    assert planted.last_name == LAST


def test_staff_are_not_erased(office, administrator):
    person = PersonFactory(user=office)
    with pytest.raises(ValidationError, match="zuerst Stelle"):
        forgetting.request_erasure(person, by=administrator)


def test_a_request_counts_once_and_a_withdrawn_one_is_not_carried_out(planted, office, administrator):
    first = forgetting.request_erasure(planted, by=office)
    assert forgetting.request_erasure(planted, by=administrator) == first
    assert forgetting.withdraw_erasure(planted)
    with pytest.raises(ValidationError, match="schon entschieden"):
        forgetting.erase(planted, by=administrator)


# --- the journal ----------------------------------------------------------------------------------------------------


def test_the_journal_names_nobody_and_recognises_the_person_alone(planted, office, administrator, settings):
    request_and_erase(planted, office, administrator)
    entry = journal.entries()[-1]
    assert entry.key == planted.key
    assert entry.fits(LAST)
    assert entry.fits(MAIDEN)
    assert not entry.fits("Muster")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert entry.fits(LAST)


def test_another_person_under_the_same_number_is_left_alone(office, administrator):
    person = PersonFactory(last_name="Muster")
    journal.append(person.key, ["Probe"])
    assert journal.replay() == 0
    person.refresh_from_db()
    assert person.last_name == "Muster"


def test_nothing_is_erased_if_the_journal_cannot_be_written(planted, office, administrator, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.DATA_DIR = tmp_path / "file" / "folder"
    with pytest.raises(OSError, match="Not a directory"):
        request_and_erase(planted, office, administrator)
    planted.refresh_from_db()
    assert planted.last_name == LAST
    assert Erasure.objects.open().exists()


@pytest.mark.parametrize("days", [0, 30])
def test_who_was_entered_today_or_for_later_is_never_in_office(town, office, administrator, days):
    begin = today() + datetime.timedelta(days=days)
    contact = ContactPersonFactory(municipality=town, started_on=begin)
    HeadFactory(person=contact.person, municipality=town, started_on=begin)
    request_and_erase(contact.person, office, administrator)
    assert not town.contacts.on(begin).exists()
    assert not town.heads.on(begin).exists()


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_are_one():
    person, by, start = PersonFactory(), UserFactory(staff=True), threading.Barrier(2)

    def request(_):
        try:
            start.wait()
            return forgetting.request_erasure(person, by=by).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(request, range(2))) == {Erasure.objects.get().pk}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_d5_who_was_erased_stays_erased_when_an_older_backup_comes_back(settings, tmp_path):
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path / "data", tmp_path / "data" / "media"
    settings.MEDIA_ROOT.mkdir(parents=True)
    person = ContactPersonFactory(person__first_name=FIRST, person__last_name=LAST, person__email=EMAIL).person
    staying = ContactPersonFactory().person
    call_command("backup", str(tmp_path / "saved"))
    request_and_erase(person, UserFactory(staff=True), UserFactory(administrator=True))
    person.refresh_from_db()
    assert person.is_erased
    options = {"DATA_DIR": str(settings.DATA_DIR), "EMAIL_URL": "smtp://127.0.0.1:1"}
    command = [sys.executable, "manage.py", "restore", str(tmp_path / "saved"), "--replace"]
    connection.close()
    answer = subprocess.run(
        command, cwd=ROOT, env=environment(**options), capture_output=True, text=True, timeout=120, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert "noch standen: 1." in answer.stdout
    person.refresh_from_db()
    staying.refresh_from_db()
    assert person.is_erased
    assert not staying.is_erased
    assert hits() == set()
