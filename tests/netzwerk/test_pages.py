"""Pages of the office's text: shipped wording, own wording, the way back, and who may write."""

import pytest
from django.urls import reverse

from core import markdown, revision
from netzwerk.models import PageKey, TextPage, shipped
from tests.back_office import choose_and_confirm

pytestmark = pytest.mark.django_db


def shown(client, key) -> str:
    return client.get(reverse(key)).content.decode()


@pytest.fixture
def page():
    return TextPage.objects.get(key=PageKey.CONTACT)


@pytest.fixture
def send(client_of, office, page):
    """Send the form of the back office, or its preview; return the answer."""

    def post(text, *, title="Kontakt", to="change"):
        address = reverse(f"admin:netzwerk_textpage_{to}", args=[page.pk])
        return client_of(office).post(address, {"title": title, "text": text}, follow=True)

    return post


@pytest.mark.parametrize("key", PageKey.values)
def test_every_page_shows_its_shipped_text_also_without_a_row(client, key):
    TextPage.objects.all().delete()
    html = shown(client, key)
    assert f"<h1>{shipped(key).title}</h1>" in html
    assert "Herr " not in html
    assert "Frau " not in html


def test_every_page_has_a_row_for_the_back_office_and_a_shipped_text():
    assert set(TextPage.objects.values_list("key", flat=True)) == set(PageKey.values)
    assert all(shipped(key).title and markdown.render(shipped(key).text) for key in PageKey.values)


def test_shipped_texts_link_only_to_pages_that_exist(client):
    links = {word.split(")")[0] for key in PageKey.values for word in shipped(key).text.split("](/")[1:]}
    assert links
    assert {link: client.get(f"/{link}").status_code for link in links} == dict.fromkeys(links, 200)


def test_what_the_office_writes_stands_on_the_page_at_once(client, send, page):
    number = revision.current()
    send("Rufen Sie uns an.\n\n## Zeiten\n\nImmer **mittags**.", title="So erreichen Sie uns")
    html = shown(client, "contact")
    assert "<h1>So erreichen Sie uns</h1>" in html
    assert "Immer <strong>mittags</strong>." in html
    assert "[Telefon der Geschäftsstelle]" not in html
    assert revision.current() > number
    assert page.history.latest().history_user.email == "office@netzwerk.example"


def test_saving_the_shipped_wording_unchanged_stores_nothing(send, page):
    given = shipped(page.key)
    send(given.text.replace("\n", "\r\n") + "\r\n", title=given.title)
    page.refresh_from_db()
    assert not page.is_own


def test_resetting_shows_the_shipped_text_and_keeps_the_other_in_the_history(client, client_of, office, send, page):
    send("Eigener Text.")
    answer = choose_and_confirm(client_of(office), reverse("admin:netzwerk_textpage_changelist"), "reset", page)
    assert "Zurückgesetzt (1): Kontakt." in answer
    assert "[Telefon der Geschäftsstelle]" in shown(client, "contact")
    assert "Eigener Text." in page.history.values_list("own_text", flat=True)


def test_the_preview_shows_what_was_typed_and_stores_nothing(client, send, page):
    html = send("Nur ein Versuch.", to="preview").content.decode()
    assert "Vorschau: So sieht die Seite mit diesem Text aus." in html
    assert "Nur ein Versuch." in html
    assert "Nur ein Versuch." not in shown(client, "contact")
    page.refresh_from_db()
    assert not page.is_own


def test_the_preview_of_a_wrong_text_says_what_to_do(send):
    assert "Kürzen Sie den Text" in send("x" * 100_001, to="preview").content.decode()


def test_a_text_too_long_is_refused_at_the_field(send, page):
    assert "Kürzen Sie den Text" in send("x" * 100_001).content.decode()
    page.refresh_from_db()
    assert not page.is_own


def test_the_form_begins_with_the_text_that_shows(client_of, office, page):
    html = client_of(office).get(reverse("admin:netzwerk_textpage_change", args=[page.pk])).content.decode()
    assert "[Telefon der Geschäftsstelle]" in html


def test_the_list_counts_the_gaps(client_of, office, send):
    send("Alles gesagt.")
    html = client_of(office).get(reverse("admin:netzwerk_textpage_changelist")).content.decode()
    assert '<td class="field-wording">eigener</td><td class="field-gaps">keine</td>' in html
    gaps = len(markdown.placeholders(shipped(PageKey.IMPRINT).text))
    assert f'<td class="field-wording">mitgeliefert</td><td class="field-gaps">{gaps}</td>' in html


def test_markup_and_template_marks_show_as_typed(client, send):
    send("<script>alert(1)</script> {{7*7}}{% debug %}", title="<b>Wir</b>")
    html = shown(client, "contact")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}{% debug %}" in html
    assert "<h1>&lt;b&gt;Wir&lt;/b&gt;</h1>" in html


@pytest.mark.parametrize("path", ["/", "/kommunen/", "/impressum/", "/konto/anmelden/", "/gibt-es-nicht/"])
def test_every_page_leads_to_imprint_privacy_and_accessibility(client, path):
    html = client.get(path).content.decode()
    for key in ("imprint", "privacy", "accessibility", "contact", "easy_language", "sign_language"):
        assert f'href="{reverse(key)}"' in html
    assert f'href="/barrierefreiheit/melden/?seite={path}"' in html


def test_joining_shows_five_conditions_as_cards_and_five_steps(client):
    html = shown(client, "join")
    conditions, way = html.split("Der Weg in fünf Schritten")
    assert conditions.count('<h3 class="card__title">') == 5
    assert way.split("</ol>")[0].count("<li>") == 5


def test_the_start_page_says_what_the_network_offers_and_that_dates_will_come(client):
    html = shown(client, "start")
    assert html.count('<h3 class="card__title">') == 4
    assert "Die nächsten Termine stehen hier, sobald sie feststehen." in html
    assert html.index("Was das Netzwerk bietet") < html.index("Gewachsen seit 2012") < html.index("In fünf Schritten")
