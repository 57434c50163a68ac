"""The one cleaner of every text from outside."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from core.text import (
    _LONELY_JOINER,
    _SURROGATES,
    _UNWANTED,
    CleanTextMiddleware,
    _is_plain,
    clean_text,
    one_line,
    single_line,
)

ANY_TEXT = st.text(st.characters(exclude_categories=[]))


@given(ANY_TEXT)
def test_cleaned_text_is_safe_and_stays_as_it_is(text):
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not [c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n"]
    assert not [c for c in cleaned if unicodedata.bidirectional(c) in ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "PDI")]
    assert cleaned.encode().decode() == cleaned  # no half of a pair is left


@given(st.text("abcäöüßÄÖÜ éčłşñ–„“€.,-'0123456789"))
def test_ordinary_text_is_only_normalised(text):
    assert clean_text(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Ko\u0308ln", "Köln"),
        ("Rechnung\u202efdp.exe", "Rechnungfdp.exe"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("eins\r\nzwei\rdrei", "eins\nzwei\ndrei"),
        ("\x00\x07Guten Tag\x9f", "Guten Tag"),
        ("a\u200db", "ab"),
        ("a\ufffe\uffffb", "ab"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("\ud800weg", "weg"),
    ],
)
def test_what_goes_and_what_stays(raw, clean):
    assert clean_text(raw) == clean


@pytest.mark.once
def test_no_character_that_goes_passes_the_quick_look():
    everything = {chr(number) for number in range(0x110000)}
    plain = {character for character in everything if _is_plain(character)}
    assert {"a", "ß", "„", "🎉", "\n", "\t", "\xa0"} <= plain
    for pattern in (_UNWANTED, _LONELY_JOINER, _SURROGATES):
        assert not pattern.search(" ".join(plain))


@given(ANY_TEXT, st.integers(0, 300))
def test_one_line_is_one_line(text, length):
    line = one_line(text, length)
    assert len(line) <= length
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize("text", ["eins\nzwei", "eins\rzwei"])
def test_single_line_refuses_line_breaks(text):
    with pytest.raises(ValidationError, match="einzige Zeile"):
        single_line(text)


def echo(request):
    return HttpResponse("|".join([*request.GET.getlist("q"), *request.POST.getlist("name")]))


def test_requests_are_cleaned_before_any_view(rf):
    middleware = CleanTextMiddleware(echo)
    assert middleware(rf.get("/?q=Mu%00nster&q=%E2%80%AEx")).content.decode() == "Munster|x"
    assert middleware(rf.post("/?q=a%07", {"name": "Ko\u0308ln"})).content.decode() == "a|Köln"
