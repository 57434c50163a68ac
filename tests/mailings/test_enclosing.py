"""One file along with a mailing: what is taken, where it is shown, in which mails it is, and when it is gone."""

from email import message_from_bytes, policy

import pikepdf
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core import delivery, uploads
from core.letters import build_message
from core.models import Batch, OutgoingMail
from mailings import actions, enclosures, privacy, releasing
from mailings.models import EnclosedFile, Mailing
from meetings.models import Invitation
from tests.factories import ContactPersonFactory, MeetingFactory
from tests.mailing_factories import MailingFactory
from tests.pdf_files import saved
from tests.pictures import HEIC, SVG, photo_of_a_phone, picture

pytestmark = pytest.mark.django_db

STRICT = policy.SMTP.clone(raise_on_defect=True)
TYPED = {"rubric": "", "archive": "members", "subject": "Hallo", "text": "Guten Tag"}
EVENT = "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Übung\r\nEND:VEVENT\r\n"
ICS = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{EVENT}END:VCALENDAR\r\n".encode()


def pdf() -> bytes:
    with pikepdf.new() as file:
        file.add_blank_page()
        return saved(file)


def upload(name="Programm für Ältere.pdf", data=None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if data is None else data)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def desk(client_of, office):
    return client_of(office)


@pytest.fixture
def draft(office):
    return MailingFactory(author=office)


def stored(folder) -> list:
    return [path for path in folder.rglob("*") if path.is_file()]


def enclose(mailing, by, name="Termin.ics", data=ICS) -> EnclosedFile:
    return actions.enclose(mailing, enclosures.read(upload(name, data)), by=by)


def post(client, mailing, **data):
    return client.post(reverse("mailing", args=[mailing.pk]), TYPED | data, follow=True)


def message_of(mail: OutgoingMail):
    return message_from_bytes(build_message(mail).message().as_bytes(), policy=STRICT)


def send() -> None:
    with time_machine.travel(timezone.now() + Batch.HOLD):
        delivery.run_sender()


