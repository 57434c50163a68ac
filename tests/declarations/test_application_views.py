"""The pages of the way in: interest, link, sections, files, and what somebody with a wrong link meets."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.links import token_for, withdraw
from core.models import OutgoingMail
from declarations import applying
from declarations.access import APPLYING
from declarations.models import Applicant, Application, ApplicationState, Criterion, Review
from declarations.models.criteria import SECTIONS
from tests.factories import ApplicationFactory, MunicipalityFactory
from tests.pdf_files import text_of as words_of
from tests.pictures import picture

pytestmark = pytest.mark.django_db
FORM = {"body": "Wetringen", "name": "Wanda Probe", "office": "Ehrenamt", "email": "wanda@stadt.example", "message": ""}


@pytest.fixture
def body():
    MunicipalityFactory(name="Aachen", slug="aachen")
    return MunicipalityFactory(name="Wettringen", slug="wettringen")


@pytest.fixture
def draft(body):
    return ApplicationFactory(municipality=body, filled=True)


@pytest.fixture
def link(draft):
    return lambda name="application", *more: reverse(name, args=[token(draft), *more])


def token(application):
    return token_for(application.applicants.first(), APPLYING)


def post(client, url, data=None, **files):
    return client.post(url, {**(data or {}), **files}, follow=True)


def text_of(response):
    return response.content.decode()


def test_a_slip_of_the_finger_still_finds_the_body_and_a_mail_brings_the_link(client, body):
    page = text_of(post(client, reverse("interest"), FORM))
    assert "Fast geschafft" in page
    assert Application.objects.get().municipality == body
    assert OutgoingMail.objects.get().to_address == "wanda@stadt.example"


def test_where_several_bodies_may_be_meant_they_are_named(client, body):
    MunicipalityFactory(name="Neuenkirchen", slug="neuenkirchen")
    MunicipalityFactory(name="Neuenrade", slug="neuenrade")
    page = text_of(post(client, reverse("interest"), FORM | {"body": "Neuen"}))
    assert "Meinen Sie Neuenkirchen oder Neuenrade?" in page
    assert 'value="Wanda Probe"' in page
    assert not Application.objects.exists()


def test_a_member_is_told_and_gets_no_mail(client, town):
    assert "Rheine ist schon Mitglied" in text_of(post(client, reverse("interest"), FORM | {"body": "Rheine"}))
    assert not OutgoingMail.objects.exists()


def test_nobody_advertises_by_the_mail(client, body):
    page = text_of(post(client, reverse("interest"), FORM | {"name": "Gewinn: www.spam.example"}))
    assert "ohne Internetadresse" in page


def test_opening_the_link_changes_nothing_and_the_button_begins(client, body):
    application = applying.ask(body, name="Wanda Probe", office="Ehrenamt", email="wanda@stadt.example")
    url = reverse("application", args=[token(application)])
    for _ in range(3):
        assert "Bestätigen und beginnen" in text_of(client.get(url))
    application.refresh_from_db()
    assert application.state == ApplicationState.REQUESTED
    page = text_of(post(client, reverse("confirm_application", args=[token(application)])))
    assert "Der Antrag liegt bei Ihnen." in page


@pytest.mark.parametrize("wrong", ["a" * 52, "abc", "%00"])
def test_a4_a_forged_link_helps_and_reveals_nothing(client, draft, wrong):
    response = client.get(f"/antrag/{wrong}/")
    assert response.status_code == 404
    assert "Neuen Link schicken" in text_of(response)
    assert "Wettringen" not in text_of(response)


def test_a4_a_withdrawn_link_and_that_of_another_are_no_key(client, draft, link):
    old = link()
    other = ApplicationFactory(municipality=MunicipalityFactory(name="Ahaus"))
    new = applying.attach(
        other.applicants.first(), Criterion.SHARED, applying.NewFile("x.pdf", "application/pdf", b"x")
    )
    assert client.get(link("application_file", new.public_id)).status_code == 404
    withdraw(Applicant.objects.filter(application=draft))
    assert client.get(old).status_code == 404
    assert client.post(old + "einreichen/").status_code == 404


def test_pages_by_link_are_kept_by_nobody_and_named_to_no_other_host(client, link):
    headers = client.get(link()).headers
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in headers["X-Robots-Tag"]


def test_asking_for_a_new_link_answers_the_same_to_everybody(client, draft):
    known = text_of(post(client, reverse("request_application_link"), {"email": "wanda@stadt.example"}))
    unknown = text_of(post(Client(), reverse("request_application_link"), {"email": "fremd@stadt.example"}))
    sentence = "Wenn mit dieser Adresse jemand an einem Antrag mitwirkt"
    assert sentence in known
    assert sentence in unknown
    assert OutgoingMail.objects.filter(kind="declarations.application_link").count() == 1


def test_what_is_right_is_kept_while_something_else_is_wrong(client, draft, link):
    typed = {"first_name": "Wilma", "last_name": "Neu", "email": "wilma@", "1-last_name": "Willi", "seen": ""}
    page = text_of(post(client, link("application_section", "personen"), typed | {"keep": ""}))
    assert "Geben Sie eine vollständige E-Mail-Adresse ein" in page
    assert 'value="wilma@"' in page
    lead, deputy = draft.nominees.all()
    assert (lead.last_name, lead.email, deputy.last_name) == ("Neu", "wilma@stadt.example", "Willi")


def test_the_script_keeps_and_bears_the_new_version_on(client, draft, link):
    url = link("application_section", Criterion.SHARED)
    answer = draft.answers.get(criterion=Criterion.SHARED)
    for text in ("Erst", "Dann"):
        seen = answer.history.first().pk
        reply = client.post(url, {"text": text, "seen": seen, "quietly": "1"})
        assert reply.status_code == 204
        answer.refresh_from_db()
        assert (answer.text, reply["X-Seen"]) == (text, str(answer.history.first().pk))
    assert client.post(url, {"text": "Zu spät", "seen": seen, "quietly": "1"}).status_code == 409


def test_the_second_of_two_is_shown_what_the_first_wrote_and_loses_nothing(client, draft, link):
    answer = draft.answers.get(criterion=Criterion.SHARED)
    seen = answer.history.first().pk
    colleague = applying.share(draft.applicants.first(), name="Willi Muster", email="willi@stadt.example")
    applying.save(colleague, Criterion.SHARED, [{"text": "Von Willi."}], [seen])
    url = link("application_section", Criterion.SHARED)
    page = client.post(url, {"text": "Von Wanda.", "seen": seen, "keep": ""})
    assert "Jemand war schneller" in text_of(page)
    assert "Willi Muster" in text_of(page)
    assert "Von Wanda.</textarea>" in text_of(page)
    post(client, url, {"text": "Von beiden.", "seen": page.context["seen"], "keep": ""})
    answer.refresh_from_db()
    assert answer.text == "Von beiden."


def test_a_file_goes_up_with_what_was_typed_and_can_be_seen_and_removed(client, draft, link, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    url = link("application_section", Criterion.SHARED)
    file = SimpleUploadedFile("Runde.png", picture("PNG"))
    seen = draft.answers.get(criterion=Criterion.SHARED).history.first().pk
    page = text_of(post(client, url, {"text": "Mit Bild.", "seen": seen, "upload": ""}, file=file))
    assert "„Runde.png“ ist hochgeladen." in page
    assert draft.answers.get(criterion=Criterion.SHARED).text == "Mit Bild."
    attachment = draft.attachments.get()
    shown = client.get(link("application_file", attachment.public_id))
    assert (shown["Content-Type"], "sandbox" in shown["Content-Security-Policy"]) == ("image/webp", True)
    seen = draft.answers.get(criterion=Criterion.SHARED).history.first().pk
    post(client, url, {"text": "Ohne Bild.", "seen": seen, "remove": attachment.public_id})
    assert not draft.attachments.exists()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG-Dateien"),
        ("a.pdf", b"<html>%PDF-1.7", "Vor seinem Anfang steht etwas anderes"),
        ("a.txt", b"<html>%PDF-1.7", "Vor seinem Anfang steht etwas anderes"),
        ("foto.pdf", b"\x89PNG\r\n\x1a\n", "Die gewählte Datei ist ein Bild"),
        ("a.pdf", b"%PDF-1.7 abgeschnitten", "unvollständig angekommen"),
        ("gross.pdf", b"%PDF-1.7" + b"x" * 10_000_000, "mehr als 9 MB"),
        ("leer.pdf", b"", "Diese ist leer"),
        ("a.docx", b"PK\x03\x04", "Wählen Sie"),
    ],
)
def test_a_wrong_file_is_refused_with_its_own_sentence_and_the_text_stays(client, draft, link, name, data, sentence):
    url = link("application_section", Criterion.SHARED)
    page = post(client, url, {"text": "Bleibt.", "seen": "", "upload": ""}, file=SimpleUploadedFile(name, data))
    assert sentence in text_of(page)
    assert "Bleibt.</textarea>" in text_of(page)
    assert draft.answers.get(criterion=Criterion.SHARED).text == "Bleibt."
    assert not draft.attachments.exists()


def test_the_status_page_leads_to_the_next_step(client, draft, link):
    assert "Antrag einreichen" in text_of(client.get(link()))
    page = text_of(post(client, link("submit_application")))
    assert "Der Antrag liegt bei der Geschäftsstelle." in page
    draft.answers.filter(criterion=Criterion.THANKS).update(review=Review.QUERY, comment="Ab wann?")
    page = text_of(client.get(link()))
    assert "Rückfrage beantworten" in page
    assert "Ab wann?" in text_of(client.get(link("application_section", Criterion.THANKS)))
    seen = draft.answers.get(criterion=Criterion.THANKS).history.first().pk
    typed = {"text": "Ab Mai.", "volunteer_card": "planned", "seen": seen, "answer": ""}
    page = text_of(post(client, link("application_section", Criterion.THANKS), typed))
    assert "Ihre Antwort ist bei der Geschäftsstelle." in page


def test_what_is_closed_is_shown_and_not_changed(client, draft, link):
    applying.submit(draft.applicants.first())
    url = link("application_section", Criterion.SHARED)
    assert "Das gibt es bei uns." in text_of(client.get(url))
    page = text_of(client.post(url, {"text": "Anders.", "seen": "", "keep": ""}))
    assert "ist inzwischen weiter" in page
    assert draft.answers.get(criterion=Criterion.SHARED).text == "Das gibt es bei uns."


def test_all_questions_are_there_beforehand_as_page_and_as_accessible_pdf(client, pdf_ua):
    page = text_of(client.get(reverse("application_questions")))
    file = client.get(reverse("application_questions_file"))
    words = words_of(file.content)
    for section in SECTIONS:
        assert section.question in page
        assert section.question in words
    assert pdf_ua(file.content) == []


def test_templates_bear_the_name_of_the_body(client, body):
    page = text_of(client.get(reverse("joining_templates"), {"kommune": "wettringen"}))
    assert "Der Rat beschließt, dass Stadt Wettringen dem Kommunen-Netzwerk" in page
    file = client.get(reverse("joining_template", args=["beschluss"]), {"kommune": "wettringen"})
    assert file["Content-Disposition"] == 'attachment; filename="beschluss-wettringen.txt"'
    assert file.content.decode("utf-8-sig").startswith("Beschlussvorlage\r\n")
    assert client.get(reverse("joining_template", args=["anderes"])).status_code == 404
    assert client.get(reverse("joining_templates") + "?kommune=%00").status_code == 200
