"""The office's pages of a summit: inviting, letters, answers on the telephone, papers; and what is typed wrong."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from meetings import summit_answering, summit_documents, summit_inviting
from meetings.models import BriefingPaper, Invitation, Registration, Reply
from meetings.summit_answering import Said
from tests.factories import HeadFactory, MeetingFactory, MunicipalityFactory
from tests.pdf_files import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory(summit=True)


@pytest.fixture
def head():
    return HeadFactory(municipality=MunicipalityFactory(name="Ahaus", member=True))


@pytest.fixture
def invitation(meeting, head, office):
    [row], _ = summit_inviting.invite(meeting, [head.pk], by=office)
    return row


@pytest.fixture
def desk(client_of, office):
    return client_of(office)


def note(desk, invitation, **values):
    where = reverse("record_answer", args=[invitation.meeting_id, invitation.pk])
    return desk.post(where, {"antwort": "deputy", "way": "letter", "stand": "0"} | values, follow=True)


def test_inviting_takes_one_press_and_says_how_many(desk, meeting, head):
    where = reverse("invite_heads", args=[meeting.pk])
    page = desk.get(where).text
    assert "Eine Verwaltungsspitze" in page
    assert "Sehr geehrte Frau Bürgermeisterin," in page
    answer = desk.post(where, {"row": [head.pk]}, follow=True)
    assert "Eingeladen: 1." in answer.text
    desk.post(where, {"row": [head.pk]})  # pressed twice
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("rows", [[], ["4711"], ["x"], ["4711\x00"]])
def test_nobody_is_invited_by_a_wrong_selection(desk, meeting, head, rows):
    answer = desk.post(reverse("invite_heads", args=[meeting.pk]), {"row": rows})
    assert answer.status_code == 200
    assert not Invitation.objects.exists()


def test_a_deputy_noted_from_a_letter(desk, invitation):
    note(desk, invitation, deputy_last_name="Muster", deputy_first_name="Dora", deputy_office="Beigeordnete")
    reply = Reply.objects.get()
    assert (reply.way, reply.given_by) == ("letter", None)
    assert Registration.objects.get().person.name == "Dora Muster"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Geben Sie den Nachnamen der Vertretung ein."),
        ({"deputy_last_name": "Muster"}, "Geben Sie das Amt der Vertretung ein."),
        ({"deputy_last_name": "M", "deputy_office": "B", "deputy_email": "x"}, "vollständige E-Mail-Adresse"),
        ({"antwort": "vielleicht"}, "Wählen Sie eine der drei Antworten."),
        ({"antwort": "comes", "way": "link"}, "Wählen Sie aus der Liste."),
    ],
)
def test_what_is_typed_wrong_is_said_and_stores_nothing(desk, invitation, values, sentence):
    assert sentence in note(desk, invitation, **values).text
    assert not Reply.objects.exists()


def test_a_browser_that_fills_in_the_hidden_fields_stands_in_nobodys_way(desk, invitation):
    note(desk, invitation, antwort="comes", deputy_email="kaputt")
    assert Reply.objects.get().answer == "comes"


def test_a_colleague_who_notes_the_same_call_is_told(desk, invitation):
    summit_answering.answer(invitation, Said("declines"), by=None, way="phone")
    assert "schon geantwortet" in note(desk, invitation, antwort="comes").text
    assert Reply.objects.get().answer == "declines"


def test_a_quick_answer_keeps_the_wish(desk, invitation):
    summit_answering.answer(invitation, Said("comes", topic_wish="Ehrenamtskarte"), by=invitation.person)
    where = reverse("record_quickly", args=[invitation.meeting_id, invitation.pk])
    desk.post(where, {"antwort": "declines", "way": "phone"})
    reply = Reply.objects.get()
    assert (reply.answer, reply.topic_wish) == ("declines", "Ehrenamtskarte")
    assert desk.post(where, {"antwort": "deputy", "way": "phone"}).url.endswith(f"/antworten/{invitation.pk}/")


@pytest.mark.once
def test_letters_come_in_parts(desk, meeting, head, office, monkeypatch):
    monkeypatch.setattr("meetings.summit_desk_views.LETTERS_A_FILE", 1)
    other = HeadFactory(municipality=MunicipalityFactory(name="Bonn", member=True), wants_letters=True)
    summit_inviting.invite(meeting, [head.pk, other.pk], letters_for_all=True, by=office)
    where = reverse("summit_letters", args=[meeting.pk])
    assert "Ahaus" in text_of(desk.get(where).content)
    assert "Bonn" in text_of(desk.get(f"{where}?teil=2").content)
    for part in ("3", "x", "0", "\x00"):
        assert desk.get(where, {"teil": part}).status_code in (200, 302)
    assert summit_documents.LETTERS_A_FILE > 1


def test_papers_are_real_pdf_files_and_go_again(desk, meeting, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    where = reverse("summit_papers", args=[meeting.pk])
    no_pdf = SimpleUploadedFile("Tagesordnung.pdf", b"MZ")
    assert "keine" in desk.post(where, {"title": "Tagesordnung", "file": no_pdf}).text
    assert not BriefingPaper.objects.exists()
    real = SimpleUploadedFile("x.pdf", summit_documents.seating(meeting))
    desk.post(where, {"title": "Tagesordnung", "file": real})
    paper = BriefingPaper.objects.get()
    assert desk.get(reverse("summit_paper", args=[meeting.pk, paper.pk])).content.startswith(b"%PDF")
    desk.post(reverse("remove_paper", args=[meeting.pk, paper.pk]))
    assert not BriefingPaper.objects.exists()
