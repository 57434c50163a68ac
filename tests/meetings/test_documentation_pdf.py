"""The PDF of a documentation: accessible, read in the right order, and safe against whatever is typed or sent."""

import datetime
import subprocess

import pytest

from core.dates import today
from meetings import actions, documenting, releasing
from meetings.models import Build, Edition
from tests.factories import PersonFactory
from tests.meetings.documented import add_photo, add_slides, documented
from tests.pdf_files import opened, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

BAD = """\
<img src="file:///etc/passwd"><iframe src="http://127.0.0.1:1/x"></iframe>

![Bild](file:///etc/passwd) [Datei](file:///etc/passwd) [Netz](http://127.0.0.1:1/spy)

{{ 7*7 }} {% debug %} src="photo:00000000-0000-0000-0000-000000000000"
"""


def made(meeting, edition, office):
    """Make this edition alone, and return its build."""
    build = next(build for build in releasing.order(meeting.documentation, by=office) if build.edition == edition)
    releasing.make(build.pk)
    return Build.objects.get(pk=build.pk)


def bytes_of(build):
    with build.file.open() as file:
        return file.read()


def outline(data):
    with opened(data) as file, file.open_outline() as found:
        return [(str(entry.title), [str(child.title) for child in entry.children]) for entry in found.root]


@pytest.fixture
def meeting(office):
    meeting = documented(office, text="Was bleibt\n\n## Zwischentitel\n\nMehr Text")
    item = meeting.agenda.get()
    seen = meeting.documentation.history.first().pk
    documenting.save_overview(meeting, {"overview": "Kurz gesagt", "is_public": True}, seen=seen, reader=office)
    add_photo(meeting, item=item, size=(1600, 1200))
    add_photo(meeting, alt="Ein Quadrat")
    add_slides(meeting, item=item)
    due = today() + datetime.timedelta(days=30)
    documenting.agree(meeting, {"text": "Leitfaden schreiben", "who": "Rheine", "due_on": due})
    details = actions.Details(is_listed=True)
    person = PersonFactory(last_name="Żółć-İnan")
    actions.check_in(actions.register(meeting, person=person, mode="on_site", by_staff=True, details=details))
    return meeting


@pytest.mark.parametrize("edition", Edition)
def test_each_edition_is_accessible_and_in_order(meeting, office, edition, pdf_ua, tmp_path):
    build = made(meeting, edition, office)
    data = bytes_of(build)
    assert pdf_ua(data) == []
    named = [("Teilnehmende", [])] if edition == Edition.INTERNAL else []
    title = meeting.agenda.get().title
    assert outline(data) == [
        ("Inhalt", []),
        ("Auf einen Blick", []),
        ("Programm", []),
        (title, ["Zwischentitel", "Ergebnisse", "Folien"]),
        ("Eindrücke", []),
        ("Verabredungen", []),
        *named,
    ]
    text = _as_read(data, tmp_path)
    places = [
        text.index(words) for words in ("Danke sagen", "Inhalt", "Kurz gesagt", "Was bleibt", "Mehr Text", "eins")
    ]
    assert places == sorted(places)
    assert "Żółć-İnan" in text if named else "Żółć" not in text
    assert f"Seite 2 von {build.pages}" in text_of(data)


def _as_read(data, tmp_path):
    """What a screen reader reads: the text of the tag tree in its order."""
    path = tmp_path / "file.pdf"
    path.write_bytes(data)
    return subprocess.run(["pdfinfo", "-struct-text", path], capture_output=True, text=True, check=True).stdout


def test_contents_lead_to_the_page_they_name(meeting, office):
    text = text_of(bytes_of(made(meeting, Edition.PUBLIC, office)))
    contents = text[text.index("Inhalt") : text.index("Kurz gesagt")]
    assert "Auf einen Blick 3" in contents
    assert "Programm 4" in contents


def test_markup_and_addresses_that_are_typed_stay_words(office):
    meeting = documented(office, text=BAD)
    documenting.agree(meeting, {"text": "<b>fett</b> {{ 7*7 }}", "who": "<script>", "due_on": None})
    build = made(meeting, Edition.PUBLIC, office)
    assert build.is_done, build.reason
    text = text_of(bytes_of(build))
    assert "file:///etc/passwd" in text
    assert "{{ 7*7 }}" in text
    assert "root:" not in text
    with opened(bytes_of(build)) as file:
        links = [str(note.A.URI) for page in file.pages for note in page.get("/Annots", []) if "/A" in note]
    assert not [link for link in links if link.startswith("file:")]


def test_the_largest_texts_and_a_table_of_signs_come_to_be_or_say_why(office):
    meeting = documented(office, text="Sehr lang. " * 4_000)
    table = "| a | b |\n" * 1_000
    seen = meeting.documentation.history.first().pk
    documenting.save_overview(meeting, {"overview": table, "is_public": True}, seen=seen, reader=office)
    build = made(meeting, Edition.PUBLIC, office)
    assert build.is_done, build.reason
    assert build.pages > 10


def test_what_is_too_much_ends_in_german_and_the_next_one_comes_to_be(office):
    meeting = documented(office)
    build = next(iter(releasing.order(meeting.documentation, by=office)))
    Build.objects.filter(pk=build.pk).update(html="<p>x</p>" * 200_000)
    releasing.make(build.pk)
    build.refresh_from_db()
    assert build.has_failed
    assert "Kürzen Sie den Text" in build.reason
    assert made(meeting, Edition.INTERNAL, office).is_done


def test_a_broken_photo_ends_in_german(office):
    meeting = documented(office)
    photo = add_photo(meeting)
    with photo.print_file.storage.open(photo.print_file.name, "wb") as file:
        file.write(b"\xff\xd8\xff broken")
    build = made(meeting, Edition.PUBLIC, office)
    assert build.has_failed
    assert "Versuchen Sie es noch einmal" in build.reason
