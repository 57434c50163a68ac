"""What leaves the house: headers nobody can break (M-14), parts that belong together, HTML in the portal's dress."""

import re
from email import message_from_bytes, policy

import pytest
from django.conf import settings as django_settings
from django.template import engines
from hypothesis import example, given
from hypothesis import strategies as st

from core import delivery, mailkinds
from core.content import content_of
from core.letters import build_message, compose
from core.mailkinds import Facts, MailClass, MailKind
from core.models import OutgoingMail
from core.text import clean_text, one_line
from core.transport import wire_form

STRICT = policy.SMTP.clone(raise_on_defect=True)
NASTY = [
    "Anna\r\nBcc: spy@evil.example",
    "Anna \u202egnp.exe",
    "\x07Anna\x1b",
    'Anna, Dr. "Muster" <x@y>',
    "Ä" * 300,
]


def parsed(mail):
    return message_from_bytes(build_message(mail).message().as_bytes(), policy=STRICT)


@pytest.mark.parametrize("nasty", NASTY)
def test_m14_name_and_subject_cannot_break_headers(start_server, queue, nasty):
    server = start_server()
    mail = queue(name=nasty, subject=nasty)
    delivery.run_sender()
    message = server.messages()[0]
    assert "Bcc" not in message
    assert len(message.get_all("to")) == len(message.get_all("subject")) == 1
    assert [address.addr_spec for address in message["to"].addresses] == [mail.to_address]
    assert message["to"].addresses[0].display_name == mail.to_name
    assert not re.search("[\u202a-\u202e\x07\x1b\r\n]", f"{message['to']}{message['subject']}")


LONG = ["W" * 150, "Ä" * 150, "Einladung zum Fachgespräch über Ehrenamt und Bürgerengagement in Nordrhein-Westfalen"]


@pytest.mark.parametrize("subject", LONG)
def test_a_long_subject_arrives_without_a_space_before_it(subject):
    mail = OutgoingMail(to_address="anna@stadt.example", subject=subject, text="Guten Tag.\n")
    assert parsed(mail)["subject"] == subject


