import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.models import OutgoingMail
from members.models import ContactPerson, ImportKind, ImportRun, Municipality, Person
from tests.factories import ContactPersonFactory
from tests.files import csv_file, xlsx
from tests.members.imports.test_destatis import RHEINE, official_file
from users.models import User

HEADINGS = ["Kommune", "Name", "E-Mail", "Telefon"]
ROSA = ["Rheine", "Rosa Beispiel", "rosa@rheine.example", "05971 1"]
WRONG = ["Rheine", "Rudi Muster", "rudi@", "05971 2"]


@pytest.fixture
def client(client_of, office, register):
    return client_of(office)


def upload(client, data, kind=ImportKind.CONTACTS, name="Kontakte.xlsx", url=None):
    """Hand in a file; the page after it, as text."""
    url = url or reverse("import_start", args=[kind])
    return client.post(url, {"file": SimpleUploadedFile(name, data)}, follow=True)


def text(response):
    return response.content.decode()


def at(name, run):
    return reverse(name, args=[run.pk])


def press(client, run):
    """Press the button of the report with the numbers that it shows."""
    plan = client.get(run.get_absolute_url()).context["plan"]
    return client.post(at("import_carry_out", run), {"expected": plan.fingerprint}, follow=True)


def test_from_the_file_to_the_contacts(client):
    page = upload(client, xlsx(HEADINGS, ROSA))
    assert "Alles kann eingelesen werden. Noch ist nichts geschehen." in text(page)
    assert "1 neue einlesen" in text(page)
    assert not Person.objects.exists()
    assert "Die Liste ist eingelesen." in text(press(client, ImportRun.objects.get()))
    contact = ContactPerson.objects.get()
    assert (str(contact), contact.history.get().history_user.email) == (
        "Rosa Beispiel, Rheine",
        "office@netzwerk.example",
    )


def test_a_fault_stops_all_and_the_mended_file_goes_in(client):
    page = text(upload(client, xlsx(HEADINGS, ROSA, WRONG)))
    assert "1 Zeile ist zu berichtigen." in page
    assert "Prüfen Sie die E-Mail-Adresse „rudi@“" in page
    run = ImportRun.objects.get()
    assert "Berichtigen Sie zuerst die Zeilen" in text(press(client, run))
    mended = xlsx(HEADINGS, ROSA, [*WRONG[:2], "rudi@rheine.example", ""])
    assert "2 neue einlesen" in text(upload(client, mended, url=at("import_file", run)))
    press(client, run)
    assert Person.objects.count() == 2


def test_the_report_can_be_mended_and_handed_in(client):
    upload(client, xlsx(HEADINGS, ROSA, WRONG))
    run = ImportRun.objects.get()
    response = client.get(at("import_report", run))
    book = load_workbook(io.BytesIO(response.getvalue()))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert rows[0] == ["Zeile", "Ergebnis", "Was zu tun ist", *HEADINGS]
    assert rows[1][:3] == [2, "neu", None]
    assert rows[2][1] == "zu berichtigen"
    assert rows[2][2].startswith("E-Mail-Adresse: Prüfen Sie")
    rows[2][5] = "rudi@rheine.example"
    assert "2 neue einlesen" in text(upload(client, xlsx(*rows), url=at("import_file", run)))


def test_what_cannot_be_read_is_said_at_the_field(client):
    page = upload(client, b"%PDF-1.7", name="Liste.pdf")
    assert "PDF lässt sich nicht lesen." in text(page)
    assert not ImportRun.objects.exists()
    assert "Wählen Sie die Datei mit Ihrer Liste." in text(
        client.post(reverse("import_start", args=["mitgliedschaften"]))
    )


def test_columns_are_asked_where_they_are_doubtful(client):
    data = csv_file(
        ["Wo", "Name", "E-Mail privat", "E-Mail", "Straße"], ["Rheine", "Rosa Beispiel", "x", ROSA[2], "Weg 1"]
    )
    page = upload(client, data)
    assert "Spalten zuordnen" in text(page)
    assert "A: Wo (zum Beispiel „Rheine“)" in text(page)
    assert page.context["form"].unassigned() == ["Wo", "E-Mail privat", "Straße"]
    run = ImportRun.objects.get()
    columns = {"full_name": "1", "email": "3"}
    assert "Wählen Sie die Spalte für „Kommune“ oder" in text(client.post(at("import_columns", run), columns))
    twice = {**columns, "body": "1"}
    assert "Wählen Sie jede Spalte nur einmal." in text(client.post(at("import_columns", run), twice))
    page = client.post(at("import_columns", run), {**columns, "body": "0"}, follow=True)
    assert "1 neue einlesen" in text(page)


def test_doubtful_bodies_are_asked_once_for_all_rows(client):
    data = xlsx(
        HEADINGS, ["Coesfeld", *ROSA[1:]], ["Coesfeld", "Rudi Muster", "", ""], ["Irgendwo", "Ute Probe", "", ""]
    )
    page = upload(client, data)
    assert "„Coesfeld“" in text(page)
    assert "Zeilen 2, 3" in text(page)
    run = ImportRun.objects.get()
    coesfeld, somewhere = (name for name in page.context["form"].fields if not name.endswith("_name"))
    assert page.context["form"][coesfeld].value() is None  # nobody leaves rows out without noticing
    assert "Wählen Sie, welche Kommune mit „Coesfeld“ gemeint ist." in text(client.post(at("import_bodies", run)))
    unclear = {coesfeld: "05558000", somewhere: "andere", f"{somewhere}_name": "Unna"}
    assert "dass nur eine Kommune in NRW so heißt" in text(client.post(at("import_bodies", run), unclear))
    page = client.post(at("import_bodies", run), {coesfeld: "05558000", somewhere: "keine"}, follow=True)
    assert "2 neue einlesen" in text(page)
    again = upload(client, data, url=at("import_file", run))
    assert "2 neue einlesen" in text(again)
    press(client, run)
    assert Municipality.objects.get(name="Kreis Coesfeld").contacts.count() == 2
    assert Person.objects.count() == 2


