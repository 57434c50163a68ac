"""The dossier of a body, and what is written there while somebody calls."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.dates import today
from core.models import MailState, OutgoingMail
from members import noting
from members.models import HeadOfAdministration, Note, OuterOffice
from tests.factories import ContactPersonFactory, MembershipFactory, MunicipalityFactory, PersonFactory, ProfileFactory
from users.models import AccessInvitation


def url(town):
    return reverse("dossier", args=[town.slug])


def page(client, town, query=""):
    response = client.get(url(town) + query)
    assert response.status_code == 200
    return response.content.decode()


def part(html, slug):
    """The section of the dossier under this anchor, without its tags."""
    section = re.search(rf'<section[^>]* id="{slug}".*?</section>', html, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", "", section).split())


def mail_to(key, subject="Einladung"):
    return OutgoingMail.objects.create(
        kind="test", to_address="a@stadt.example", recipient_key=key, state=MailState.SENT, subject=subject
    )


def test_it_says_how_the_body_stands(client_of, office, town):
    client = client_of(office)
    assert "Mitglied seit Dezember 2012" in page(client, town)
    assert "Nicht Mitglied" in page(client, MunicipalityFactory())
    former = MunicipalityFactory()
    MembershipFactory(municipality=former, ended_on="2019-03-31", end_reason="Neuordnung")
    html = page(client, former)
    assert "Mitglied von Dezember 2012 bis 31. März 2019" in html
    assert "Neuordnung" in part(html, "mitgliedschaft")


def test_it_shows_who_answers_and_how_far_her_access_is(client_of, office, town, contact, colleague):
    contact.last_login = timezone.make_aware(datetime.datetime(2027, 3, 12, 9))
    contact.save(update_fields=["last_login"])
    colleague.is_active = False
    colleague.save()
    ContactPersonFactory(municipality=town, person=PersonFactory(user=None, last_name="Ohnezugang", phone="", email=""))
    invited = ContactPersonFactory(municipality=town).person.user
    AccessInvitation.objects.create(user=invited, sent_at=timezone.make_aware(datetime.datetime(2027, 3, 1, 9)))
    ContactPersonFactory(municipality=town, ended_on="2020-12-31", person=PersonFactory(last_name="Früher"))
    text = part(page(client_of(office), town), "ansprechpersonen")
    for words in (
        "Telefon 0251 12345",
        "zuletzt angemeldet am 12. März 2027",
        "Zugang gesperrt",
        "kein Zugang",
        "kein Telefon · keine E-Mail-Adresse",
        "am 1. März 2027 eingeladen, noch nie angemeldet",
        "Frühere Ansprechpersonen (1)",
    ):
        assert words in text


def test_it_shows_the_head_and_her_outer_office(client_of, office, town):
    head = PersonFactory(first_name="Ruth", last_name="Probe")
    HeadOfAdministration.objects.create(municipality=town, person=head, office_title="Bürgermeisterin")
    OuterOffice.objects.create(municipality=town, person=PersonFactory(last_name="Vorzimmer", phone="0251 99"))
    text = part(page(client_of(office), town), "spitze")
    assert "Bürgermeisterin Ruth Probe" in text
    assert "Telefon 0251 99" in text


def test_it_shows_the_profile_and_what_is_missing(client_of, office, town):
    ProfileFactory(municipality=town, office_name="Stabsstelle Ehrenamt", volunteer_card="planned")
    text = part(page(client_of(office), town), "profil")
    assert "Stabsstelle Ehrenamt" in text
    assert "Einführung geplant" in text
    assert re.search(r"Es fehlt: .*E-Mail der Anlaufstelle.*Themen", text)


def test_it_shows_mails_to_persons_and_accounts_of_the_body_alone(client_of, office, town, contact, stranger):
    person = contact.persons.get()
    mail_to(person.key)
    mail_to(contact.key, "Ihr Zugang")
    mail_to(stranger.key, "Für Bonn")
    text = part(page(client_of(office), town), "e-mails")
    assert "Einladung an a@stadt.example gesendet" in text
    assert "Ihr Zugang" in text
    assert "Für Bonn" not in text


def test_the_list_behind_the_mails_holds_the_same(client_of, office, town, contact):
    for number in range(12):
        mail_to(contact.key, f"Brief {number}")
    mail_to("person:0")
    client = client_of(office)
    html = page(client, town)
    link = re.search(r'<a href="([^"]+)">Alle E-Mails', html)[1].replace("&amp;", "&")
    assert "12 Zustellungen" in client.get(link).content.decode()


def test_its_history_tells_of_all_its_records(client_of, office, town, contact):
    client = client_of(office)
    membership = town.memberships.get()
    membership.note = "Urkunde liegt vor."
    membership.save()
    person = contact.persons.get()
    person.phone = "0251 777"
    person.save()
    text = part(page(client, town), "verlauf")
    assert "Mitgliedschaft geändert Anmerkung: leer → „Urkunde liegt vor.“" in text
    assert f"Person {person.name} geändert Telefon: „0251 12345“ → „0251 777“" in text


def test_its_history_turns_pages(client_of, office, town):
    for number in range(25):
        town.website = f"https://rheine.example/{number}"
        town.save()
    client = client_of(office)
    assert "?verlauf=2#verlauf" in page(client, town)
    assert "Kommune angelegt" in part(page(client, town, "?verlauf=2"), "verlauf")


def test_the_number_of_queries_does_not_grow(client_of, office, town):
    def fill():
        contact = ContactPersonFactory(municipality=town)
        OuterOffice.objects.create(municipality=town, person=PersonFactory())
        noting.write_note(town, text="Anruf", person=contact.person, by=office)
        mail_to(contact.person.key)

    def queries():
        page(client, town)  # what changed in public is read anew once
        with CaptureQueriesContext(connection) as captured:
            page(client, town)
        return len(captured)

    client = client_of(office)
    ProfileFactory(municipality=town)
    fill()
    one = queries()
    fill()
    fill()
    assert queries() == one


@pytest.mark.parametrize("slug", ["gibt-es-nicht", "x" * 300])
def test_an_unknown_body_is_not_found(client_of, office, slug):
    assert client_of(office).get(f"/verwaltung/kommunen/{slug}/").status_code == 404


def test_lists_and_the_public_page_lead_to_it(client_of, office, contact, town):
    link = f'href="{url(town)}"'
    assert link in client_of(office).get(reverse("admin:members_municipality_changelist")).content.decode()
    public = reverse("municipality", args=[town.slug])
    assert link in client_of(office).get(public).content.decode()
    for reader in (None, contact):
        assert link not in client_of(reader).get(public).content.decode()


# --- notes --------------------------------------------------------------------------------------------------------


def send(client, town, **data):
    return client.post(reverse("write_note", args=[town.slug]), data, follow=True).content.decode()


def test_a_note_is_written_with_one_press(client_of, office, town):
    html = send(client_of(office), town, text="Fragt nach der Strategie.", follow_up="2")
    in_two_weeks = today() + datetime.timedelta(weeks=2)
    assert "Notiz gespeichert. Am" in html
    assert "Fragt nach der Strategie." in part(html, "notizen")
    note = Note.objects.get()
    assert (note.municipality, note.author, note.follow_up_on) == (town, office, in_two_weeks)


def test_a_wrong_note_keeps_what_was_typed(client_of, office, town):
    html = send(client_of(office), town, text="Fragt nach der Strategie.", day="bald")
    assert "Schreiben Sie das Datum wie „6.12.2027“" in html
    assert "Fragt nach der Strategie.</textarea>" in html
    assert 'value="bald"' in html
    assert not Note.objects.exists()


def test_markup_in_a_note_stays_text(client_of, office, town):
    html = send(client_of(office), town, text="<script>alert(1)</script>\n\nZweiter Absatz")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<p>Zweiter Absatz</p>" in html


@pytest.fixture
def note(town, office):
    return noting.write_note(town, text="Rückruf versprochen.", follow_up_on=today(), by=office)


def test_its_author_changes_and_deletes_a_note(client_of, office, town, note):
    client = client_of(office)
    change = reverse("change_note", args=[note.pk])
    assert f'href="{change}"' in page(client, town)
    assert "Rückruf versprochen.</textarea>" in client.get(change).content.decode()
    html = client.post(change, {"text": "Hat sich erledigt.", "follow_up": ""}, follow=True).content.decode()
    assert "Notiz geändert." in html
    note.refresh_from_db()
    assert (note.text, note.follow_up_on) == ("Hat sich erledigt.", None)
    assert "Schreiben Sie, worum es ging." in client.post(change, {"text": ""}).content.decode()
    html = client.post(reverse("delete_note", args=[note.pk]), follow=True).content.decode()
    assert "Noch keine Notiz." in part(html, "notizen")
    assert "Notiz gelöscht" in part(html, "verlauf")


def test_colleagues_read_a_note_and_settle_it_but_change_nothing(client_of, chancellery, town, note):
    client = client_of(chancellery)
    change = reverse("change_note", args=[note.pk])
    assert f'href="{change}"' not in page(client, town)
    assert client.post(change, {"text": "Fremd"}).status_code == 404
    assert client.post(reverse("delete_note", args=[note.pk])).status_code == 404
    finish = reverse("finish_note", args=[note.pk])
    assert client.post(finish)["Location"] == reverse("admin:index")
    html = client.post(finish, {"im_dossier": "1"}, follow=True).content.decode()
    assert "Wiedervorlage zu Rheine erledigt." in html
    note.refresh_from_db()
    assert (note.text, note.is_waiting) == ("Rückruf versprochen.", False)


def test_a_due_note_is_settled_from_today(client_of, office, note):
    client = client_of(office)
    start = client.get(reverse("admin:index")).content.decode()
    finish = reverse("finish_note", args=[note.pk])
    assert "Rheine: Rückruf versprochen." in start
    assert f'action="{finish}"' in start
    assert "Rheine: Rückruf" not in client.post(finish, follow=True).content.decode()


def test_others_than_the_offices_neither_read_nor_write_notes(client_of, contact, administrator, town, note):
    for reader in (contact, administrator):
        client = client_of(reader)
        assert client.get(url(town), follow=True).status_code == 403
        assert client.post(reverse("write_note", args=[town.slug]), {"text": "Spion"}, follow=True).status_code == 403
        assert client.post(reverse("finish_note", args=[note.pk]), follow=True).status_code == 403
    assert Note.objects.count() == 1


def test_who_wrote_what_is_listed_for_all_bodies(client_of, office, note):
    html = client_of(office).get(reverse("admin:members_note_changelist"), {"q": "Rückruf"}).content.decode()
    assert "1 Notiz" in html
    assert client_of(office).get(reverse("admin:members_note_add")).status_code == 403