def test_it_goes_up_with_what_was_typed_and_can_be_seen_and_removed(
    desk, draft, media, django_capture_on_commit_callbacks
):
    page = post(desk, draft, file=upload())
    assert "Programm für Ältere.pdf</a>" in page.text
    assert Mailing.objects.get().text == "Guten Tag"
    file = desk.get(reverse("mailing_file", args=[draft.pk]))
    assert (file.content[:5], file["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert "sandbox" in file["Content-Security-Policy"]
    assert file["Content-Disposition"].startswith("attachment; filename*=utf-8''Programm%20f%C3%BCr")
    assert "Anlage: Programm für Ältere.pdf" in desk.get(reverse("mailing_txt", args=[draft.pk])).text
    assert "Programm für Ältere.pdf" in desk.get(reverse("mailing_release", args=[draft.pk])).text
    with django_capture_on_commit_callbacks(execute=True):
        page = post(desk, draft, text="Ohne", remove_file="1")
    assert "Datei anhängen" in page.text
    assert Mailing.objects.get().text == "Ohne"
    assert stored(media) == []
    assert desk.get(reverse("mailing_file", args=[draft.pk])).status_code == 404


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.docx", b"PK\x03\x04", "Wählen Sie ein PDF, ein Bild (JPEG, PNG) oder einen Kalendereintrag (ICS)."),
        ("a.pdf", b"PK\x03\x04", "Speichern Sie die Datei als PDF"),
        ("a.pdf", b"%PDF-1.7 abgeschnitten", "unvollständig angekommen"),
        ("a.pdf", b"%PDF-1.7" + bytes(enclosures.MAX_BYTES), "Sie hat mehr als 2 MB"),
        ("a.jpg", b"%PDF-1.7" + bytes(10_000_000), "Sie hat mehr als 2 MB"),
        ("leer.pdf", b"", "Diese ist leer"),
        ("a.svg", SVG, "SVG-Dateien"),
        ("a.heic", HEIC, "HEIC"),
        ("a.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "In dieser steht kein Termin."),
        ("a.ics", b"\xff\xfe", "In dieser steht kein Termin."),
        ("a.ics", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "In dieser steht kein Termin."),
        ("a.ics", b"END:VCALENDAR", "In dieser steht kein Termin."),
        ("a.ics", ICS.replace(b"VERSION:2.0", b"METHOD:REQUEST"), "statt ihn als Einladung zu verschicken"),
        ("a.ics", ICS + bytes(enclosures.MAX_CALENDAR_BYTES), "mehr als 100 KB"),
    ],
)
def test_a_wrong_file_is_refused_with_its_own_sentence_and_the_text_stays(desk, draft, name, data, sentence):
    page = post(desk, draft, text="Bleibt.", file=upload(name, data), submit="1")
    assert sentence in page.text
    assert "Bleibt.</textarea>" in page.text
    assert Mailing.objects.get().is_draft
    assert not EnclosedFile.objects.exists()


@pytest.mark.parametrize(
    ("sent", "data", "name", "content_type"),
    [
        ("C:\\Ablage\\Plakat.PNG", picture("PNG"), "Plakat.jpg", "image/jpeg"),
        ("Termin.ics", ICS, "Termin.ics", "text/calendar"),
        (".pdf", None, "Anlage.pdf", "application/pdf"),
        ("sci.\u202eexe.ics", ICS, "sci.exe.ics", "text/calendar"),
        pytest.param(f"{'ä' * 150}.ics", ICS, f"{'ä' * 96}.ics", "text/calendar", id="long"),
    ],
)
def test_each_gets_it_by_its_name_and_type(draft, office, chancellery, town, settings, sent, data, name, content_type):
    settings.DEMO = True  # keeps the letter in its row
    ContactPersonFactory.create_batch(2, municipality=town)
    row = enclose(draft, office, sent, data)
    actions.send_test(draft, to=office)
    draft.refresh_from_db()
    releasing.release(draft, by=chancellery, expected=2, seen_at=draft.changed_at)
    send()
    assert OutgoingMail.objects.filter(state="sent").count() == 3
    for mail in OutgoingMail.objects.all():
        (part,) = message_of(mail).iter_attachments()
        assert (part.get_filename(), part.get_content_type()) == (name, content_type)
        assert part.get_payload(decode=True) == uploads.read(row.file)
        assert mail.attachments == []  # no copy in any row


def test_where_a_picture_was_taken_stays_here(draft, office):
    row = enclose(draft, office, "foto.jpg", photo_of_a_phone())
    assert b"Beispielphone" not in uploads.read(row.file)


def test_an_invitation_and_an_information_bear_it_too(office, chancellery, town, mailoutbox):
    ContactPersonFactory(municipality=town)
    for values in ({"invites_to": MeetingFactory()}, {"rubric": "network"}):
        mailing = MailingFactory(author=office, **values)
        enclose(mailing, office)
        mailing.refresh_from_db()
        releasing.release(mailing, by=chancellery, expected=1, seen_at=mailing.changed_at)
    send()
    names = [part.get_filename() for letter in mailoutbox for part in letter.message().walk() if part.get_filename()]
    assert names == ["Termin.ics", "Termin.ics"]
    assert Invitation.objects.exists()


def test_a_mail_whose_file_is_gone_does_not_go_out_without_it(draft, office, chancellery, town, media, mailoutbox):
    ContactPersonFactory(municipality=town)
    enclose(draft, office)
    draft.refresh_from_db()
    releasing.release(draft, by=chancellery, expected=1, seen_at=draft.changed_at)
    for path in stored(media):
        path.unlink()
    send()
    mail = OutgoingMail.objects.get()
    assert (mail.state, mailoutbox) == ("failed", [])
    assert "FileNotFoundError" in mail.reason


def test_whoever_has_read_it_before_the_file_reads_it_again(draft, office, chancellery, town):
    ContactPersonFactory(municipality=town)
    actions.submit(draft, by=office)
    draft.refresh_from_db()
    seen = draft.changed_at
    enclose(draft, office)
    with pytest.raises(ValidationError, match="inzwischen geändert"):
        releasing.release(draft, by=chancellery, expected=1, seen_at=seen)


def test_released_it_stays_as_it_was_seen(desk, office):
    mailing = MailingFactory(planned=True)
    with pytest.raises(ValidationError):
        enclose(mailing, office)
    mailing = MailingFactory(sent=True)
    EnclosedFile.objects.create(mailing=mailing, name="a.pdf", content_type="application/pdf", size=1, file="a.pdf")
    with pytest.raises(ValidationError):
        actions.remove_file(mailing, by=office)


def test_a_copy_leaves_it_behind_and_says_so(desk, draft, office):
    enclose(draft, office)
    page = desk.post(reverse("copy_mailing", args=[draft.pk]), follow=True)
    assert "Ohne Anlage: Hängen Sie „Termin.ics“ wieder an" in page.text
    assert EnclosedFile.objects.get().mailing == draft


def test_it_goes_with_its_mailing(draft, office, media, django_capture_on_commit_callbacks):
    old = MailingFactory(author=office)
    enclose(old, office)
    Mailing.objects.filter(pk=old.pk).update(changed_at=timezone.now() - timezone.timedelta(days=400))
    for _ in range(2):  # the second in place of the first
        with django_capture_on_commit_callbacks(execute=True):
            enclose(draft, office)
    assert len(stored(media)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard(draft)
        assert privacy.forget_drafts() == 1
    assert (stored(media), EnclosedFile.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("archive", "visitor", "member"), [("public", 200, 200), ("members", 404, 200), ("nobody", 404, 404)]
)
def test_in_the_archive_it_is_where_its_mailing_is(client, client_of, contact, office, archive, visitor, member):
    mailing = MailingFactory(author=office, archive=archive)
    enclose(mailing, office)
    sent = MailingFactory(sent=True, archive=archive, batch__held_until=timezone.now())
    EnclosedFile.objects.update(mailing=sent)
    own = client_of(contact)
    assert client.get(reverse("public_mailing_file", args=[sent.pk])).status_code == visitor
    assert own.get(reverse("own_mailing_file", args=[sent.pk])).status_code == member
    if visitor == 200:
        assert (
            reverse("public_mailing_file", args=[sent.pk]) in client.get(reverse("public_mailing", args=[sent.pk])).text
        )
    if member == 200:
        assert reverse("own_mailing_file", args=[sent.pk]) in own.get(sent.get_absolute_url()).text
