"""Signing rounds ("Unterzeichnungsrunden"): several bodies sign on one day at one place."""

from django.db import models
from django.db.models import Count, Q

from core.dates import today
from core.history import keep_history
from core.revision import Published, PublishedQuerySet
from core.text import single_line
from declarations.models.declarations import Declaration
from declarations.models.signatures import SigningCopy
from meetings.models import Meeting


class RoundQuerySet(PublishedQuerySet):
    def for_list(self) -> "RoundQuerySet":
        """With `bodies` and `signed`: how many are called and how many signed (one query)."""
        valid = Count("signatures", filter=Q(signatures__withdrawn_at=None), distinct=True)
        return self.annotate(bodies=Count("entries", distinct=True), signed=valid)

    def to_record(self) -> "RoundQuerySet":
        """Those whose day has come, with bodies, and nobody has recorded who signed."""
        return self.filter(closed_at=None, held_on__lte=today(), entries__isnull=False).distinct()


class SigningRound(Published):
    """A day on which bodies sign together; its entries say in which order they are called."""

    title = models.CharField(
        "Anlass", max_length=200, validators=[single_line], help_text="Zum Beispiel „Kommunales Spitzentreffen 2027“"
    )
    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="rounds", verbose_name="Fassung")
    held_on = models.DateField("Tag")
    place = models.CharField("Ort", max_length=100, validators=[single_line])
    closed_at = models.DateTimeField("eingetragen", null=True, blank=True)
    meeting = models.OneToOneField(
        Meeting,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="signing_round",
        verbose_name="Spitzentreffen",
    )

    history = keep_history()
    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "Unterzeichnungsrunde"
        verbose_name_plural = "Unterzeichnungsrunden"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "held_on"],
                name="round_once",
                violation_error_message="Diese Runde gibt es schon.",
            )
        ]

    def __str__(self):
        return self.title


class RoundEntry(models.Model):
    """A body in a round, with the copy it signs."""

    round = models.ForeignKey(SigningRound, models.CASCADE, related_name="entries", verbose_name="Runde")
    copy = models.OneToOneField(SigningCopy, models.PROTECT, related_name="entry", verbose_name="Exemplar")
    place = models.PositiveSmallIntegerField("Reihenfolge")

    class Meta:
        verbose_name = "Kommune in einer Runde"
        verbose_name_plural = "Kommunen in einer Runde"
        ordering = ["place", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "place"], name="round_entry_place_once")]

    def __str__(self):
        return f"{self.place}. {self.copy.body_name}"
