"""The door to PDF: accessible, and deaf to everything a document asks for that is not ours (A-14, A-15)."""

import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from core import children, pdf
from tests.pdf_files import opened, saved, text_of

HEAD = '<meta charset="utf-8"><title>Probe</title><link rel="stylesheet" href="static:css/pdf.css">'


def page(body, head=HEAD, lang='lang="de"'):
    return f"<!DOCTYPE html><html {lang}><head>{head}</head><body>{body}</body></html>"


@pytest.fixture
def counter():
    """A server that counts who asks it for anything."""
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    server.asked = asked
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_accessible_and_has_our_type(pdf_ua):
    made = pdf.render(page('<p class="sender">Netzwerk</p><h1>Grüße aus Łódź und İzmir</h1><p>Text</p>'))
    assert pdf_ua(made) == []
    assert "Grüße aus Łódź und İzmir" in text_of(made)
    assert "Seite 1 von 1" in text_of(made)


def test_the_checker_finds_what_is_wrong(pdf_ua):
    """The control: the same file without its title breaks rule 7.1."""
    with opened(pdf.render(page("<h1>Probe</h1>"))) as file:
        del file.Root.Metadata
        broken = saved(file)
    assert any(rule.startswith("7.1-") for rule in pdf_ua(broken))


def test_a_letter_that_fira_sans_lacks_is_still_a_letter(pdf_ua):
    assert pdf_ua(pdf.render(page("<h1>Μαρία ✓ Ђорђе</h1>"))) == []


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (page("<h1>Probe</h1>", head='<meta charset="utf-8">'), "no title"),
        (page("<h1>Probe</h1>", lang=""), "no lang"),
        (page('<h1>Probe</h1><img src="static:img/mark.svg">'), "alt"),
        (page('<p style="colour: red">Probe</p>'), "colour"),
    ],
    ids=["title", "language", "description of a picture", "unknown style"],
)
def test_what_makes_a_document_inaccessible_fails_at_once(html, reason):
    with pytest.raises(pdf.FaultyDocumentError, match=reason):
        pdf.render(html)


# --- it fetches nothing that is not ours ----------------------------------------------------------------------

ASKING = [
    '<img alt="x" src="{}">',
    '<link rel="stylesheet" href="{}">',
    '<style>@import url("{}");</style>',
    '<p style="background: url({})">x</p>',
    '<style>@font-face {{ font-family: "X"; src: url("{}") }} p {{ font-family: "X" }}</style><p>x</p>',
    '<object data="{}">x</object>',
    '<svg width="9" height="9"><title>x</title><image href="{}" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><title>x</title><use href="{}#a"/></svg>',
]
ATTACHING = ['<link rel="attachment" href="{}">', '<a rel="Attachment" href="{}">x</a>']


def test_no_document_reaches_the_network(counter):
    address = f"http://127.0.0.1:{counter.server_port}"
    body = "".join(asking.format(f"{address}/{number}.png") for number, asking in enumerate(ASKING))
    with pytest.raises(pdf.FaultyDocumentError) as refused:
        pdf.render(page(body))
    assert str(refused.value).count("no file of ours") >= 6
    assert counter.asked == []


@pytest.mark.slow
def test_the_counting_server_would_have_noticed(counter):
    """The control: WeasyPrint with its own fetcher does ask."""
    code = "import sys; from weasyprint import HTML; HTML(string=sys.argv[1]).write_pdf()"
    asking = f'<img src="http://127.0.0.1:{counter.server_port}/spy.png">'
    children.subprocess.run([children.sys.executable, "-c", code, asking], check=True, capture_output=True)
    assert counter.asked == ["/spy.png"]


@pytest.mark.parametrize("address", ["file://{}", "static:../../../../../../..{}", "media:../secret.png"])
def test_no_document_reads_a_file_of_the_machine(tmp_path, settings, address):
    settings.MEDIA_ROOT = tmp_path / "media"
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"THE SECRET OF THE MACHINE")
    body = "".join(asking.format(address.format(secret)) for asking in ASKING)
    with pytest.raises(pdf.FaultyDocumentError, match="no file of ours"):
        pdf.render(page(body))


@pytest.mark.parametrize("asking", ATTACHING)
def test_nothing_is_attached_not_even_a_file_of_ours(asking):
    with pytest.raises(pdf.FaultyDocumentError, match="attachment"):
        pdf.render(page(asking.format("static:css/pdf.css")))


def test_a_stored_file_shows_only_if_it_is_handed_in(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    Image.new("RGB", (4, 4), "red").save(tmp_path / "ours.png")
    html = page('<h1>Probe</h1><img alt="Bild" src="media:ours.png">')
    with_picture = pdf.render(html, files=["ours.png"])
    assert b"/Image" in with_picture
    with pytest.raises(pdf.FaultyDocumentError, match=r"ours\.png"):
        pdf.render(html)


def test_the_child_knows_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "known to the parent alone")
    assert "SECRET_KEY" in os.environ
    assert "SECRET_KEY" not in children._ENVIRONMENT


# --- it ends ---------------------------------------------------------------------------------------------------


def test_a_text_nested_too_deep_is_refused_in_german():
    deep = "<table><tr><td>" * 400 + "x" + "</td></tr></table>" * 400
    with pytest.raises(ValidationError, match="Kürzen Sie den Text"):
        pdf.render(page(deep))


def test_a_text_too_long_is_refused_before_any_work():
    started = time.monotonic()
    with pytest.raises(ValidationError, match="Kürzen Sie den Text"):
        pdf.render(page("x" * pdf.MAX_BYTES))
    assert time.monotonic() - started < 1


def test_what_takes_too_long_is_stopped_and_leaves_no_process(monkeypatch):
    monkeypatch.setattr(pdf, "LIMITS", children.Limits(seconds=1, memory=pdf.LIMITS.memory))
    before = running_children()
    with pytest.raises(ValidationError, match="Kürzen Sie den Text"):
        pdf.render(page("<p>Ein Wort nach dem anderen.</p>" * 20_000))
    assert running_children() <= before


def test_what_takes_too_much_memory_is_stopped(monkeypatch):
    monkeypatch.setattr(pdf, "LIMITS", children.Limits(seconds=20, memory=220 * 1024**2))
    with pytest.raises(ValidationError, match="Kürzen Sie den Text"):
        pdf.render(page("<p>Ein Wort nach dem anderen.</p>" * 20_000))


@pytest.mark.slow
def test_a_long_report_of_500_kb_still_comes_to_be():
    made = pdf.render(page("<h1>Bericht</h1>" + f"<p>{'Ein Wort nach dem anderen. ' * 37}</p>" * 500))
    with opened(made) as file:
        assert len(file.pages) > 100


def running_children():
    own = Path(f"/proc/{os.getpid()}/task")
    return {child for task in own.iterdir() for child in (task / "children").read_text().split()}