@example(name="A" * 998, subject="ß\n" * 40)
@given(name=st.text(), subject=st.text())
def test_m14_any_text_makes_a_message_without_defects(name, subject):
    mail = OutgoingMail(to_address="anna@stadt.example", to_name=name[:200], subject=subject[:250], text="Guten Tag.\n")
    message = parsed(mail)
    assert [address.addr_spec for address in message["to"].addresses] == ["anna@stadt.example"]
    assert set(message.keys()) == {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip


BOUNDARY = re.compile(rb"=+[0-9a-f]+=+")


def one_form(content):
    """Django breaks a header where the boundary makes it too long; a boundary of ours has another length."""
    return BOUNDARY.sub(b"=", content.replace(b"\r\n", b"\n")).replace(b";\n boundary", b"; boundary")


@pytest.mark.once
@pytest.mark.parametrize(
    "attachments", [[], [{"name": "Ü.ics", "content_type": "text/calendar", "text": "A\r\nB\r\n"}]]
)
@pytest.mark.parametrize("html", ["", "<p>Äpfel\n.und\n</p>", f"<p>\n{'ä = ' * 400}</p>"])
@pytest.mark.parametrize(
    "text", ["", "Guten Tag.\n", ".Punkt\nÄ 🎉\r\nx\ry\n", "x" * 1200, "Zeile\u2028\x0bZeile\n" * 40]
)
def test_what_leaves_the_house_is_what_django_would_write(text, html, attachments):
    given = {"subject": "Ä" * 90, "to_name": "Dr. Ä", "to_address": "a@stadt.example"}
    mail = OutgoingMail(kind="test.business", text=text, html=html, attachments=attachments, **given)
    message = build_message(mail)
    message.extra_headers["Date"] = "Mon, 01 Mar 2027 09:00:00 -0000"
    assert one_form(content_of(message)) == one_form(message.message().as_bytes())
    assert b"\n" not in content_of(message).replace(b"\r\n", b"")


def test_headers_of_every_mail(queue, settings):
    settings.MAIL_REPLY_TO = "geschaeftsstelle@netzwerk.example"
    mail = queue()
    delivery.run_sender()
    mail.refresh_from_db()
    message = parsed(mail)
    assert message["auto-submitted"] == "auto-generated"
    assert message["content-language"] == "de"
    assert message["reply-to"] == "geschaeftsstelle@netzwerk.example"
    assert message["from"] == django_settings.DEFAULT_FROM_EMAIL
    assert message["message-id"] == mail.message_id == parsed(mail)["message-id"]
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.once
@pytest.mark.parametrize(
    "text",
    [
        "x" * 5_000,
        "👩‍👩‍👧 " * 400,
        "ä" * 998,
        f"{'x' * 998}\n{'y' * 999}",
        "From hier\n.\n\u202everdreht\u2066",
    ],
    ids=["endless", "emoji", "umlauts", "998 and 999", "dots and bidi"],
)
def test_no_line_on_the_wire_is_longer_than_998_and_nothing_is_defect(start_server, queue, text):
    """RFC 5322, 2.1.1; in subject, name, text and HTML at once."""
    server = start_server()
    queue(name=text, subject=text, text=text)
    delivery.run_sender()
    source = server.entries()[0]["source"]
    assert max(len(line.encode("utf-8", "surrogateescape")) for line in source.splitlines()) <= 998
    (message,) = server.messages()
    # A word without end is folded before its first letter, which a reader sees as one space.
    assert "".join(message["subject"].split()) == "".join(one_line(text, 250).split())
    plain = message.get_body("plain")
    assert plain.get_content().replace("\r\n", "\n").rstrip("\n") == clean_text(text).rstrip("\n")


LINES = st.lists(st.sampled_from([b".", b"..", b"a", b".a", b"", b"\xc3\xa4"]))


@given(LINES, st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_no_content_can_end_the_message_early(lines, line_end):
    content = line_end.join(lines)
    wired = wire_form(content)
    assert wired.endswith(b"\r\n.\r\n") or wired == b".\r\n"
    assert b"\r\n.\r\n" not in b"\r\n" + wired[: -len(b".\r\n")]
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", wired)


def test_text_with_dots_and_long_lines_arrives_unchanged(start_server, queue):
    server = start_server()
    text = f".\n..\nZeile mit Umlaut: Größe\n.versteckt\n{'lang ' * 300}\n"
    queue(text=text)
    delivery.run_sender()
    assert server.messages()[0].get_body("plain").get_content().replace("\r\n", "\n") == text


@pytest.fixture
def letter(db, settings, tmp_path, monkeypatch):
    """A letter composed from wording and templates of the test."""
    folder = tmp_path / "probe/emails"
    folder.mkdir(parents=True)
    (folder / "rathaus.words.txt").write_text(
        "Betreff: Netzwerktreffen in {town}\n\nGuten Tag {name},\n\n[Angaben des Portals]\n"
    )
    (folder / "rathaus.txt").write_text(
        '{% extends "core/emails/layout.txt" %}{% block facts %}{{ town }}  \n\n\n\nRathaus{% endblock %}'
    )
    (folder / "rathaus.html").write_text(
        '{% extends "core/emails/layout.html" %}'
        '{% block facts %}<p class="action"><a href="https://portal.example/">Zur Anmeldung</a></p>{% endblock %}'
    )
    configuration = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**configuration, "DIRS": [tmp_path, *configuration["DIRS"]]}]
    assert engines["django"]
    kind = MailKind("probe.rathaus", "Probe", "im Test", "an alle", MailClass.BUSINESS, lambda mail: None)
    monkeypatch.setitem(mailkinds._kinds, kind.key, kind)
    town = "Rheda-\u202e\nWiedenbrück"
    return compose(kind.key, Facts({"town": town}, {"name": "Müller & Söhne <b>", "town": town}))


def test_subject_is_one_clean_line(letter):
    assert letter.subject == "Netzwerktreffen in Rheda- Wiedenbrück"


def test_text_part_is_written_for_reading(letter):
    assert letter.text.startswith("Guten Tag Müller & Söhne <b>,\n\nRheda-\nWiedenbrück\n\nRathaus\n\nMit freundlichen")
    assert letter.text.endswith(f"{django_settings.SITE_URL}/\n")


def test_html_part_wears_the_portals_dress(letter):
    assert letter.html.startswith('<!DOCTYPE html><html lang="de">')
    assert "Guten Tag Müller &amp; Söhne &lt;b&gt;," in letter.html
    assert 'style="border-bottom: 4px solid' in re.sub(
        r'style="[^"]*border-bottom', 'style="border-bottom', letter.html
    )
    assert "@media (prefers-color-scheme: dark)" in letter.html
    assert letter.html.count("<table") == letter.html.count('role="presentation"')
    assert "<title>Netzwerktreffen in Rheda- Wiedenbrück</title>" in letter.html


def test_html_part_loads_nothing_from_anywhere(letter):
    assert not re.search(r"<(img|link|script|iframe)\b|url\(|@import", letter.html)


def contrast(first, second):
    def luminance(colour):
        channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


LIGHT = [("#131525", "#ffffff"), ("#51577a", "#ffffff"), ("#2044aa", "#ffffff"), ("#131525", "#e5ebf7")]
DARK = [("#f3f4f7", "#131525"), ("#b2b6cc", "#131525"), ("#97afe1", "#131525"), ("#f3f4f7", "#30344f")]
DARK_BUTTON = [("#000000", "#97afe1")]


@pytest.mark.parametrize(("text", "ground"), LIGHT + DARK + DARK_BUTTON)
def test_colours_have_contrast(letter, text, ground):
    css = (django_settings.BASE_DIR / "templates/core/emails/layout.css").read_text()
    assert text in css
    assert ground in css
    assert contrast(text, ground) >= 4.5
