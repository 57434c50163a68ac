"""The office's Markdown in letters: nothing but what was meant, in HTML and as text."""

import pytest

from core.markdown_letters import letter_html, letter_text

pytestmark = pytest.mark.once

TEXT = """# Neues

Lesen Sie **das** [auf der Seite](/termine/) und [anderswo](https://stadt.example/a?b=1&c=2).
<script>alert(1)</script>

- eins
- zwei
  - drei

3. vorher
4. nachher

<https://stadt.example/>"""


def test_links_hold_outside_the_portal_and_markup_stays_words():
    html = letter_html(TEXT)
    assert '<a href="http://testserver/termine/">auf der Seite</a>' in html
    assert '<a href="https://stadt.example/a?b=1&amp;c=2">anderswo</a>' in html
    assert "<h2>Neues</h2>" in html
    assert "<script" not in html
    assert "andere Website" not in html


def test_the_text_part_is_written_for_reading():
    assert letter_text(TEXT).split("\n\n") == [
        "Neues\n-----",
        "Lesen Sie das auf der Seite (http://testserver/termine/) und anderswo (https://stadt.example/a?b=1&c=2).\n"
        "<script>alert(1)</script>",
        "- eins\n- zwei\n  - drei",
        "3. vorher\n4. nachher",
        "https://stadt.example/",
    ]


def test_an_address_that_is_its_own_word_stands_once():
    assert letter_text("[buero@stadt.example](mailto:buero@stadt.example)") == "buero@stadt.example"
