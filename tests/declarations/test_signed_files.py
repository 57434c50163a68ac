"""Signed files that come back, scans and electronic signatures: what is stored, and that nothing is if it is wrong."""

import datetime

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from core import pdf
from core.dates import today
from core.pdf_signatures import from_json
from declarations import signed_files, signing
from declarations.models import Method, Signature
from declarations.signing import Signatory
from tests.declaration_factories import DeclarationFactory
from tests.factories import MunicipalityFactory
from tests.pdf_files import opened, saved
from tests.pictures import picture
from tests.signed_pdfs import authority, sign

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAY = datetime.date(2026, 3, 1)


@pytest.fixture
def body():
    return MunicipalityFactory(name="Wettringen")


@pytest.fixture
def copy(body):
    DeclarationFactory()
    return signing.prepare_copy(body, signatory=Signatory("Ruth Probe", "Bürgermeisterin"))


@pytest.fixture
def ours(copy):
    return signing.copy_file(copy)


@pytest.fixture(autouse=True)
def roots(settings, tmp_path):
    (tmp_path / "pruefstelle.pem").write_bytes(authority().pem)
    settings.TRUST_ROOTS = tmp_path


def sent(content, name="scan.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def scan(change=lambda file: None, **options):
    with pikepdf.new() as file:
        file.add_blank_page()
        change(file)
        return saved(file, **options)


def take_in(body, content, **values):
    return signed_files.take_in(body, sent(content), **values)


def attach(file):
    file.attachments["rechnung.exe"] = b"MZ"


def run_script(file):
    file.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def test_a_scan_is_kept_as_it_came_and_waits_for_the_check(copy, body):
    content = scan()
    signature = take_in(body, content, signed_on=DAY, place="Wettringen", by="Rosa Beispiel")
    with signature.file.open("rb") as file:
        assert file.read() == content
    assert (signature.method, signature.signed_on, signature.report) == (Method.PAPER, DAY, None)
    assert (signature.copy, signature.recorded_by, signature.state) == (copy, "Rosa Beispiel", "zu prüfen")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leer"),
        (b"<html><script>x</script></html>" + scan(), "Vor seinem Anfang"),
        (picture(), "ein Bild"),
        (b"GIF89a", "ein Bild"),
        (scan(encryption=pikepdf.Encryption(owner="x", user="x")), "Kennwort"),
        (scan(attach), "Anhänge"),
        (scan(run_script), "Programm"),
        (scan()[:200], "unvollständig"),
        (b"%PDF-1.7 " + b"0" * 30 * 1024**2, "mehr als 9 MB"),
    ],
    ids=["empty", "HTML before", "picture", "another picture", "encrypted", "attachment", "script", "cut", "30 MB"],
)
def test_a_bad_file_gets_its_sentence_and_nothing_is_stored(copy, body, content, words):
    with pytest.raises(ValidationError) as refused:
        take_in(body, content, signed_on=DAY)
    (sentence,) = refused.value.message_dict["file"]
    assert words in sentence
    assert not Signature.objects.exists()


def test_the_copy_without_a_signature_is_not_a_signed_file(ours, body):
    with pytest.raises(ValidationError, match="ohne Unterschrift"):
        take_in(body, ours, signed_on=DAY)


def test_a_scan_needs_its_day_and_a_body_its_copy(copy, body):
    with pytest.raises(ValidationError) as refused:
        take_in(body, scan())
    assert refused.value.message_dict == {"signed_on": ["Geben Sie den Tag ein, an dem unterzeichnet wurde."]}
    with pytest.raises(ValidationError, match="Bereiten Sie zuerst das Exemplar vor"):
        take_in(MunicipalityFactory(), scan(), signed_on=DAY)


def test_an_electronic_signature_over_our_text_says_its_day_itself(ours, copy, body):
    signature = take_in(body, sign(ours, name="Ruth Probe"))
    validation = from_json(signature.report)
    (report,) = validation.signatures
    assert validation.is_our_text
    assert (report.unchanged, report.valid, report.trusted) == (True, True, True)
    assert (signature.method, signature.signed_on, signature.copy) == (Method.ELECTRONIC, today(), copy)


def test_of_several_copies_the_one_that_was_signed_is_found(ours, copy, body):
    signing.copy_file(signing.prepare_copy(body, signatory=Signatory("Bo Probe", "Beigeordneter")))
    signature = take_in(body, sign(ours))
    assert signature.copy == copy
    assert signature.signatory_name == "Ruth Probe"


def test_a_valid_signature_over_another_text_does_not_prove_ours(copy, body):
    other = pdf.render(
        '<!DOCTYPE html><html lang="de"><head><title>x</title></head><body><h1>Anderes</h1></body></html>'
    )
    validation = from_json(take_in(body, sign(other)).report)
    assert validation.signatures[0].valid
    assert not validation.is_our_text


def test_a_change_after_signing_shows(ours, body):
    with opened(sign(ours)) as file:
        file.pages[0].Rotate = 90
        changed = saved(file)
    validation = from_json(take_in(body, changed).report)
    assert not validation.is_our_text
    assert not (validation.signatures[0].unchanged and validation.signatures[0].valid)


def test_a_new_file_replaces_the_one_before(copy, body):
    first = take_in(body, scan(), signed_on=DAY)
    second = take_in(body, scan(), signed_on=DAY)
    assert list(Signature.objects.to_check()) == [second]
    first.refresh_from_db()
    assert first.withdrawn_at
