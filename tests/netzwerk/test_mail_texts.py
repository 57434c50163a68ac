""" "Automatische E-Mails": the office sees what goes out by itself, and changes the words but never the facts."""

import re
from html import unescape

import pytest
from django.core import mail as mailbox
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core import mailtexts
from core.dates import today
from core.delivery import run_sender
from core.letters import compose
from core.mailkinds import all_kinds, kind_for
from core.mailtexts import Wording, as_html, as_text, shipped, strange_in
from core.models import MailState, MailText, OutgoingMail
from members import emails as member_emails
from members.models import ContactPerson
from tests.factories import ContactPersonFactory
from users import emails

CODE = "users.sign_in_code"
ENDED = "members.function_ended"
OWN = {"subject": "Ihr Code", "opening": "Hallo aus Düsseldorf,\n\nhier ist er:", "closing": ""}
WRITTEN = [kind.key for kind in all_kinds() if kind.sample]


@pytest.fixture
def desk(client, office):
    client.force_login(office)
    return client


@pytest.fixture
def other_desk(client_class, chancellery):
    client = client_class()
    client.force_login(chancellery)
    return client


@pytest.fixture
def client_class(client):
    return type(client)


def page(client, key=CODE):
    return unescape(client.get(reverse("mail_text", args=[key])).content.decode())


def save(client, key=CODE, **fields):
    """Send the form as it came with the page, with these fields changed; return the page that follows."""
    seen = re.search(r'name="seen" value="(\d+)"', page(client, key))
    data = OWN | {"seen": seen[1]} | fields
    return unescape(client.post(reverse("mail_text", args=[key]), data, follow=True).content.decode())


@pytest.mark.parametrize("key", WRITTEN)
def test_what_is_shipped_uses_only_what_it_offers(key):
    kind = kind_for(key)
    words = shipped(kind)
    for part in (words.subject, words.opening, words.closing):
        assert part
        assert strange_in(part, kind.placeholders) == []


@pytest.mark.django_db
@pytest.mark.parametrize("key", WRITTEN)
def test_every_placeholder_of_every_kind_has_a_word_in_the_preview(key):
    kind = kind_for(key)
    wording = Wording("Probe", "\n\n".join(f"{name}=[{{{name}}}]" for name in kind.placeholders), "Ende")
    letter = compose(key, kind.sample(), wording=wording)
    for name in kind.placeholders:
        assert re.search(rf"{name}=\[.+\]", letter.text), name
        assert re.search(rf"{name}=\[.+?\]", letter.html), name


def test_a_placeholder_without_a_word_leaves_no_hole():
    assert as_text("Guten Tag {name}, willkommen!", {}) == "Guten Tag, willkommen!"
    assert as_text("{name}", {"name": ""}) == ""


@given(st.text(), st.text())
def test_no_text_and_no_word_becomes_markup_or_is_read_twice(text, word):
    html = as_html(f"{text} {{name}}", {"name": word, "geheim": "GEHEIM"})
    assert set(re.findall(r"</?(\w+)", html)) <= {"p", "br", "a"}
    assert as_text("{name}", {"name": "{geheim}", "geheim": "x"}) == "{geheim}"


def test_template_language_stays_text():
    assert "{% load" in as_text("{% load x %}{{ settings.SECRET_KEY }}", {})
    assert strange_in("{{ settings.SECRET_KEY }} {name} }", {"name"}) == ["{", "{ settings.SECRET_KEY }", "}", "}"]


def test_the_office_writes_and_the_next_mail_says_it(desk, contact):
    assert "gilt ab der nächsten E-Mail" in save(desk)
    mail = emails.sign_in_code(contact, code="123-456")
    run_sender()
    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    sent = mailbox.outbox[-1]
    assert sent.subject == "Ihr Code"
    assert sent.body.startswith("Hallo aus Düsseldorf,\n\nhier ist er:\n\n    123-456\n\nGeben Sie ihn")
    assert "<p>Hallo aus Düsseldorf,</p>" in re.sub(r' style="[^"]*"', "", sent.alternatives[0][0])


@pytest.mark.django_db
def test_the_code_cannot_be_edited_away_nor_put_into_the_subject(desk, contact):
    assert "code" not in kind_for(CODE).placeholders
    save(desk, opening="Guten Tag!", closing="")
    assert "123-456" in kind_for(CODE).render(emails.sign_in_code(contact, code="123-456")).text


@pytest.mark.parametrize("field", ["subject", "opening", "closing"])
def test_a_placeholder_that_is_none_is_named_with_those_that_are(desk, field):
    answer = save(desk, **{field: "Guten Tag {vorname}"})
    assert "Nehmen Sie {vorname} heraus." in answer
    assert "nur stehen: {adresse}, {datum}, {uhrzeit}." in answer
    assert "Guten Tag {vorname}" in answer
    assert not MailText.objects.exclude(subject="").exists()


def test_subject_and_opening_are_needed(desk):
    answer = save(desk, subject=" ", opening="")
    assert "Geben Sie einen Betreff ein." in answer
    assert "Schreiben Sie einen Anfang." in answer


def test_a_subject_of_two_lines_cannot_smuggle_headers(desk, contact):
    save(desk, subject="Ihr Code\r\nBcc: spy@evil.example")
    assert not MailText.objects.filter(subject__contains="Bcc").exists()


def test_back_to_what_is_shipped_and_the_history_keeps_ones_own(desk, contact):
    save(desk)
    answer = desk.post(reverse("mail_text_reset", args=[CODE]), follow=True).content.decode()
    assert "wie das Portal sie mitbringt" in answer
    assert "Hallo aus Düsseldorf" in answer  # in the history
    assert mailtexts.wording_of(CODE) == shipped(kind_for(CODE))
    words = shipped(kind_for(CODE))
    save(desk, subject=words.subject, opening=words.opening, closing=words.closing)
    assert not MailText.objects.get(kind=CODE).is_own
    assert MailText.history.count() == 2


