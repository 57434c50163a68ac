"""The Gemeinsame Erklärung in its versions: what is signed, from when to when, and who signs for the Land."""

import datetime
import hashlib

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce, ExtractYear
from django.urls import reverse

from core.dates import long_date, today
from core.history import keep_history
from core.markdown import check_text
from core.periods import ENDS_AFTER_START, Period, holding
from core.revision import Published, PublishedQuerySet
from core.text import single_line

# What may still change of a version that somebody has signed: until when it holds.
_LATER = {"ended_on"}
# The fault that publishing mends.
_OTHER_IS_OPEN = "other_is_open"


class DeclarationQuerySet(PublishedQuerySet):
    def in_force(self) -> "Declaration | None":
        """The version that is signed today (one query)."""
        return self.filter(holding()).first()


class Declaration(Period, Published):
    """One version ("Fassung"). Once anybody signed it or is about to, it is never rewritten, only succeeded."""

    title = models.CharField("Titel", max_length=200, validators=[single_line])
    text = models.TextField(
        "Text", validators=[check_text], help_text="Überschriften mit ##, Listen mit -, Hervorhebung mit **Sternchen**."
    )
    is_sample = models.BooleanField(
        "Muster", default=False, help_text="Der Text ist nicht der amtliche Wortlaut. Die Seite und jedes PDF sagen es."
    )
    started_on: datetime.date = models.DateField("gilt ab")  # type: ignore[assignment]
    ended_on = models.DateField("letzter Tag", null=True, blank=True)
    land_name = models.CharField(
        "Name", max_length=200, blank=True, validators=[single_line], help_text="Wer heute für das Land unterzeichnet."
    )
    land_office = models.CharField(
        "Amt", max_length=200, validators=[single_line], help_text="Zum Beispiel „Staatssekretärin für Sport und …“"
    )
    land_authority = models.CharField("Behörde", max_length=200, validators=[single_line])
    cosigners = models.TextField(
        "mitunterzeichnende Spitzenverbände", max_length=2000, blank=True, help_text="In jeder Zeile einer."
    )
    note = models.CharField(
        "Anmerkung", max_length=500, blank=True, help_text="Steht öffentlich unter dem Titel, zum Beispiel ein Beleg."
    )

    history = keep_history()
    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = "Fassung der Erklärung"
        verbose_name_plural = "Fassungen der Erklärung"
        ordering = ["-started_on"]
        constraints = [
            models.UniqueConstraint(
                Coalesce("ended_on", Value(datetime.date.max)),
                name="declaration_one_open",
                violation_error_code=_OTHER_IS_OPEN,
                violation_error_message="Es gilt schon eine Fassung ohne letzten Tag. Lassen Sie sie zuerst enden.",
            ),
            models.UniqueConstraint(
                ExtractYear("started_on"),
                name="declaration_one_a_year",
                violation_error_message="Wählen Sie ein anderes Jahr: In diesem beginnt schon eine andere Fassung.",
            ),
            models.CheckConstraint(
                condition=ENDS_AFTER_START,
                name="declaration_ends_after_start",
                violation_error_message="Der letzte Tag liegt vor dem Beginn. Prüfen Sie beide Daten.",
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.started_on.year})"

    def get_absolute_url(self):
        return reverse("declaration", args=[self.started_on.year])

    def validate_constraints(self, exclude=None):
        """A new version may begin while another is open: `signing.publish` lets that one end the day before."""
        try:
            super().validate_constraints(exclude=exclude)
        except ValidationError as error:
            faults = error.error_dict.get(NON_FIELD_ERRORS, [])
            if self._state.adding and self._follows_the_open_one():
                faults[:] = [fault for fault in faults if fault.code != _OTHER_IS_OPEN]
            if any(error.error_dict.values()):
                raise

    def _follows_the_open_one(self) -> bool:
        if self.started_on is None:
            return False
        open_ones = Declaration.objects.filter(ended_on=None)
        return open_ones.exists() and not open_ones.filter(started_on__gte=self.started_on).exists()

    def clean(self):
        stored = Declaration.objects.filter(pk=self.pk).first()
        if stored is None or not stored.is_used:
            return
        changed = [
            field.verbose_name
            for field in self._meta.concrete_fields
            if field.name not in _LATER and getattr(self, field.attname) != getattr(stored, field.attname)
        ]
        if changed:
            raise ValidationError(
                f"Legen Sie eine neue Fassung an: Diese ist schon unterzeichnet oder zum Unterzeichnen vorbereitet und "
                f"ändert sich nicht mehr ({', '.join(changed)})."
            )

    @property
    def is_used(self) -> bool:
        """Whether it is signed, or somebody holds a copy to sign."""
        return self.pk is not None and (self.signatures.exists() or self.copies.exists())

    @property
    def text_sha256(self) -> str:
        """What a signature keeps of the wording: title and text, as 64 hexadecimal digits."""
        return hashlib.sha256(f"{self.title}\n\n{self.text}".encode()).hexdigest()

    @property
    def cosigner_names(self) -> list[str]:
        return [line.strip() for line in self.cosigners.splitlines() if line.strip()]

    @property
    def cosigners_text(self) -> str:
        return ", ".join(self.cosigner_names)

    @property
    def land(self) -> str:
        """Who signs for the Land: name, if it is stored, office and authority."""
        return ", ".join(filter(None, [self.land_name, self.land_office, self.land_authority]))

    def period_text(self) -> str:
        """ "gilt seit 6. Dezember 2017", "galt von … bis …", "gilt ab 1. März 2027"."""
        begin = long_date(self.started_on)
        if self.is_coming:
            return f"gilt ab {begin}"
        return f"galt von {begin} bis {long_date(self.ended_on)}" if self.is_over() else f"gilt seit {begin}"

    @property
    def is_coming(self) -> bool:
        """Whether it does not hold yet."""
        return self.started_on > today()
