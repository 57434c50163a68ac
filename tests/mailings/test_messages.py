"""What leaves the house for a mailing: parsed without defects, whatever somebody typed (M-14)."""

import re
from email import message_from_bytes, policy

import pytest
import time_machine
from django.utils import timezone

from core import delivery
from core.letters import build_message
from core.models import Batch, OutgoingMail
from mailings import releasing
from tests.factories import ContactPersonFactory
from tests.mailing_factories import MailingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

STRICT = policy.SMTP.clone(raise_on_defect=True)
NASTY = [
    ("Neu \u202egnp.exe 🎉", "Rosa 🎉", "Guten Tag {name},\n\n" + "W" * 998 + " 👩‍👩‍👧"),
    ("Ä" * 150, 'Rosa "die" <x@y>', "<script>alert(1)</script>\n\n[x](javascript:alert(1))"),
    ("Bcc: spion@fremd.example", "Rosa\u2028Zeile", ".\n\n.\n\nFrom hier\n\n=3D ="),
]


@pytest.mark.parametrize(("subject", "name", "text"), NASTY)
@pytest.mark.parametrize("rubric", ["", "network"])
def test_m14_a_mailing_is_a_message_without_defects(office, chancellery, town, subject, name, text, rubric, settings):
    settings.DEMO = True  # keeps the letter in its row
    person = ContactPersonFactory(municipality=town, person__first_name=name).person
    mailing = MailingFactory(author=office, submitted=True, subject=subject, text=text, rubric=rubric)
    releasing.release(mailing, by=chancellery, expected=1, seen_at=mailing.changed_at)
    with time_machine.travel(timezone.now() + Batch.HOLD):
        delivery.run_sender()
    row = OutgoingMail.objects.get()
    assert (row.state, row.reason) == ("sent", "")
    message = message_from_bytes(build_message(row).message().as_bytes(), policy=STRICT)
    assert message["bcc"] is None
    assert [address.addr_spec for address in message["to"].addresses] == [person.email]
    assert message["subject"] == row.subject
    plain, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "<script" not in html
    assert not re.search(r"<p[^>]*>\s*</p>", html)
    assert "\u202e" not in f"{message['subject']}{plain}{html}"
    assert ("list-unsubscribe" in message) == bool(rubric)
    assert all(len(line) <= 998 for line in message.as_bytes().splitlines())