def test_the_second_writer_is_told_and_loses_nothing(desk, other_desk):
    save(desk)
    form = {"seen": "0", "subject": "Anders", "opening": "Moin", "closing": ""}
    answer = unescape(other_desk.post(reverse("mail_text", args=[CODE]), form).content.decode())
    assert "office@netzwerk.example hat um" in answer
    assert 'value="Anders"' in answer
    assert mailtexts.wording_of(CODE).subject == "Ihr Code"
    form["seen"] = re.search(r'name="seen" value="(\d+)"', answer)[1]
    assert other_desk.post(reverse("mail_text", args=[CODE]), form).status_code == 302
    assert mailtexts.wording_of(CODE).subject == "Anders"


def test_the_same_form_sent_twice_is_no_news(desk):
    form = OWN | {"seen": "0"}
    assert desk.post(reverse("mail_text", args=[CODE]), form).status_code == 302
    assert desk.post(reverse("mail_text", args=[CODE]), form).status_code == 302
    assert MailText.history.count() == 1


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30])
def test_a_version_that_is_none_never_breaks_the_page(desk, seen):
    assert desk.post(reverse("mail_text", args=[CODE]), OWN | {"seen": seen}).status_code in (200, 302)


def test_a_test_mail_tries_what_is_typed_and_stores_nothing(desk, office):
    answer = save(desk, test="1")
    assert f"Testmail an {office.email} abgeschickt" in answer
    assert "Hallo aus Düsseldorf" in answer
    run_sender()
    sent = mailbox.outbox[-1]
    assert (sent.to, sent.subject) == ([office.email], "Testmail: Ihr Code")
    assert "Hallo aus Düsseldorf" in sent.body
    assert mailtexts.wording_of(CODE) == shipped(kind_for(CODE))


def test_the_preview_shows_what_is_typed_in_a_sandbox(desk):
    url = reverse("mail_text_html", args=[CODE])
    assert "mit diesem Code melden Sie sich" in desk.get(url).content.decode()
    answer = desk.post(url, OWN)
    assert "Hallo aus Düsseldorf" in answer.content.decode()
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-src 'self'" in desk.get(reverse("mail_text", args=[CODE]))["Content-Security-Policy"]
    text = desk.post(reverse("mail_text_txt", args=[CODE]), OWN)
    assert text.content.decode().startswith("Betreff: Ihr Code\n\nHallo")
    mistake = desk.post(url, OWN | {"opening": "{x}"})
    assert mistake["Content-Type"] == "text/plain; charset=utf-8"
    assert mistake.content.decode().startswith("Nehmen Sie {x} heraus.")


def test_switched_off_it_is_left_out_with_its_reason(desk, town):
    save(desk, ENDED, is_off="on")
    contact = ContactPersonFactory(municipality=town)
    mail = member_emails.function_ended(contact)
    run_sender()
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (MailState.SKIPPED, "Diese automatische E-Mail ist abgeschaltet.")
    assert "abgeschaltet" in desk.get(reverse("mail_texts")).content.decode()
    assert ContactPerson.objects.count() == 1


def test_no_page_promises_a_mail_that_is_switched_off(desk, client_of, contact, colleague, town):
    lead, deputy = ContactPerson.objects.order_by("is_deputy")
    hers = client_of(contact)
    give_up = {"on": today().isoformat(), "successor": "open"}

    def promises():
        pages = (
            desk.get(reverse("leave", args=[town.slug])),
            desk.get(reverse("hand_over", args=[lead.pk])),
            hers.get(reverse("remove_colleague", args=[deputy.pk])),
            hers.post(reverse("give_up", args=[lead.pk]), give_up),
            hers.get(reverse("give_hint", args=[town.slug])),
        )
        words = ("Ansprechpersonen bekommen eine E-Mail", "Beide Personen", "Die Person bekommt eine E-Mail")
        more = ("Sie bekommen eine E-Mail mit diesem Datum", "an die Ansprechpersonen der Kommune und")
        return [any(word in answer.content.decode() for word in (*words, *more)) for answer in pages]

    assert promises() == [True] * 5
    for kind in (ENDED, "members.hint"):
        save(desk, kind, is_off="on")
    assert promises() == [False] * 5


def test_what_people_need_cannot_be_switched_off(desk, contact):
    assert "is_off" not in page(desk)
    save(desk, is_off="on")
    mail = emails.sign_in_code(contact, code="123-456")
    run_sender()
    mail.refresh_from_db()
    assert mail.state == MailState.SENT


def test_the_table_counts_what_was_sent(desk, contact, django_assert_num_queries):
    emails.access_invitation(contact)
    emails.access_invitation(contact)
    run_sender()
    table = " ".join(desk.get(reverse("mail_texts")).content.decode().split())
    row = re.search(r"<tr>(?:(?!</tr>).)*Einladung zum Portal.*?</tr>", table)[0]
    assert "mitgeliefert" in row
    assert '<td class="table__number">2</td>' in row
    assert all(kind.name in unescape(table) for kind in all_kinds())


def test_the_number_of_queries_does_not_depend_on_the_rows(desk, contact, django_assert_max_num_queries):
    for number in (1, 3):
        for _ in range(number):
            emails.access_invitation(contact)
        with django_assert_max_num_queries(2):
            mailtexts.lines()
    assert OutgoingMail.objects.count() == 4
