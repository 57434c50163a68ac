"""That somebody gave an e-mail on to a colleague: forwarding is how an administration works."""

from typing import Self

from django.db import models
from django.utils import timezone

from core.models import Batch
from mailings.models.mailings import Mailing
from meetings.models import Invitation
from members.models import Person


class PassedOnQuerySet(models.QuerySet["PassedOn"]):
    def standing(self) -> Self:
        """All but those whose batch the office has taken back."""
        return self.filter(batch__taken_back_at=None)


class PassedOn(models.Model):
    """A reader of Dienstliches has named a colleague, who got it in her place."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="passed_on", verbose_name="E-Mail")
    giver = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="weitergegeben von")
    receiver = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="weitergegeben an")
    # Of an invitation: what carried it to the receiver, and the giver's own that this answered with "kommt nicht".
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+", verbose_name="Sammelsendung")
    declined = models.ForeignKey(
        Invitation, models.SET_NULL, null=True, related_name="+", verbose_name="damit abgesagte Einladung"
    )
    created_at = models.DateTimeField("weitergegeben", default=timezone.now)

    objects = PassedOnQuerySet.as_manager()

    class Meta:
        verbose_name = "Weitergabe einer E-Mail"
        verbose_name_plural = "Weitergaben von E-Mails"
        ordering = ["created_at", "pk"]

    def __str__(self):
        return f"{self.giver} an {self.receiver}"

    @property
    def is_taken_back(self) -> bool:
        return self.batch is not None and self.batch.taken_back_at is not None
