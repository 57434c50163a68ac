"""PDF files that people send: each fault has its own sentence, and a good one is kept byte for byte (U-1 to U-5)."""

import hashlib
import io
import random
import zipfile
from contextlib import suppress

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name, Stream, String

from core import pdf, pdf_files, uploads
from tests.pdf_files import saved
from tests.pictures import picture
from tests.signed_pdfs import sign


def sheet(change=lambda file: None, pages=1, **options):
    """A file with so many pages, changed before it is written."""
    with pikepdf.new() as file:
        for _ in range(pages):
            file.add_blank_page()
        change(file)
        return saved(file, **options)


def sent(content, name="scan.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def refusal(content):
    with pytest.raises(ValidationError) as caught:
        pdf_files.check(sent(content))
    (sentence,) = caught.value.messages
    return sentence


def adding(**entries):
    """Put entries into the catalog."""

    def change(file):
        for key, value in entries.items():
            file.Root[f"/{key}"] = file.make_indirect(value(file) if callable(value) else value)

    return change


def on_page(**entries):
    def change(file):
        for key, value in entries.items():
            file.pages[0][f"/{key}"] = value

    return change


def attached(file):
    file.attachments["rechnung.exe"] = b"MZ"


def bomb(file):
    file.pages[0].Contents = Stream(file, b"0 " * 30_000_000)


def nested():
    """A hundred thousand arrays in one another."""
    return sheet().replace(b"/Type /Catalog", b"/Type /Catalog /Deep " + b"[" * 100_000 + b"]" * 100_000)


def script():
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def launch():
    return Dictionary(S=Name.Launch, F=String("cmd.exe"))


def test_a_scan_is_kept_as_it_came():
    content = sheet(pages=3)
    checked = pdf_files.check(sent(content))
    assert (checked.content, checked.pages) == (content, 3)
    assert checked.sha256 == hashlib.sha256(content).hexdigest()


def test_an_accessible_file_with_a_table_is_a_good_one():
    """Its structure has attributes where an annotation has its action."""
    table = "<table><tr><th>Ort</th><td>Rheine</td></tr></table>"
    html = f'<!DOCTYPE html><html lang="de"><head><title>Probe</title></head><body><h1>Probe</h1>{table}</body></html>'
    assert pdf_files.check(sent(pdf.render(html))).pages == 1


def test_a_signed_file_is_a_good_one():
    assert pdf_files.check(sent(sign(sheet()))).pages == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.Root.__setitem__("/OpenAction", Array([file.pages[0].obj, Name.Fit])),
        adding(OpenAction=lambda file: Dictionary(S=Name.GoTo, D=Array([file.pages[0].obj, Name.Fit]))),
        on_page(
            Annots=Array([Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://a.example")))])
        ),
    ],
    ids=["opens at a page", "goes to a page", "link"],
)
def test_what_only_leads_elsewhere_is_no_program(change):
    assert pdf_files.check(sent(sheet(change))).pages == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leer angekommen"),
        (b"%PDF-1.7" + b"x" * uploads.MAX_BYTES, "mehr als 9 MB"),
        (b"<html><script>alert(1)</script></html>\n" + sheet(), "Vor seinem Anfang"),
        (picture(), "ist ein Bild"),
        (b"PK\x03\x04 und so weiter", "Schreib- oder Packprogramm"),
        (b"Nur ein Text, den jemand umbenannt hat.", "ist keine"),
        (b"%PDF-1.7\nkein Inhalt\n%%EOF", "unvollständig angekommen oder beschädigt"),
        (sheet()[:200], "unvollständig angekommen oder beschädigt"),
        (sheet(pages=0), "enthält keine Seite"),
        (sheet(encryption=pikepdf.Encryption(owner="a", user="b")), "ohne Kennwort"),
        (sheet(encryption=pikepdf.Encryption(owner="a", user="")), "ohne Kennwort"),
        (sheet(adding(OpenAction=script())), "JavaScript"),
        (sheet(adding(OpenAction=launch())), "JavaScript"),
        (sheet(adding(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script()]))))), "JavaScript"),
        (sheet(on_page(AA=Dictionary(O=script()))), "JavaScript"),
        (sheet(on_page(Annots=Array([Dictionary(Subtype=Name.Link, A=launch())]))), "JavaScript"),
        (sheet(attached), "weitere Dateien"),
        (sheet(adding(AcroForm=Dictionary(Fields=Array(), XFA=Array()))), "XFA"),
        (sheet(bomb), "zu umfangreich"),
    ],
    ids=[
        "empty", "too large", "HTML before it", "picture", "Word or ZIP", "text", "no content", "cut off", "no page",
        "password", "protected", "script on opening", "program on opening", "named script", "script on a page",
        "program behind a link", "attachment", "XFA", "bomb",
    ],
)  # fmt: skip
def test_each_fault_has_its_sentence(content, words):
    assert words in refusal(content)


def test_depth_is_the_childs_trouble():
    assert "beschädigt" in refusal(nested())


def damaged(file):
    file.pages[0].Contents = Stream(file, b"keine gepackten Daten", Filter=Name.FlateDecode)


def test_a_damaged_page_is_told():
    assert "beschädigt" in refusal(sheet(damaged))


@pytest.mark.parametrize("seed", range(12))
def test_bent_bytes_end_in_a_sentence_or_in_a_file(seed):
    content, chance = bytearray(sheet(pages=2)), random.Random(seed)
    for _ in range(20):
        content[chance.randrange(8, len(content))] = chance.randrange(256)
    with suppress(ValidationError):  # and nothing else
        assert pdf_files.check(sent(bytes(content))).pages > 0


def test_a_whole_archive_is_no_pdf():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("scan.pdf", sheet())
    assert "Packprogramm" in refusal(data.getvalue())
