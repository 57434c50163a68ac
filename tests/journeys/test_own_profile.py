"""A contact person edits her body's profile, all see it at once, and the office takes it back."""

import re

import pytest

from core import delivery
from core.models import OutgoingMail
from members.models import ProfileDraft
from tests.factories import ProfileFactory
from tests.journeys.browsing import ALL_MODES
from tests.pictures import picture


@pytest.fixture(autouse=True)
def _everything_is_there(live_server, register, settings, tmp_path):
    """The real register behind the browser, and a folder for pictures."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def profile(town):
    return ProfileFactory(municipality=town, office_name="Stabsstelle Ehrenamt")


def test_a_profile_is_edited_seen_in_public_and_taken_back_by_the_office(visit, mode, contact, office, profile):
    window = visit(mode, contact)
    page = window.page
    page.goto("/intern/")
    page.get_by_role("listitem").filter(has_text="Im Profil von Rheine fehlen").get_by_role("link").click()
    page.get_by_label("Anlaufstelle", exact=True).fill("Büro für alles Mögliche")
    page.get_by_label("Einführung geplant").check()
    page.get_by_role("button", name="So sehen es alle").click()
    page.get_by_text("Vorschau: So sehen es alle.").wait_for()
    page.get_by_text("Büro für alles Mögliche").wait_for()
    window.check()
    citizen = visit(ALL_MODES[1]).page
    citizen.goto("/kommunen/rheine/")
    assert citizen.get_by_text("Büro für alles Mögliche").count() == 0
    page.get_by_role("button", name="Veröffentlichen").click()
    page.get_by_text("Veröffentlicht, alle sehen es jetzt so.").wait_for()
    citizen.reload()
    citizen.get_by_text("Büro für alles Mögliche").wait_for()

    _take_back(visit(ALL_MODES[0], office))
    citizen.reload()
    citizen.get_by_text("Stabsstelle Ehrenamt").wait_for()
    assert citizen.get_by_text("Büro für alles Mögliche").count() == 0
    delivery.run_sender()
    letter = OutgoingMail.objects.get(kind="members.profile_taken_back")
    assert (letter.to_address, "Die Stelle heißt anders." in letter.text) == (contact.email, True)


def _take_back(window) -> None:
    desk = window.page
    desk.goto("/verwaltung/")
    desk.get_by_role("listitem").filter(has_text="Rheine hat das eigene Profil geändert").get_by_role("link").click()
    desk.get_by_role("link", name="Diese Änderung zurücknehmen").first.click()
    window.check()
    desk.get_by_label("Grund").fill("Die Stelle heißt anders.")
    desk.get_by_role("button", name="Änderung zurücknehmen").click()
    desk.get_by_text("Zurückgenommen: Anlaufstelle, Ehrenamtskarte NRW.").wait_for()


def test_what_is_typed_is_kept_by_itself_and_there_in_the_next_window(visit, mode, contact, profile):
    page = visit(mode, contact).page
    page.goto("/intern/profil/rheine/")
    page.get_by_label("Bündnisse").fill("Runder Tisch")
    page.get_by_text(re.compile(r"Zwischengespeichert um \d\d:\d\d Uhr")).wait_for()
    assert ProfileDraft.objects.get().typed["alliances"] == ["Runder Tisch"]
    page.close()
    window = visit(mode, contact)
    window.page.goto("/intern/profil/rheine/")
    assert window.page.get_by_label("Bündnisse").input_value() == "Runder Tisch"
    window.page.get_by_text("ist noch nicht veröffentlicht").wait_for()
    window.check()


def test_what_is_typed_before_the_script_has_come_is_kept_too(visit, mode, contact, profile):
    page = visit(mode, contact).page
    held = []
    page.route("**/draft*.js", lambda route: held.append(route))
    page.goto("/intern/profil/rheine/", wait_until="commit")
    page.get_by_label("Bündnisse").fill("Runder Tisch")
    held[0].continue_()
    page.get_by_text("Zwischengespeichert um").wait_for(timeout=8_000)
    assert ProfileDraft.objects.get().typed["alliances"] == ["Runder Tisch"]


def test_when_it_cannot_be_kept_the_page_says_so(visit, mode, contact, profile):
    page = visit(mode, contact).page
    page.goto("/intern/profil/rheine/")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Bündnisse").fill("Runder Tisch")
    page.get_by_text("Nicht zwischengespeichert.").wait_for()


def test_a_picture_is_uploaded_described_and_published(visit, mode, contact, profile, tmp_path):
    file = tmp_path / "foto.png"
    file.write_bytes(picture("PNG"))
    window = visit(mode, contact)
    page = window.page
    page.goto("/intern/profil/rheine/")
    page.get_by_role("link", name="Bild hochladen").click()
    page.get_by_label("Bilddatei").set_input_files(file)
    page.get_by_label("Bildbeschreibung").fill("Ein Feld, links rot, rechts grün")
    page.get_by_label("Die Kommune darf das Bild veröffentlichen.").check()
    page.get_by_role("button", name="In den Entwurf übernehmen").click()
    page.get_by_text("Bild im Entwurf.").wait_for()
    page.get_by_role("button", name="Veröffentlichen").click()
    shown = page.get_by_role("img", name="Ein Feld, links rot, rechts grün")
    shown.wait_for()
    assert shown.evaluate("image => image.complete && image.naturalWidth") == 400
    window.check()
