"""The mail server of the tests is asked while it writes: what it has not written yet must not end a proof."""

import pytest

from tests.smtp_server import Mailbox


@pytest.mark.once
def test_a_line_that_is_still_being_written_counts_with_the_next_look(tmp_path):
    log = tmp_path / "mail.jsonl"
    mailbox, seen = Mailbox(0, log), []
    for piece in ('{"to": "anna"}\n{"to"', ': "be', 'rt"}', '\n{"to": "carl"}\n'):
        with log.open("a") as file:
            file.write(piece)
        seen.append(mailbox.recipients())
    assert seen == [["anna"], ["anna"], ["anna"], ["anna", "bert", "carl"]]
