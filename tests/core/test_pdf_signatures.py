"""Electronic signatures: unchanged, valid and trusted are three answers, and our text is proven byte for byte."""

import hashlib
import io
import subprocess

import pytest
from django.core.exceptions import ValidationError
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from core import pdf, pdf_signatures
from tests.signed_pdfs import Authority, authority, sign

HTML = '<!DOCTYPE html><html lang="de"><head><title>{0}</title></head><body><h1>{0}</h1></body></html>'


@pytest.fixture(scope="module")
def ours():
    return pdf.render(HTML.format("Gemeinsame Erklärung"))


@pytest.fixture(autouse=True)
def roots(settings, tmp_path):
    (tmp_path / "pruefstelle.pem").write_bytes(authority().pem)
    settings.TRUST_ROOTS = tmp_path


def validated(content, original):
    return pdf_signatures.validate(content, size=len(original), sha256=hashlib.sha256(original).hexdigest())


def judged(report):
    return report.unchanged, report.valid, report.trusted


def seen_by_poppler(content, tmp_path):
    """What pdfsig of poppler says of the signatures; it knows none of our issuers."""
    path = tmp_path / "signed.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdfsig", "-nocert", path], capture_output=True, check=False).stdout.decode()


def changed_title(content):
    """The file with a change added behind it, as an editor does."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)
    data = io.BytesIO()
    writer.write(data)
    return data.getvalue()


def test_our_text_signed_by_a_trusted_issuer(ours, tmp_path):
    signed = sign(ours, name="Ruth Probe")
    validation = validated(signed, ours)
    (report,) = validation.signatures
    assert judged(report) == (True, True, True)
    assert report.is_good
    assert validation.is_our_text
    assert (report.signer, report.issuer) == ("Ruth Probe, Beispielstadt", "Prüfstelle für Tests, Beispielstadt")
    assert report.signed_at.startswith("20")
    assert "Signature is Valid" in seen_by_poppler(signed, tmp_path)


def test_an_issuer_nobody_configured_is_valid_but_not_trusted(ours):
    (report,) = validated(sign(ours, issuer=Authority("Andere Stelle")), ours).signatures
    assert judged(report) == (True, True, False)


def test_without_any_root_nothing_is_trusted(ours, settings):
    settings.TRUST_ROOTS = None
    (report,) = validated(sign(ours), ours).signatures
    assert judged(report) == (True, True, False)


def test_a_second_signature_changes_nothing(ours):
    twice = sign(sign(ours, name="Ruth Probe"), name="Bodo Beispiel", field="Unterschrift2")
    validation = validated(twice, ours)
    assert [report.signer.split(",")[0] for report in validation.signatures] == ["Ruth Probe", "Bodo Beispiel"]
    assert all(report.is_good for report in validation.signatures)
    assert validation.is_our_text


def test_a_valid_signature_over_another_text_does_not_prove_ours(ours):
    validation = validated(sign(pdf.render(HTML.format("Ganz anderer Text"))), ours)
    assert validation.signatures[0].is_good
    assert not validation.is_our_text


def test_a_change_after_signing_shows(ours, tmp_path):
    changed = changed_title(sign(ours))
    validation = validated(changed, ours)
    assert judged(validation.signatures[0]) == (False, True, True)
    assert not validation.is_our_text
    assert "Not total document signed" in seen_by_poppler(changed, tmp_path)


def test_a_change_before_signing_does_not_prove_our_text(ours):
    validation = validated(sign(changed_title(ours)), ours)
    assert validation.signatures[0].is_good
    assert not validation.is_our_text


def test_a_bent_byte_makes_the_signature_invalid(ours, tmp_path):
    signed = sign(ours)
    place = 11  # in the comment that follows the header
    bent = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    validation = validated(bent, ours)
    assert validation.signatures[0].valid is False
    assert not validation.is_our_text
    assert "Digest Mismatch" in seen_by_poppler(bent, tmp_path)


def test_a_file_without_a_signature_has_none(ours):
    assert validated(ours, ours) == pdf_signatures.Validation((), is_our_text=False)


def test_rubbish_gets_a_sentence(ours):
    with pytest.raises(ValidationError, match="noch einmal unterschreiben"):
        validated(b"%PDF-1.7\nrubbish\n%%EOF", ours)


def test_the_report_can_be_kept(ours):
    validation = validated(sign(ours), ours)
    assert pdf_signatures.from_json(validation.as_json()) == validation
