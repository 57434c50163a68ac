"""The documentation of a meeting: writing it, what blocks publishing, its editions, its PDF, who is told."""

import datetime
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core.dates import today
from meetings import actions, documenting, editions, findings, releasing
from meetings.models import Agreement, Build, Consent, Documentation, Edition, Photo
from members.publishing import ChangedMeanwhileError
from tests.factories import AgendaItemFactory, MeetingFactory, PersonFactory
from tests.meetings.documented import add_photo, documented, past_meeting, published
from tests.pdf_files import text_of

pytestmark = pytest.mark.django_db


# --- writing ------------------------------------------------------------------------------------------------------


def test_two_who_write_the_same_are_told_and_nothing_is_lost(office, chancellery):
    item = AgendaItemFactory(meeting=past_meeting())
    first = documenting.save_chapter(item, {"summary": "Erster", "results": ""}, seen=0, reader=office)
    with pytest.raises(ChangedMeanwhileError):
        documenting.save_chapter(item, {"summary": "Zweiter", "results": ""}, seen=0, reader=chancellery)
    first.refresh_from_db()
    assert first.summary == "Erster"
    version = first.history.first().pk
    documenting.save_chapter(item, {"summary": "Zweiter", "results": ""}, seen=version, reader=chancellery)
    assert list(first.history.values_list("summary", flat=True)) == ["Zweiter", "Erster"]


def test_who_changes_another_field_disturbs_nobody(office, chancellery):
    item = AgendaItemFactory(meeting=past_meeting())
    chapter = documenting.save_chapter(item, {"summary": "Text", "results": ""}, seen=0, reader=office)
    seen = chapter.history.first().pk
    documenting.save_chapter(item, {"summary": "Text", "results": "Liste"}, seen=seen, reader=office)
    with pytest.raises(ChangedMeanwhileError):
        documenting.save_chapter(item, {"summary": "Neu", "results": ""}, seen=seen, reader=chancellery)


def test_the_overview_may_be_begun_while_somebody_sends_a_photo(office):
    meeting = past_meeting()
    add_photo(meeting)
    row = documenting.save_overview(meeting, {"overview": "Kurz", "is_public": True}, seen=0, reader=office)
    assert row.overview == "Kurz"


def test_the_page_keeps_what_the_script_sends_and_names_the_version(client_of, office):
    item = AgendaItemFactory(meeting=past_meeting())
    client, url = client_of(office), reverse("documentation_chapter", args=[item.meeting_id, item.pk])
    answer = client.post(url, {"summary": "Halber Satz", "results": "", "seen": "0", "quietly": "1"})
    assert (answer.status_code, answer["X-Seen"]) == (204, str(item.chapter.history.first().pk))
    late = client.post(url, {"summary": "Von woanders", "results": "", "seen": "0", "quietly": "1"})
    assert late.status_code == 409
    page = client.post(url, {"summary": "Von woanders", "results": "", "seen": "0"}).content.decode()
    assert "Jemand war schneller" in page
    assert "Von woanders" in page
    assert "Halber Satz" in page
    seen = item.chapter.history.first().pk
    assert f'value="{seen}"' in page
    assert client.post(url, {"summary": "Beides", "results": "", "seen": str(seen)}).status_code == 302


def test_a_version_that_no_database_can_hold_is_refused_calmly(client_of, office):
    item = AgendaItemFactory(meeting=past_meeting())
    url = reverse("documentation_chapter", args=[item.meeting_id, item.pk])
    for seen in ("9" * 40, "x", "-1"):
        assert client_of(office).post(url, {"summary": "Text", "results": "", "seen": seen}).status_code == 200


# --- what blocks publishing ---------------------------------------------------------------------------------------


def test_a_photo_without_words_blocks_and_is_listed_with_the_way_to_mend_it(office):
    meeting = documented(office)
    photo = add_photo(meeting, alt="", credit="", consent=Consent.OPEN)
    found = findings.findings(meeting.documentation)
    assert [finding.url for finding in found] == [reverse("documentation_photo_words", args=[meeting.pk, photo.pk])]
    assert "Bildbeschreibung, Quelle und Einwilligung fehlen" in found[0].text
    with pytest.raises(ValidationError, match="Ergänzen Sie zuerst"):
        releasing.order(meeting.documentation, by=office)
    assert not Build.objects.exists()
    documenting.change_words(photo, {"alt": "Ein Kreis", "credit": "Foto: Probe", "consent": Consent.PUBLIC})
    assert len(releasing.order(meeting.documentation, by=office)) == 2


def test_an_empty_documentation_is_not_printed(office):
    with pytest.raises(ValidationError, match="leer"):
        releasing.order(Documentation.objects.create(meeting=past_meeting()), by=office)


