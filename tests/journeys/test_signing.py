"""Signing in the office's browser: with a certificate of a test authority, and ten bodies in a round."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from core.dates import long_date, today
from declarations.models import Signature, SigningCopy
from members.models import Municipality
from tests.declaration_factories import DeclarationFactory
from tests.factories import HeadFactory
from tests.pdf_files import text_of
from tests.signed_pdfs import authority, sign

TEN = ("Ahaus", "Borken", "Coesfeld", "Dülmen", "Erkelenz", "Frechen", "Greven", "Herten", "Iserlohn", "Jüchen")


@pytest.fixture
def desk(visit, office, mode, register, settings, tmp_path):
    (tmp_path / "pruefstelle.pem").write_bytes(authority().pem)
    settings.TRUST_ROOTS = tmp_path
    DeclarationFactory()
    return visit(mode, office)


def signed(content, name):
    """In a thread of its own: pyHanko wants to start its event loop where Playwright's runs already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(sign, content, name=name).result()


def downloaded(page, link):
    with page.expect_download() as download:
        page.get_by_role("link", name=link).first.click()
    return download.value.path().read_bytes()


def test_a_body_signs_electronically_and_is_a_member(desk):
    page = desk.page
    body = Municipality.objects.get(name="Wettringen")
    HeadFactory(municipality=body, person__last_name="Probe")
    page.goto(f"/verwaltung/kommunen/{body.slug}/")
    page.get_by_role("link", name="Exemplar vorbereiten").click()
    expect(page.get_by_label("Name")).to_have_value("Ada Probe")
    page.get_by_role("button", name="Exemplar vorbereiten").click()
    page.get_by_text("Exemplar für Ada Probe, Bürgermeisterin vorbereitet.").wait_for()
    desk.check()

    ours = downloaded(page, "Exemplar herunterladen")
    assert "Gemeinde Wettringen" in text_of(ours)
    file = {"name": "unterschrieben.pdf", "mimeType": "application/pdf", "buffer": signed(ours, "Ada Probe")}
    page.get_by_label("Unterzeichnete Erklärung").set_input_files(file)
    # Two children look at the file, which takes its time on a busy machine.
    page.get_by_role("button", name="Datei prüfen und aufnehmen").click(timeout=90_000)
    page.get_by_text("Unterschrieben ist unser Text, Byte für Byte.").wait_for()
    for answer in ("Seitdem unverändert?", "Unterschrift gültig?", "Aussteller vertrauenswürdig?"):
        expect(page.locator(".facts__item", has_text=answer)).to_contain_text("Ja")
    desk.check()

    page.goto("/verwaltung/")
    page.locator("li", has_text="Unterschrift von Gemeinde Wettringen prüfen").get_by_role("link").last.click()
    page.get_by_role("button", name="Unterschrift geprüft – Mitgliedschaft beginnt").click()
    page.get_by_text(f"Die Mitgliedschaft von Wettringen besteht seit dem {long_date(today())}.").wait_for()
    assert "Gemeinde Wettringen" in text_of(downloaded(page, "Urkunde herunterladen"))
    page.goto("/gemeinsame-erklaerung/")
    page.get_by_role("link", name="Gemeinde Wettringen").wait_for()
    page.goto(f"/kommunen/{body.slug}/")
    page.get_by_text(f"Mitglied seit {long_date(today())}").first.wait_for()


def test_ten_bodies_sign_in_a_round(desk):
    page = desk.page
    for name in TEN:
        HeadFactory(municipality=Municipality.objects.get(name=name))
    page.goto("/verwaltung/beitritt/runden/")
    page.get_by_role("link", name="Runde anlegen").click()
    page.get_by_label("Anlass").fill("Spitzentreffen")
    page.get_by_label("Tag").fill(today().isoformat())
    page.get_by_label("Ort").fill("Düsseldorf")
    page.get_by_role("button", name="Runde anlegen").click()
    page.get_by_label("Kommunen", exact=True).fill("\n".join(TEN))
    page.get_by_role("button", name="Hinzufügen", exact=True).click()
    page.get_by_text("10 Kommunen hinzugefügt.").wait_for()
    desk.check()

    words = text_of(downloaded(page, "Druckmappe herunterladen"))
    assert all(f"Stadt {name} Ort, Datum" in words for name in TEN)
    page.get_by_label("unterzeichnet: Stadt Jüchen").uncheck()
    page.get_by_label("Original liegt vor: Stadt Ahaus").uncheck()
    page.get_by_role("button", name="Alle Unterzeichnungen eintragen").click()
    page.get_by_text("9 Unterzeichnungen sind eingetragen.").wait_for()
    desk.check()
    members = Municipality.objects.members().filter(name__in=TEN)
    assert members.count() == 9
    assert Signature.objects.without_original().count() == 1
    assert SigningCopy.objects.count() == 10
