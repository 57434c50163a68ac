"""Factories of mailings in each of their states."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from core.models import Batch
from mailings.models import Mailing


class BatchFactory(DjangoModelFactory):
    title = "Neues aus dem Netzwerk"
    kind = "mailings.information"
    recipients = 0
    held_until = factory.LazyFunction(lambda: timezone.now() + Batch.HOLD)

    class Meta:
        model = Batch


class MailingFactory(DjangoModelFactory):
    """A draft to all contact persons; the traits are its further states."""

    subject = factory.Sequence(lambda n: f"Neues aus dem Netzwerk {n}")
    text = "Guten Tag {name},\n\nes gibt *Neues*."
    groups = factory.LazyFunction(lambda: ["contacts", "deputies"])

    class Meta:
        model = Mailing

    class Params:
        submitted = factory.Trait(state="submitted", submitted_at=factory.LazyFunction(timezone.now))
        planned = factory.Trait(
            state="released",
            released_at=factory.LazyFunction(timezone.now),
            planned_for=factory.LazyFunction(lambda: timezone.now() + Batch.HOLD),
        )
        sent = factory.Trait(
            state="sent",
            released_at=factory.LazyFunction(timezone.now),
            batch=factory.SubFactory(BatchFactory),
            body_html="<p>Guten Tag {name},</p>\n<p>es gibt <em>Neues</em>.</p>",
            body_text="Guten Tag {name},\n\nes gibt Neues.",
        )