# --- editions -----------------------------------------------------------------------------------------------------


def test_names_stand_in_the_internal_edition_alone_and_only_with_consent(office):
    meeting = documented(office)
    for name, listed in (("Genannt", True), ("Ungenannt", False)):
        row = actions.register(
            meeting,
            person=PersonFactory(last_name=name),
            mode="on_site",
            by_staff=True,
            details=actions.Details(is_listed=listed),
        )
        actions.check_in(row)
    internal, public = (editions.article(meeting.documentation, edition) for edition in ("internal", "public"))
    assert "Genannt" in internal
    assert "Ungenannt" not in internal
    assert "2 Personen waren dabei" in internal
    assert "Genannt" not in public


def test_a_photo_for_members_is_missing_in_public(office):
    meeting = documented(office)
    photo = add_photo(meeting, consent=Consent.INSIDE)
    assert str(photo.public_id) in editions.article(meeting.documentation, Edition.INTERNAL)
    assert str(photo.public_id) not in editions.article(meeting.documentation, Edition.PUBLIC)


def test_a_meeting_by_invitation_has_no_public_edition(office):
    meeting = documented(office, past_meeting(kind="summit", audience="invited"))
    assert meeting.documentation.editions == [Edition.INTERNAL]


def test_what_is_typed_shows_as_typed_and_headings_stay_in_order(office):
    meeting = documented(office, text="# Erstens\n\n<script>alert(1)</script> [x](file:///etc/passwd)\n\n## Zweitens")
    html = editions.article(meeting.documentation, Edition.PUBLIC)
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert 'href="file:' not in html
    assert "<h3>Erstens</h3>" in html
    assert "<h4>Zweitens</h4>" in html


# --- the PDF, and publishing --------------------------------------------------------------------------------------


def test_from_the_press_to_the_published_page(client, client_of, office, contact):
    meeting = documented(office, network=True)
    address = reverse("documentation", args=[meeting.year, meeting.slug])
    assert client.get(address).status_code == 404
    builds = releasing.order(meeting.documentation, by=office)
    assert releasing.order(meeting.documentation, by=office) == builds
    for build in builds:
        releasing.make(build.pk)
        releasing.make(build.pk)
        build.refresh_from_db()
        assert build.is_done, build.reason
        assert (build.attempts, build.pages > 2) == (1, True)
    assert client.get(address).status_code == 404
    releasing.publish(meeting.documentation)
    page = client.get(address).content.decode()
    assert "öffentliche Fassung" in page
    assert "interne Fassung" in client_of(contact).get(address).content.decode()
    answer = client.get(reverse("documentation_pdf", args=[meeting.year, meeting.slug]))
    assert text_of(answer.content).count("Was bleibt") >= 1
    with pytest.raises(ValidationError, match="schon veröffentlicht"):
        releasing.publish(meeting.documentation)


def test_a_correction_comes_under_the_same_address_and_says_so(client, office):
    meeting = published(office)
    before = meeting.documentation.published(Edition.PUBLIC)
    documenting.save_overview(
        meeting,
        {"overview": "Berichtigt", "is_public": True},
        seen=meeting.documentation.history.first().pk,
        reader=office,
    )
    address = reverse("documentation", args=[meeting.year, meeting.slug])
    assert "Berichtigt" not in client.get(address).content.decode()
    published(office, meeting)
    page = client.get(address).content.decode()
    assert "Berichtigt" in page
    assert "korrigiert am" in page
    before.refresh_from_db()
    assert before.file.storage.exists(before.file.name)
    assert Build.objects.filter(edition="public", state="done").count() == 2


def test_what_was_withdrawn_is_gone_for_readers(client, client_of, office, contact):
    meeting = published(office)
    releasing.withdraw(meeting.documentation)
    for reader in (client, client_of(contact)):
        assert reader.get(reverse("documentation", args=[meeting.year, meeting.slug])).status_code == 404


def test_for_members_alone_a_visitor_meets_the_sign_in(client, client_of, office, contact):
    meeting = past_meeting(network=True)
    documenting.save_overview(meeting, {"overview": "Intern", "is_public": False}, seen=0, reader=office)
    published(office, meeting)
    address = reverse("documentation", args=[meeting.year, meeting.slug])
    assert client.get(address).status_code == 302
    assert client.get(reverse("documentation_pdf", args=[meeting.year, meeting.slug])).status_code == 404
    assert client_of(contact).get(address).status_code == 200


