""" "Heute": the start page of the back office, and the menu of all its pages."""

import datetime

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.actions import Recipient, queue_batch
from core.models import Batch, MailState, OutgoingMail
from netzwerk.actions import report_barrier, save_page
from netzwerk.menu import MENU, page_of
from netzwerk.models import BarrierReport, TextPage
from tests.factories import MunicipalityFactory
from users import actions as user_actions
from users.models import AccessInvitation

pytestmark = pytest.mark.django_db


@pytest.fixture
def written():
    """No page of the website has a gap left."""
    for page in TextPage.objects.all():
        save_page(page, title="Seite", text="Ohne Lücken.")


def today(client):
    return client.get(reverse("admin:index")).content.decode()


def batch(title="Einladung"):
    return queue_batch("users.access_invitation", [Recipient("person:1", "a@b.example")], title=title, by=None)


@pytest.fixture
def kind(monkeypatch):
    """A batch needs a kind that does not sign in."""
    monkeypatch.setattr("core.actions.kind_for", lambda key: type("Kind", (), {"mail_class": "business"}))


def test_nothing_open_is_said_in_words(client_of, office, written):
    page = today(client_of(office))
    for sentence in ("Nichts zu entscheiden.", "Nichts zu erledigen.", "Gerade läuft nichts."):
        assert sentence in page


def test_a_barrier_report_is_to_be_answered_in_time(client_of, office, written):
    report = report_barrier(what="Die Karte lässt sich nicht vorlesen.")
    BarrierReport.objects.update(created_at=timezone.now() - datetime.timedelta(days=3), due_on="2027-03-12")
    page = today(client_of(office))
    assert "Meldung zur Barrierefreiheit, zu beantworten bis 12. März 2027" in page
    assert "seit 3 Tagen" in page
    report.refresh_from_db()
    report.answered_on = "2027-03-01"
    report.save()
    assert "Nichts zu erledigen." in today(client_of(office))


def test_pages_with_gaps_are_counted(client_of, office):
    gaps = sum(bool(page.placeholders) for page in TextPage.objects.all())
    assert gaps > 1
    page = today(client_of(office))
    assert f'">{gaps}</a>' in page
    assert "Seiten der Website mit Lücken im Text" in page


def test_each_person_sees_only_the_lines_of_her_duties(client_of, administrator, office, written):
    MunicipalityFactory(member=True)
    report_barrier(what="Die Karte lässt sich nicht vorlesen.")
    AccessInvitation.objects.create(user=office)
    assert "Mitglied ohne Profil" in today(client_of(office))
    assert "Einladung noch nicht angenommen" not in today(client_of(office))
    page = today(client_of(administrator))
    assert "Konto, dessen Einladung noch nicht angenommen ist" in page
    assert "Nichts zu erledigen." in page


def test_the_oldest_line_comes_first_and_what_has_no_age_last(client_of, office, written):
    MunicipalityFactory(member=True)
    report_barrier(what="Die Karte lässt sich nicht vorlesen.")
    OutgoingMail.objects.create(kind="test", to_address="a@stadt.example", state=MailState.FAILED)
    OutgoingMail.objects.update(created_at=timezone.now() - datetime.timedelta(days=5))
    page = today(client_of(office))
    places = [
        page.index(text) for text in ("nicht zustellbar", "Meldung zur Barrierefreiheit,", "Mitglied ohne Profil")
    ]
    assert places == sorted(places)


def test_the_number_of_queries_does_not_grow(client_of, office, kind):
    def fill():
        MunicipalityFactory(member=True)
        report_barrier(what="Die Karte lässt sich nicht vorlesen.")
        batch()

    client = client_of(office)
    fill()
    today(client)
    with CaptureQueriesContext(connection) as one:
        today(client)
    for _ in range(2):
        fill()
    with CaptureQueriesContext(connection) as three:
        today(client)
    assert len(three) == len(one)


def test_a_held_batch_is_taken_back_with_one_button(client_of, office, kind):
    url = reverse("take_back_batch", args=[batch().pk])
    assert f'action="{url}"' in today(client_of(office))
    page = client_of(office).post(url, follow=True).content.decode()
    assert "„Einladung“ ist zurückgenommen. Nicht gesendete E-Mails: 1." in page
    assert Batch.objects.get().taken_back_at
    assert Batch.objects.get().history.first().history_user == office


@pytest.mark.parametrize("number", ["0", "99999999999999999999"])
def test_a_batch_that_is_not_there_is_not_found(client_of, office, number):
    url = f"/verwaltung/e-mails/sammelsendungen/{number}/zuruecknehmen/"
    assert client_of(office).post(url).status_code == 404


def test_who_may_not_decide_takes_nothing_back(client_of, administrator, contact, kind):
    url = reverse("take_back_batch", args=[batch().pk])
    assert client_of(administrator).post(url).status_code == 403
    assert client_of(contact).post(url, follow=True).status_code == 403
    assert client_of(None).post(url)["Location"].startswith(reverse("admin:login"))
    assert Batch.objects.get().taken_back_at is None


# --- menu ---------------------------------------------------------------------------------------------------------


def test_every_list_of_the_back_office_stands_under_a_word():
    lists = {page_of(entry).name for word in MENU for entry in word.entries}
    models = [model._meta for model in admin.site._registry]
    assert {f"admin:{meta.app_label}_{meta.model_name}_changelist" for meta in models} - lists == set()


def test_every_staff_page_shows_the_menu_and_marks_its_word(client_of, office):
    page = client_of(office).get(reverse("admin:members_person_changelist")).content.decode()
    assert f'<a href="{reverse("admin:members_person_changelist")}" aria-current="true">Personen</a>' in page
    assert f'<a href="{reverse("admin:index")}">Heute</a>' in page
    assert f'<a href="{reverse("admin:members_contactperson_changelist")}">Ansprechpersonen</a>' in page
    assert "nav-sidebar" not in page
    assert f'<a href="{reverse("admin:index")}" aria-current="page">Heute</a>' in today(client_of(office))


def test_the_menu_holds_only_what_the_reader_may_open(client_of, administrator):
    page = today(client_of(administrator))
    assert "Ansprechpersonen" not in page
    assert "E-Mails" not in page
    assert f'<a href="{reverse("admin:users_user_changelist")}">Konten</a>' in page


def test_the_start_page_leads_to_every_list(client_of, office):
    page = today(client_of(office))
    for word in MENU:
        for entry in map(page_of, word.entries):
            assert (f'href="{reverse(entry.name)}"' in page) == office.has_perm(entry.permission)


def test_an_invitation_no_longer_waits_once_it_is_accepted(client_of, administrator):
    user = user_actions.open_account("rosa@stadt.example", by=administrator)
    user_actions.invite(user, by=administrator)
    assert "Einladung noch nicht angenommen" in today(client_of(administrator))
    AccessInvitation.objects.update(accepted_at=timezone.now())
    assert "Einladung noch nicht angenommen" not in today(client_of(administrator))
