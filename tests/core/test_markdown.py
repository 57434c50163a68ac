"""Texts of the office: what is understood, what never gets through, how long it takes (U-11, U-12)."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from core import markdown


def levels(html: str) -> list[str]:
    return [html[at + 2] for at in range(len(html)) if html.startswith("<h", at) and html[at + 2].isdigit()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A\n\n## B\n\n# C", ["2", "3", "2"]),
        ("## A\n\n#### B\n\n###### C\n\n### D", ["2", "3", "4", "3"]),
        ("### A\n\n## B", ["2", "2"]),
        ("Ohne Überschrift", []),
    ],
)
def test_headings_begin_below_the_title_and_leave_out_no_level(text, expected):
    assert levels(markdown.render(text)) == expected


def test_what_an_office_writes_is_understood():
    html = markdown.render("**fett** und *betont*  \nneue Zeile\n\n- eins\n- zwei\n\n3. drei\n\n[hier](/kontakt/)")
    for part in ("<strong>fett</strong>", "<em>betont</em>", "<br>", "<li>eins</li>", '<ol start="3">'):
        assert part in html
    assert '<a href="/kontakt/">hier</a>' in html


def test_links_that_leave_the_portal_say_so():
    assert "(andere Website)" in markdown.render("[Land](https://www.land.nrw/)")
    assert "(andere Website)" in markdown.render("<https://www.land.nrw/>")
    for inside in ("[a](/kontakt/)", "[a](http://testserver/kontakt/)", "[a](mailto:a@stadt.example)", "[a](#oben)"):
        assert "andere Website" not in markdown.render(inside)


@pytest.mark.parametrize(
    "nasty",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&#58;alert(1))",
        "[x](data:text/html,x)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
        "![x](https://fremd.example/x.png)",
        '<a href="x" style="color:red" onclick="x">x</a>',
        "<svg/onload=alert(1)>",
        "{{7*7}}{% debug %}",
    ],
)
def test_nothing_active_gets_through(nasty):
    html = markdown.render(nasty)
    for forbidden in ("<script", "<img", "<svg", 'href="java', 'href="data', 'href="vb', '<a href="x" style'):
        assert forbidden not in html
    assert "49" not in html


@given(st.text(max_size=300))
@example("[" * 50)
@example("<![CDATA[x]]>")
@example("<https://[x>")
@example("[a](<https://[x>)")
def test_any_text_becomes_html_of_the_allowed_tags(text):
    tags = set(re.findall(r"</?([^\s>/]*)", markdown.render(text)))
    assert tags <= markdown._TAGS


def test_the_outline_cuts_at_main_and_sub_headings():
    intro, parts = markdown.outline("Vorab.\n\n## A & B\n\nText.\n\n### *Eins*\n\nx\n\n### Zwei\n\ny\n\n## C")
    assert intro == "<p>Vorab.</p>"
    assert [(part.title, part.html) for part in parts] == [("A &amp; B", "<p>Text.</p>"), ("C", "")]
    assert [(part.title, part.html) for part in parts[0].parts] == [("Eins", "<p>x</p>"), ("Zwei", "<p>y</p>")]


def test_gaps_are_words_in_brackets_that_are_no_link():
    assert markdown.placeholders("[Telefon] und [hier](/kontakt/)\n- [E-Mail]") == ["[Telefon]", "[E-Mail]"]


SLOW = {
    "brackets": "[" * 100_000,
    "pictures": "![" * 50_000,
    "emphasis": "*a_ " * 25_000,
    "links": "[a](" * 25_000,
    "quotes": ">" * 500 + "a\n" + "b\n" * 49_000,
    "lists": "\n".join("  " * depth + "- a" for depth in range(300)),
    "headings": "# a\n" * 25_000,
    "entities": "&" * 100_000,
    "backticks": "`a" * 50_000,
    "marks": "a" + "\u0301" * 49_000,
    "sentences": "Ein Satz mit Wörtern und noch mehr.\n\n" * 2_400,
}


@pytest.mark.parametrize("name", SLOW)
def test_u11_no_text_takes_longer_than_a_second(name):
    text = SLOW[name]
    if len(markdown._SIGNS.findall(text)) > markdown.MAX_SIGNS:
        with pytest.raises(ValidationError, match="zu viele"):
            markdown.render(text)
        marks = [match.start() for match in markdown._SIGNS.finditer(text)]
        text = text[: marks[markdown.MAX_SIGNS]]
    begun = time.process_time()
    markdown.render(text)
    assert time.process_time() - begun < 1


def test_u11_a_text_beyond_the_limit_is_refused_in_german():
    with pytest.raises(ValidationError, match="Kürzen Sie den Text"):
        markdown.render("ä" * 50_001)


def test_many_threads_get_what_one_gets():
    texts = [f"## Teil {n}\n\n**{n}** und [hier](https://stadt{n}.example/) <b>{n}</b>\n\n- {n}" for n in range(400)]
    expected = [markdown.render(text) for text in texts]
    markdown._render.cache_clear()
    with ThreadPoolExecutor(max_workers=16) as pool:
        assert list(pool.map(markdown.render, texts)) == expected


def test_plain_words_keep_no_mark_and_do_not_grow_together():
    text = "Eins **zwei**.\n\n## Drei & vier\n\n- [fünf](https://beispiel.example)\n- sechs <b>"
    assert markdown.plain(text) == "Eins zwei. Drei & vier fünf sechs <b>"
