"""That somebody gave an e-mail on to a colleague: forwarding is how an administration works."""

from django.db import models
from django.utils import timezone

from mailings.models.mailings import Mailing
from members.models import Person


class PassedOn(models.Model):
    """A reader of Dienstliches has named a colleague, who got it in her place."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="passed_on", verbose_name="E-Mail")
    giver = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="weitergegeben von")
    receiver = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="weitergegeben an")
    created_at = models.DateTimeField("weitergegeben", default=timezone.now)

    class Meta:
        verbose_name = "Weitergabe einer E-Mail"
        verbose_name_plural = "Weitergaben von E-Mails"
        ordering = ["created_at", "pk"]

    def __str__(self):
        return f"{self.giver} an {self.receiver}"
