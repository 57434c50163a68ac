"""Tokens are taken out wherever they stand, and nothing else is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.logs import without_tokens

TOKEN = "abcdefghijklmnopqrstuvwxyz234567" * 2


@pytest.mark.parametrize("length", [40, 52, 64])
@pytest.mark.parametrize("frame", ["{}", "ä{}ß", "/angaben/{}/", '<a href="{}">\ud800\n', "{} und {}", "A1{}"])
def test_a_token_is_taken_out_wherever_it_stands(frame, length):
    token = TOKEN[:length]
    assert without_tokens(frame.format(token, token)) == frame.format("[Link]", "[Link]")


@given(st.text(st.sampled_from("az27A1ä„ \n")) | st.text(st.sampled_from("az"), min_size=30, max_size=50))
def test_it_finds_what_a_plain_search_finds(text):
    assert without_tokens(text) == re.sub("[a-z2-7]{40,}", "[Link]", text)
