"""The corpus of tests/data/bounces: its file names say what each message means (verdict-status-where it is from).

Those of postfix-… are what a real Postfix sent back on loopback; the others are written in the form of well-known
servers. All names and addresses are made up.
"""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.bounce_reports import Verdict, is_hard, read

SAMPLES = sorted((Path(__file__).parents[1] / "data/bounces").glob("*.eml"))
pytestmark = pytest.mark.once


def test_there_are_enough_samples_of_each_sort():
    sorts = [path.name.partition("-")[0] for path in SAMPLES]
    assert len(SAMPLES) >= 40
    assert {verdict.name.lower() for verdict in Verdict} == set(sorts)
    assert sum("postfix" in path.name for path in SAMPLES) >= 8


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_each_sample_is_read_as_its_name_says(path):
    verdict, status, _ = path.stem.split("-", 2)
    report = read(path.read_bytes())
    assert (report.verdict.name.lower(), report.status) == (verdict, status)
    assert len(report.words) <= 400
    if verdict in ("hard", "soft"):
        assert report.words or "exim-report" in path.name or "expired-sendmail" in path.name


def test_the_samples_name_nobody():
    for path in SAMPLES:
        hosts = {word.rpartition(b"@")[2] for word in path.read_bytes().split() if b"@" in word}
        strangers = [host for host in hosts if b"." in host and b".example" not in host.lower()]
        assert strangers == [], path.name


@given(st.sampled_from(SAMPLES), st.data())
def test_a_message_cut_or_broken_anywhere_is_still_read(path, data):
    raw = path.read_bytes()
    at = data.draw(st.integers(0, len(raw)))
    read(raw[:at])
    read(raw[:at] + data.draw(st.binary(max_size=40)) + raw[at:])


def test_a_character_set_that_is_none_is_read_as_far_as_it_goes():
    sample = next(path for path in SAMPLES if path.stem == "answer--subject-only").read_bytes()
    for name in (b"\x80iso-8859-1", b"\x00", b"x" * 100):
        read(re.sub(rb"=\?[\w-]+\?", b"=?" + name + b"?", sample))
        read(b"Content-Type: text/plain; charset=" + name + b"\n\n550 5.1.1 \xe4")


@pytest.mark.parametrize(
    ("reply", "hard"),
    [
        ("550 5.1.1 unknown user", True),
        ("550 sorry, no mailbox here by that name", True),
        ("551 User not local", True),
        ("553 5.1.3 bad address", True),
        ("550 5.2.1 disabled", True),
        ("550 5.5.0 Requested action not taken: mailbox unavailable", True),
        ("452 4.2.2 Mailbox full", False),
        ("552 5.2.2 over quota", False),
        ("552 5.3.4 too big", False),
        ("554 5.7.1 spam", False),
        ("550 5.7.26 unauthenticated", False),
        ("450 4.2.0 greylisted", False),
    ],
)
def test_which_refusals_blame_the_address(reply, hard):
    assert is_hard(reply) is hard
