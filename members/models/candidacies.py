"""Bodies on their way into the network: interested, or with an application that runs."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from core.dates import long_date, today
from core.history import keep_history
from core.periods import ENDS_AFTER_START, Period
from members.models.municipalities import Municipality


class CandidacyStage(models.TextChoices):
    """How far a body is that is no member yet."""

    INTERESTED = "interested", "Interessiert"
    APPLYING = "applying", "Antrag läuft"


class CandidacyQuerySet(models.QuerySet["Candidacy"]):
    def open(self) -> "CandidacyQuerySet":
        return self.filter(ended_on=None)


class Candidacy(Period, models.Model):
    """A time in which a body is interested or applies; never public. A member has none that is open.

    `declarations` opens and closes it with the application; the office may note an interest by hand. What asks how a
    body stands reads this table and `Membership` alone.
    """

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="candidacies", verbose_name="Kommune")
    stage = models.CharField("Stand", max_length=10, choices=CandidacyStage, default=CandidacyStage.INTERESTED)
    started_on: datetime.date = models.DateField("seit", default=today)  # type: ignore[assignment]
    ended_on = models.DateField("letzter Tag", null=True, blank=True)

    history = keep_history()
    objects = CandidacyQuerySet.as_manager()

    class Meta:
        verbose_name = "Interesse"
        verbose_name_plural = "Interessierte Kommunen"
        ordering = ["municipality__sort_key", "-started_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(ended_on__isnull=True),
                name="candidacy_one_open",
                violation_error_message="Diese Kommune ist schon als interessiert oder mit Antrag eingetragen.",
            ),
            models.CheckConstraint(
                condition=ENDS_AFTER_START,
                name="candidacy_ends_after_start",
                violation_error_message="Der letzte Tag liegt vor dem Beginn. Prüfen Sie beide Daten.",
            ),
            models.CheckConstraint(condition=Q(stage__in=CandidacyStage.values), name="candidacy_stage_known"),
        ]

    def __str__(self):
        return f"{self.municipality}: {self.period_text()}"

    def clean(self):
        if self.municipality_id and self.ended_on is None and self.municipality.running_membership():
            raise ValidationError(f"{self.municipality} ist schon Mitglied.")

    def period_text(self) -> str:
        """ "Antrag läuft seit 3. März 2027", "Interessiert 3. bis 9. März 2027" with both days in full."""
        begin = long_date(self.started_on)
        if self.ended_on is None:
            return f"{self.get_stage_display()} seit {begin}"
        label = "Antrag" if self.stage == CandidacyStage.APPLYING else self.get_stage_display()
        return f"{label} von {begin} bis {long_date(self.ended_on)}"
