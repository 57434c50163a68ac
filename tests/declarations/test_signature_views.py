"""The office's pages of signing: copy, signed file, check in one press, and what comes later."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.worklist import DECIDE, DO, RUNNING
from declarations import signing, worklist
from declarations.models import Signature, SigningCopy
from declarations.signing import Signatory
from tests.declaration_factories import DeclarationFactory, SignatureFactory, SigningCopyFactory
from tests.declarations.test_signed_files import scan
from tests.factories import HeadFactory, MunicipalityFactory
from tests.pdf_files import text_of
from tests.signed_pdfs import sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return MunicipalityFactory(name="Wettringen", kind="Gemeinde")


@pytest.fixture
def client(client_of, office):
    return client_of(office)


def words(response):
    return " ".join(response.content.decode().split())


def upload(content, **values):
    return {"file": SimpleUploadedFile("scan.pdf", content), "signed_on": "2026-03-01", "place": "Wettringen", **values}


def test_the_way_on_paper_from_copy_to_member(client, body, office):
    DeclarationFactory()
    HeadFactory(municipality=body, person__last_name="Probe")
    page = reverse("body_signing", args=[body.slug])
    assert 'value="Ada Probe"' in words(client.get(page))
    given = {"signatory_name": "Ada Probe", "signatory_office": "Bürgermeisterin"}
    shown = words(client.post(reverse("prepare_copy", args=[body.slug]), given, follow=True))
    assert "Exemplar für Ada Probe, Bürgermeisterin vorbereitet" in shown
    copy = SigningCopy.objects.get()
    download = client.get(reverse("copy_file", args=[copy.public_id]))
    assert "Ada Probe" in text_of(download.content)

    shown = words(client.post(reverse("add_signed_file", args=[body.slug]), upload(scan()), follow=True))
    assert "Unterschrift geprüft – Mitgliedschaft beginnt" in shown
    signature = Signature.objects.get()
    shown = words(client.post(reverse("check_signature", args=[signature.pk]), {"original_here": "on"}, follow=True))
    assert "Die Mitgliedschaft von Wettringen besteht seit dem 1. März 2026." in shown
    assert body.running_membership().started_on == datetime.date(2026, 3, 1)
    assert "Wettringen" in words(client.get("/gemeinsame-erklaerung/"))


def test_a_bad_file_leaves_the_page_with_its_sentence(client, body):
    SigningCopyFactory(municipality=body)
    shown = words(client.post(reverse("add_signed_file", args=[body.slug]), upload(b"GIF89a")))
    assert "Die gewählte Datei ist ein Bild." in shown
    shown = words(client.post(reverse("add_signed_file", args=[body.slug]), upload(scan(), signed_on="")))
    assert "Geben Sie den Tag ein, an dem unterzeichnet wurde." in shown
    shown = words(client.post(reverse("add_signed_file", args=[body.slug]), {}))
    assert "Wählen Sie das PDF der unterzeichneten Erklärung." in shown
    assert not Signature.objects.exists()


def test_an_electronic_signature_shows_its_three_answers(client, body):
    copy = SigningCopyFactory(municipality=body, signatory_name="Ruth Probe")
    content = sign(signing.copy_file(copy), name="Ruth Probe")
    shown = words(client.post(reverse("add_signed_file", args=[body.slug]), upload(content, signed_on=""), follow=True))
    assert "Unterschrieben ist unser Text, Byte für Byte." in shown
    for question in ("Seitdem unverändert?", "Unterschrift gültig?", "Aussteller vertrauenswürdig?"):
        assert question in shown
    assert "Der Aussteller steht nicht unter den hinterlegten" in shown
    assert "Das Original liegt hier vor" not in shown


def test_a_file_goes_out_as_it_came_and_does_nothing(client):
    signature = SignatureFactory(scanned=True)
    response = client.get(reverse("signature_file", args=[signature.pk]))
    assert response.content == b"%PDF-1.7 scan"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(reverse("signature_file", args=[SignatureFactory().pk])).status_code == 404


def test_the_second_who_checks_is_told(client):
    signature = SignatureFactory()
    address = reverse("check_signature", args=[signature.pk])
    client.post(address)
    assert "Diese Unterzeichnung ist schon geprüft" in words(client.post(address, follow=True))


def test_original_and_countersignature_complete_it(client, client_of, chancellery):
    signature = SignatureFactory(checked=True)
    page = reverse("signature", args=[signature.pk])
    assert "Die Staatskanzlei trägt sie ein." in words(client.get(page))
    shown = words(client.post(reverse("receive_original", args=[signature.pk]), {"on": "2026-02-01"}))
    assert "ab dem 1. März 2026" in shown
    client.post(reverse("receive_original", args=[signature.pk]), {"on": "2026-03-02"})
    assert client.post(reverse("countersign", args=[signature.pk]), {"on": "2026-03-02"}).status_code == 403
    theirs = client_of(chancellery)
    assert "Lia Muster, Staatssekretärin für Beispiele" in words(theirs.get(page))
    assert "Geben Sie ein, wer für das Land" in words(theirs.post(reverse("countersign", args=[signature.pk])))
    given = {"on": "2026-03-09", "signatory": "Lia Muster, Staatssekretärin"}
    shown = words(theirs.post(reverse("countersign", args=[signature.pk]), given, follow=True))
    assert "Gegengezeichnet am 9. März 2026." in shown
    signature.refresh_from_db()
    assert signature.state == "vollständig"


def test_a_wrong_one_is_withdrawn_with_its_reason(client):
    signature = SignatureFactory(checked=True)
    address = reverse("withdraw_signature", args=[signature.pk])
    assert "Nennen Sie den Grund" in words(client.post(address))
    client.post(address, {"reason": "Falscher Tag"})
    assert "Falscher Tag" in words(client.get(reverse("signature", args=[signature.pk])))
    assert client.get(reverse("certificate", args=[signature.pk])).status_code == 404


def test_a_certificate_is_there_for_what_is_checked(client):
    signature = SignatureFactory(checked=True)
    response = client.get(reverse("certificate", args=[signature.pk]))
    assert "Urkunde" in text_of(response.content)
    assert client.get(reverse("certificate", args=[SignatureFactory().pk])).status_code == 404


def test_today_has_a_line_for_each_thing_to_do(office, chancellery, administrator):
    to_check = SignatureFactory(body_name="Stadt Rheine")
    SignatureFactory(checked=True)
    ours = {(line.group, line.text): line for line in worklist.lines_for(office)}
    assert ours[DECIDE, "Unterschrift von Stadt Rheine prüfen"].url == reverse("signature", args=[to_check.pk])
    assert ours[DO, "Unterzeichnung, deren Original fehlt"].count == 1
    assert ours[RUNNING, "Unterzeichnung, die das Land noch nicht gegengezeichnet hat"].count == 1
    theirs = {(line.group, line.text): line for line in worklist.lines_for(chancellery)}
    assert theirs[DO, "Unterzeichnung, die das Land noch nicht gegengezeichnet hat"].label == "Gegenzeichnen"
    assert worklist.lines_for(administrator) == []


def test_many_to_check_are_counted(office):
    for _ in range(12):
        SignatureFactory()
    lines = [line for line in worklist.lines_for(office) if line.group == DECIDE]
    assert len(lines) == 11
    assert (lines[-1].count, lines[-1].text) == (2, "weitere Unterschriften")


@pytest.mark.parametrize(
    ("state", "names"),
    [("pruefen", {"Neu"}), ("original", {"Alt"}), ("gegenzeichnung", {"Alt"}), ("x", {"Neu", "Alt"})],
)
def test_the_list_filters_by_the_same_questions(client, state, names):
    SignatureFactory(body_name="Neu")
    SignatureFactory(body_name="Alt", checked=True)
    shown = client.get(f"/verwaltung/declarations/signature/?stand={state}").context["cl"].queryset
    assert {row.body_name for row in shown} == names


def test_the_dossier_shows_what_the_body_signed(client, body):
    signing.hand_down(body, begin=None, note="Ordner 3")
    SignatureFactory(municipality=body, checked=True)
    page = words(client.get(reverse("dossier", args=[body.slug])))
    assert "auf Papier: Original fehlt, Gegenzeichnung fehlt" in page
    assert "überliefert" in page


def test_a_version_in_use_is_only_to_be_looked_at(client):
    copy = SigningCopyFactory()
    address = reverse("admin:declarations_declaration_change", args=[copy.declaration.pk])
    client.post(address, {"title": "Anders", "text": "Anders", "started_on": "2017-12-06", "ended_on": "2026-12-31"})
    copy.declaration.refresh_from_db()
    assert copy.declaration.title == "Gemeinsame Erklärung"
    assert copy.declaration.ended_on == datetime.date(2026, 12, 31)


def test_a_new_version_by_the_office_ends_the_old_one(client):
    old = DeclarationFactory()
    given = {"title": "Neu", "text": "Neuer Text", "started_on": "2026-06-01", "land_office": "Amt"}
    response = client.post(reverse("admin:declarations_declaration_add"), given | {"land_authority": "Behörde"})
    assert response.status_code == 302, response.context["adminform"].form.errors
    old.refresh_from_db()
    assert old.ended_on == datetime.date(2026, 5, 31)
    for start, sentence in (("2016-01-01", "Es gilt schon eine Fassung"), ("2026-08-01", "ein anderes Jahr")):
        again = {**given, "started_on": start, "land_authority": "Behörde"}
        shown = words(client.post(reverse("admin:declarations_declaration_add"), again))
        assert sentence in shown


def test_a_new_version_with_nothing_filled_in_names_its_gaps(client):
    DeclarationFactory()
    shown = words(client.post(reverse("admin:declarations_declaration_add"), {}))
    assert shown.count("errorlist") >= 4


def test_a_name_with_markup_is_text(client, body):
    DeclarationFactory()
    copy = signing.prepare_copy(body, signatory=Signatory("<script>x</script>", "Amt"))
    SignatureFactory(municipality=body, copy=copy, signatory_name="<script>x</script>")
    assert "<script>x" not in client.get(reverse("body_signing", args=[body.slug])).content.decode()
    assert "<script>x" not in client.get(reverse("signature", args=[Signature.objects.get().pk])).content.decode()