def test_a_single_guess_is_a_question_too(client):
    page = upload(client, xlsx(HEADINGS, ["Rhiene", *ROSA[1:]]))
    (choice, _), *others = page.context["form"].questions()
    assert (choice.value(), others) == (None, [])
    assert "Rheine (" in text(page)
    said = client.post(at("import_carry_out", ImportRun.objects.get()), {"expected": ""}, follow=True)
    assert "Beantworten Sie zuerst, welche Kommunen gemeint sind." in text(said)


def test_contacts_without_access_are_invited(client):
    ContactPersonFactory(municipality=Municipality.objects.get(slug="rheine"))
    upload(client, xlsx(HEADINGS, ROSA, ["Wettringen", "Ute Probe", "ute@wettringen.example", ""]))
    run = ImportRun.objects.get()
    page = text(press(client, run))
    assert "1 Person einladen" in page
    assert "1 Person ohne Zugang lässt sich noch nicht einladen: Die Kommune ist nicht Mitglied" in page  # Wettringen
    assert "Eingeladen (1): Rosa Beispiel." in text(client.post(at("import_invite", run), follow=True))
    assert User.objects.filter(email="rosa@rheine.example").exists()
    assert OutgoingMail.objects.get(to_address="rosa@rheine.example").kind == "users.access_invitation"
    assert "1 Person einladen" not in text(client.get(run.get_absolute_url()))


def test_a_list_can_be_thrown_away(client):
    upload(client, xlsx(HEADINGS, ROSA))
    page = client.post(at("import_discard", ImportRun.objects.get()), follow=True)
    assert "„Kontakte.xlsx“ ist verworfen. Nichts wurde eingelesen." in text(page)
    assert not ImportRun.objects.exists()


def test_a_colleague_was_quicker(client):
    """She reads the list in between the look at it and the step."""
    upload(client, xlsx(HEADINGS, ROSA))
    url = at("import_discard", ImportRun.objects.get())
    looks = []

    def colleague(execute, sql, *args):
        if sql.startswith('SELECT "members_importrun"'):
            looks.append(sql)
            if len(looks) == 2:
                ImportRun.objects.update(imported_at=timezone.now())
        return execute(sql, *args)

    with connection.execute_wrapper(colleague):
        page = client.post(url, follow=True)
    assert "Beginnen Sie neu: Diese Liste ist schon eingelesen." in text(page)
    assert ImportRun.objects.exists()


def test_a_finished_import_shows_only_its_result(client):
    upload(client, xlsx(HEADINGS, ROSA))
    run = ImportRun.objects.get()
    seen = client.get(run.get_absolute_url()).context["plan"].fingerprint
    first = press(client, run)
    for name in ("import_columns", "import_bodies", "import_report"):
        assert client.get(at(name, run)).status_code == 404
    assert client.post(at("import_discard", run)).status_code == 404
    left_open = client.post(at("import_carry_out", run), {"expected": seen}, follow=True)
    assert left_open.context["counts"] == first.context["counts"] == [("neu", "neu", 1)]
    assert not list(left_open.context["messages"])
    assert Person.objects.count() == 1


def test_the_filter_shows_the_rows_to_mend_first(client):
    page = upload(client, xlsx(HEADINGS, ROSA, WRONG))
    assert [line.subject for line in page.context["page"]] == ["Rudi Muster, Rheine"]
    url = ImportRun.objects.get().get_absolute_url()
    for query, number in (("alle", 2), ("neu", 1), ("gibt-es-nicht", 1)):
        assert len(client.get(url, {"stand": query}).context["page"]) == number


def test_texts_of_the_file_are_shown_as_text(client):
    page = text(upload(client, xlsx(HEADINGS, ["Rheine", "<script>alert(1)</script>", "{{ 7 }}@x", "=1+1"])))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_list_of_imports_needs_the_same_queries_for_one_and_three(client):
    def load():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("imports"))
        return len(queries)

    upload(client, xlsx(HEADINGS, ROSA))
    one = load()
    upload(client, xlsx(HEADINGS, ROSA))
    upload(client, xlsx(HEADINGS, ROSA))
    assert load() == one


def test_colleagues_go_on_with_each_others_lists(client, client_of, chancellery, administrator):
    upload(client, xlsx(HEADINGS, ROSA))
    url = ImportRun.objects.get().get_absolute_url()
    assert client_of(chancellery).get(url).status_code == 200
    assert client_of(administrator).get(url).status_code == 404


def test_the_administrator_loads_the_official_directory(client_of, administrator, register):
    client = client_of(administrator)
    page = upload(client, official_file(RHEINE), kind=ImportKind.DIRECTORY)
    assert "3 geänderte einlesen" in text(page)
    press(client, ImportRun.objects.get())
    assert Municipality.objects.get(slug="rheine").population == 78000


def test_the_template_reads_in_without_questions(client):
    for kind in (ImportKind.CONTACTS, ImportKind.HEADS, ImportKind.MEMBERSHIPS):
        response = client.get(reverse("import_template", args=[kind]))
        book = load_workbook(io.BytesIO(response.getvalue()))
        headings = [cell.value for cell in book.active[1]]
        page = upload(client, xlsx(headings, ["Rheine", *[""] * (len(headings) - 1)]), kind=kind)
        assert page.request["PATH_INFO"] == ImportRun.objects.first().get_absolute_url()
