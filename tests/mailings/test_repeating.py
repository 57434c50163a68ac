"""A mailing that did not arrive goes out once more, to the address that its reader has by now."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core import delivery
from core.models import Batch, MailState, OutgoingMail
from mailings import releasing
from tests.factories import ContactPersonFactory
from tests.mailing_factories import MailingFactory

pytestmark = pytest.mark.django_db


def send():
    with time_machine.travel(timezone.now() + Batch.HOLD):
        delivery.run_sender()


@pytest.mark.parametrize("rubric", ["", "funding"])
def test_what_failed_goes_to_the_corrected_address(client_of, office, chancellery, town, mailoutbox, rubric):
    person = ContactPersonFactory(municipality=town, person__email="rosa@alt.example").person
    mailing = MailingFactory(author=office, submitted=True, rubric=rubric)
    batch = releasing.release(mailing, by=chancellery, expected=1, seen_at=mailing.changed_at).batch
    OutgoingMail.objects.update(state=MailState.FAILED, reason="550 unknown", settled_at=timezone.now())
    person.email = "rosa@neu.example"
    person.save()
    desk = client_of(office)
    page = desk.get(reverse("batch", args=[batch.pk]))
    assert "Nicht zustellbare (1) noch einmal senden" in page.content.decode()
    desk.post(reverse("repeat_batch", args=[batch.pk]))
    send()
    (letter,) = mailoutbox
    assert letter.to == [f"{person.name} <rosa@neu.example>"]
    assert OutgoingMail.objects.get().state == MailState.SENT
