"""Who gets which Informationen: everybody, until she unsubscribes from a rubric."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.links import Linked
from members.models import Person


class Rubric(models.TextChoices):
    """What an e-mail is about. Dienstliches (invitations, deadlines) cannot be unsubscribed, all others can."""

    BUSINESS = "", "Dienstliches: Einladung, Frist, Bitte um Antwort"
    NETWORK = "network", "Neues aus dem Netzwerk"
    DATES = "dates", "Veranstaltungen anderer"
    FUNDING = "funding", "Förderung und Wettbewerbe"
    MATERIAL = "material", "Veröffentlichungen und Materialien"

    @classmethod
    def to_choose(cls) -> list["Rubric"]:
        """Those that somebody may unsubscribe from."""
        return [rubric for rubric in cls if rubric]


class Subscriber(Linked):
    """What the links in the foot of a mailing lead to: a row for each person who was ever sent one.

    Merged persons leave two, so that the links in mails to either go on working; new ones bear the first.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="subscribers", verbose_name="Person")

    class Meta:
        verbose_name = "Empfängerin von Informationen"
        verbose_name_plural = "Empfängerinnen von Informationen"
        ordering = ["pk"]

    def __str__(self):
        return str(self.person)


class OptOutQuerySet(models.QuerySet["OptOut"]):
    def of(self, persons: Iterable[Person]) -> Self:
        return self.filter(person__in=persons)


class OptOut(models.Model):
    """A person does not want the Informationen of a rubric."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="opt_outs", verbose_name="Person")
    rubric = models.CharField("Rubrik", max_length=8, choices=Rubric)
    created_at = models.DateTimeField("abbestellt", default=timezone.now)

    objects = OptOutQuerySet.as_manager()

    class Meta:
        verbose_name = "Abbestellung"
        verbose_name_plural = "Abbestellungen"
        ordering = ["person__sort_key", "rubric"]
        constraints = [
            models.UniqueConstraint(fields=["person", "rubric"], name="opt_out_once"),
            models.CheckConstraint(
                condition=Q(rubric__in=[rubric.value for rubric in Rubric if rubric]), name="opt_out_of_information"
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.get_rubric_display()}"
