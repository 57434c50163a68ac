"""A mail server for every test that wants one, kinds of mail of our own, and a short way to queue."""

from contextlib import ExitStack
from itertools import count

import pytest

from core import mailkinds
from core.actions import Recipient, queue_mail
from core.claiming import Claiming
from core.models import MailState
from core.text import one_line
from tests import smtp_server
from tests.core.kinds import KINDS


def untouched(mail):
    """Whether the row is as if nobody had ever tried to send it."""
    mail.refresh_from_db()
    tried = (mail.attempts, mail.first_tried_at, mail.claim, mail.claimed_at)
    return mail.state == MailState.PENDING and tried == (0, None, "", None)


def claim_next(lease):
    """Claim the next row as the sender does, and wait for it; None if there is none."""
    claim = Claiming(lease.token).claim_next()
    assert claim is None or claim.is_held()
    return claim


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    for kind in KINDS:
        monkeypatch.setitem(mailkinds._kinds, kind.key, kind)


@pytest.fixture
def start_server(tmp_path, settings):
    """Start a mail server and let the portal send through it; the sender waits at most a second for its words."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 1
    settings.MAIL_PER_MINUTE = 0
    with ExitStack() as stack:
        numbers = count()

        def start(**options):
            log = tmp_path / f"mail-{next(numbers)}.jsonl"
            server = stack.enter_context(smtp_server.running(log, **options))
            settings.EMAIL_PORT = server.port
            return server

        yield start


@pytest.fixture
def queue(db):
    """Queue one mail of a kind of the tests."""

    def make(address="anna@stadt.example", *, kind="business", name="Anna Muster", **data):
        return queue_mail(
            f"test.{kind}", to_address=address, to_name=name, recipient_key=one_line(f"person:{address}", 80), data=data
        )

    return make


@pytest.fixture
def recipients(db):
    """So many recipients of a batch."""

    def make(number):
        return [Recipient(f"person:{n}", f"person{n}@stadt.example", f"Person {n}") for n in range(number)]

    return make


@pytest.fixture
def figures(record_property):
    """Figures of a proof, shown at the end of the run."""

    def record(**values):
        record_property("figures", ", ".join(f"{name} {value}" for name, value in values.items()))

    return record