def test_a_photo_is_shown_to_whom_its_edition_is_for(client, client_of, office, contact):
    meeting = documented(office)
    inside, public = (add_photo(meeting, consent=consent) for consent in (Consent.INSIDE, Consent.PUBLIC))
    urls = [
        reverse("documentation_photo", args=[meeting.year, meeting.slug, row.public_id]) for row in (inside, public)
    ]
    assert [client.get(url).status_code for url in urls] == [404, 404]
    assert [client_of(office).get(url).status_code for url in urls] == [200, 200]
    published(office, meeting)
    assert [client.get(url).status_code for url in urls] == [404, 200]
    assert [client_of(contact).get(url).status_code for url in urls] == [200, 200]
    documenting.change_words(public, {"consent": Consent.OPEN})
    assert client.get(urls[1]).status_code == 404


def test_everything_in_one_file(client, office):
    meeting = documented(office)
    add_photo(meeting)
    add_photo(meeting, consent=Consent.INSIDE)
    published(office, meeting)
    answer = client.get(reverse("documentation_zip", args=[meeting.year, meeting.slug]))
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert names == ["Dokumentation.pdf", "Fotos/01 ein-kreis.webp", "Quellen.txt"]


def test_who_died_at_work_is_followed_by_another_and_at_last_it_is_said(office, django_capture_on_commit_callbacks):
    build = releasing.order(documented(office).documentation, by=office)[0]
    long_ago = timezone.now() - datetime.timedelta(minutes=6)
    Build.objects.filter(pk=build.pk).update(state="working", started_at=long_ago, attempts=1)
    releasing.sweep()
    build.refresh_from_db()
    assert build.state == "waiting"
    Build.objects.filter(pk=build.pk).update(state="working", started_at=long_ago, attempts=2)
    releasing.sweep()
    build.refresh_from_db()
    assert build.has_failed
    assert "unterbrochen" in build.reason


def test_a_lost_photo_fails_the_build_in_german_and_the_next_one_begins_anew(office):
    meeting = documented(office)
    photo = add_photo(meeting)
    photo.print_file.storage.delete(photo.print_file.name)
    build = releasing.order(meeting.documentation, by=office)[0]
    releasing.make(build.pk)
    build.refresh_from_db()
    assert build.has_failed
    assert "Laden Sie das Foto noch einmal hoch" in build.reason


# --- telling ------------------------------------------------------------------------------------------------------


def test_participants_are_told_once(client_of, office):
    meeting = documented(office)
    row = actions.register(meeting, person=PersonFactory(email="da@stadt.example"), mode="on_site", by_staff=True)
    actions.check_in(row)
    actions.register(meeting, person=PersonFactory(email="fehlte@stadt.example"), mode="on_site", by_staff=True)
    published(office, meeting)
    client, url = client_of(office), reverse("tell_documentation", args=[meeting.pk])
    assert "Eine Person bekommt eine E-Mail" in client.get(url).content.decode()
    client.post(url, {"wen": "teilnehmende", "anzahl": "7"})
    assert releasing.participants(meeting.documentation) == [row.person]
    client.post(url, {"wen": "teilnehmende", "anzahl": "1"})
    assert releasing.participants(meeting.documentation) == []


def test_nobody_is_told_of_what_is_not_published(office):
    meeting = documented(office)
    with pytest.raises(ValidationError, match="zuerst"):
        releasing.tell(meeting.documentation, [PersonFactory()], by=office)


# --- agreements ---------------------------------------------------------------------------------------------------


def test_the_next_meeting_takes_up_what_was_agreed(office):
    meeting = documented(office, network=True)
    due = today() + datetime.timedelta(days=30)
    documenting.agree(meeting, {"text": "Leitfaden schreiben", "who": "Rheine", "due_on": due})
    done = documenting.agree(meeting, {"text": "Schon getan", "who": "", "due_on": None})
    documenting.settle(done, is_done=True)
    coming = MeetingFactory(network=True)
    item = documenting.take_up(coming)
    assert "Leitfaden schreiben (Rheine), bis" in item.text
    assert "Schon getan" not in item.text
    assert documenting.take_up(coming) is None
    assert Agreement.objects.open().count() == 0


# --- photos -------------------------------------------------------------------------------------------------------


def test_a_photo_is_scaled_once_for_page_and_paper(office):
    meeting = documented(office)
    photo = add_photo(meeting, size=(4000, 3000))
    assert (photo.width, photo.height) == (1600, 1200)
    with photo.print_file.open() as file, Image.open(file) as printed:
        assert (printed.format, printed.size) == ("JPEG", (867, 650))
    documenting.remove(photo)
    assert not Photo.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_office_page_keeps_its_number_of_queries(client_of, office, count, django_assert_max_num_queries):
    meeting = documented(office)
    for _ in range(count):
        add_photo(meeting)
        documenting.agree(meeting, {"text": "Etwas", "who": "", "due_on": None})
    client, url = client_of(office), reverse("documentation_desk", args=[meeting.pk])
    client.get(url)
    with django_assert_max_num_queries(24):
        client.get(url)
