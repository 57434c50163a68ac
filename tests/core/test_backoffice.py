"""What all lists of the back office do: tell what was done to whom, ask before, and give themselves as a file."""

import datetime
import io
import re

import pytest
from django.contrib import admin
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags
from openpyxl import load_workbook

from core.backoffice import ListAdmin, for_each
from core.models import OutgoingMail
from members.models import Person
from tests.back_office import choose, choose_and_confirm, confirm
from tests.factories import ContactPersonFactory, MembershipFactory, PersonFactory, ProfileFactory, TopicFactory


@pytest.fixture
def told(rf):
    """Do a verb to each; return what was answered and what the person is told, with its level."""

    def do(rows, verb):
        request = rf.post("/")
        request._messages = CookieStorage(request)
        answers = for_each(request, rows, verb, done="Gesperrt")
        return answers, [(message.level_tag, message.message) for message in request._messages]

    return do


def block(name):
    if name.startswith("x"):
        raise ValidationError("Das geht nicht.")
    if name.startswith("y"):
        raise ValidationError(f"{name} ist schon gesperrt.")
    return len(name)


def test_tells_how_many_and_whom_and_collects_refusals(told):
    answers, messages = told(["Anna", "xaver", "Bo", "yvonne", "xenia"], block)
    assert answers == [4, 2]
    assert messages == [
        ("success", "Gesperrt (2): Anna, Bo."),
        ("warning", "xaver, xenia: Das geht nicht."),
        ("warning", "yvonne ist schon gesperrt."),
    ]


def test_long_lists_are_not_read_out(told):
    _, messages = told([f"P{n}" for n in range(12)], block)
    assert messages == [("success", "Gesperrt (12): P0, P1, P2, P3, P4, P5, P6, P7, P8, P9 und 2 weitere.")]


def test_nothing_done_is_nothing_told(told):
    assert told([], block) == ([], [])


@pytest.mark.parametrize("wrong", ["Münster", "\x00", "9" * 30, "-1"])
@pytest.mark.parametrize("chosen", ["municipality", "topics"])
def test_a_choice_that_is_none_is_refused_and_the_form_comes_back(client_of, office, chosen, wrong):
    answer = client_of(office).post(reverse("admin:members_profile_add"), {chosen: wrong, "summary": "Viele Vereine"})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors[chosen]
    assert "Viele Vereine" in answer.content.decode()


# --- lists as files -----------------------------------------------------------------------------------------------

PERSONS, MEMBERSHIPS = "admin:members_person_export", "admin:members_membership_export"


def sheet(client, name, **query):
    answer = client.get(reverse(name, args=["xlsx"]), query)
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(b"".join(answer))).active]


@pytest.fixture
def desk(client_of, office):
    return client_of(office)


def test_the_file_holds_what_the_list_shows_on_all_its_pages(desk):
    for number in range(55):
        PersonFactory(last_name=f"Muster{number:02}", email=f"m{number}@stadt.example")
    PersonFactory(last_name="Probe")
    rows = sheet(desk, PERSONS, q="Muster", o="-1", p="2")
    assert rows[0][:3] == ["Name", "E-Mail-Adresse", "Telefon"]
    assert [row[0] for row in rows[1:]] == [f"Rosa Muster{number:02}" for number in reversed(range(55))]


def test_dates_choices_and_related_values_are_what_they_mean(desk, town):
    header, row = sheet(desk, MEMBERSHIPS)
    found = dict(zip(header, row, strict=True))
    assert found["Kommune"] == "Rheine"
    assert found["Amtlicher Gemeindeschlüssel"] == town.ags
    assert found["Beginn"] == datetime.datetime(2012, 12, 1)
    assert found["Genauigkeit"] == "Monat"
    assert found["Quelle"] in ("ja", "nein", None)


def test_the_list_names_the_number_of_rows_and_keeps_filters_in_the_links(desk):
    PersonFactory(last_name="Muster")
    PersonFactory(last_name="Probe")
    page = desk.get(reverse("admin:members_person_changelist"), {"q": "Muster", "all": ""}).content.decode()
    assert "1 Zeile exportieren:" in page
    assert 'href="/verwaltung/members/person/tabelle.csv?q=Muster"' in page


def test_u8_what_somebody_typed_is_no_formula_in_any_file(desk):
    PersonFactory(first_name="", last_name='=HYPERLINK("http://evil.example")', phone="+49 251 1")
    row = sheet(desk, PERSONS)[1]
    assert row[0] == '=HYPERLINK("http://evil.example")'
    cells = b"".join(desk.get(reverse(PERSONS, args=["csv"]))).decode().split("\r\n")[1].split(";")
    assert cells[0].startswith("\"'=HYPERLINK")
    assert cells[2] == "'+49 251 1"


@pytest.mark.parametrize("query", ["kaputt=1", "user__isempty=x"])
def test_a_filter_that_does_not_exist_leads_to_the_list(desk, query):
    answer = desk.get(f"{reverse(PERSONS, args=['csv'])}?{query}")
    assert answer.status_code == 302
    assert answer.url == "/verwaltung/members/person/?e=1"


def test_other_endings_do_not_exist(desk):
    assert desk.get(reverse(PERSONS, args=["pdf"])).status_code == 404


def test_every_list_of_the_back_office_has_its_file():
    assert [str(record) for record in admin.site._registry.values() if not isinstance(record, ListAdmin)] == []


@pytest.mark.parametrize(
    ("name", "factory"),
    [
        ("members_person", PersonFactory),
        ("members_contactperson", ContactPersonFactory),
        ("members_profile", lambda: ProfileFactory().topics.add(TopicFactory(), TopicFactory())),
        ("members_membership", MembershipFactory),
    ],
)
def test_files_need_the_same_queries_for_one_and_three_rows(desk, name, factory):
    url = reverse(f"admin:{name}_export", args=["csv"])
    factory()
    desk.get(url)
    with CaptureQueriesContext(connection) as one:
        desk.get(url)
    factory()
    factory()
    with CaptureQueriesContext(connection) as three:
        desk.get(url)
    assert len(three) == len(one)


# --- asked before it is done --------------------------------------------------------------------------------------

LIST = "/verwaltung/members/person/"


def test_many_are_named_and_counted_before_anything_is_done(desk):
    persons = [PersonFactory(last_name=f"Muster{number:02}") for number in range(12)]
    for person in persons:
        ContactPersonFactory(person=person)
    page = choose(desk, LIST, "give_access", *persons).content.decode()
    assert "<h1>12 Personen Zugang geben?</h1>" in page
    assert "Rosa Muster09 und 2 weitere" in page
    assert "Jede Person bekommt ein Konto und eine E-Mail" in page
    assert 'value="12 Personen Zugang geben"' in page
    assert not OutgoingMail.objects.exists()
    done = choose_and_confirm(desk, LIST, "give_access", *persons)
    assert "Zugang gegeben (12): Rosa Muster00" in done
    assert OutgoingMail.objects.count() == 12


def test_all_pages_of_a_filtered_list_are_asked_about_and_only_those_named_are_done(desk):
    first = ContactPersonFactory(person=PersonFactory(last_name="Muster")).person
    PersonFactory(last_name="Probe")
    data = {"action": "give_access", "select_across": "1", "_selected_action": [first.pk]}
    question = desk.post(f"{LIST}?q=Muster", data)
    assert "1 Person Zugang geben?" in question.content.decode()
    late = PersonFactory(last_name="Muster")
    Person.objects.filter(pk=first.pk).update(last_name="Wechsel")  # the list would not show her any more
    confirm(desk, question)
    assert Person.objects.get(pk=first.pk).user is not None
    assert Person.objects.get(pk=late.pk).user is None


def test_nobody_chosen_is_said_in_words(desk):
    PersonFactory()
    page = choose(desk, LIST, "give_access").content.decode()
    assert "Wählen Sie zuerst aus, wen oder was es betreffen soll" in page


@pytest.mark.parametrize("key", ["x", "", "1e5", "99999999999999999999", "%00"])
def test_a_chosen_row_that_is_none_never_breaks_the_page(desk, key):
    assert desk.post(LIST, {"action": "give_access", "_selected_action": key}).status_code == 404
    data = {"action": "give_access", "_selected_action": "0", "select_across": "1", "chosen": key}
    assert desk.post(LIST, data).status_code == 404


def test_who_may_not_do_it_cannot_confirm_it_either(desk, client_of, administrator):
    person = PersonFactory()
    question = choose(desk, LIST, "give_access", person)
    assert confirm(client_of(administrator), question).status_code == 403
    assert Person.objects.get(pk=person.pk).user is None


FILTERED = ["members_municipality", "members_person", "core_batch", "netzwerk_barrierreport", "users_accessinvitation"]


@pytest.mark.parametrize("model", FILTERED)
def test_filters_and_the_way_back_read_as_german(client, administrator, model):
    administrator.office = "secretariat"
    administrator.save()
    client.force_login(administrator)
    page = client.get(reverse(f"admin:{model}_changelist")).content.decode()
    titles = re.findall(r"<summary>([^<]+)</summary>", page)
    assert titles
    assert not [title for title in titles if title.startswith("Nach ") or title[0].islower() or title.endswith(" am")]
    assert "Nicht leer" not in page
    assert re.search(r'<div class="breadcrumbs">\s*<a href="/verwaltung/">Heute</a>', page)


def test_a_filter_by_filled_or_not_counts_as_before(client, office):
    PersonFactory(last_name="Muster", user=None)
    client.force_login(office)
    page = client.get(reverse("admin:members_person_changelist") + "?user__isempty=1&_facets=True").content.decode()
    assert "Nein (1)" in page
    assert "Ja (0)" in page
    assert "Muster" in page


def test_true_and_false_are_words(client, office):
    MembershipFactory(source="")
    client.force_login(office)
    page = client.get(reverse("admin:members_membership_changelist")).content.decode()
    assert re.search(r'<td class="field-has_source">–</td>', page)
    assert "icon-no" not in page


def test_the_way_back_from_record_history_and_deletion(client, office):
    topic = TopicFactory(name="Ehrenamtskarte")
    client.force_login(office)
    version = topic.history.get().pk
    for name, args in (("change", []), ("history", []), ("delete", []), ("simple_history", [version])):
        page = client.get(reverse(f"admin:members_topic_{name}", args=[topic.pk, *args])).content.decode()
        way = " ".join(strip_tags(re.search(r'(?s)<div class="breadcrumbs">.*?</div>', page)[0]).split())
        assert way.startswith("Heute › Themen › Ehrenamtskarte"), name
