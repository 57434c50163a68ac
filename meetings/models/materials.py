"""What comes along with a documentation: photos, scaled once when they are sent, and slides."""

import uuid
from typing import Any, Self

from django.core.files.base import ContentFile
from django.db import models
from django.db.models import Q

from core import uploads
from core.history import keep_history
from core.pictures import NewPicture, Picture, for_print
from core.text import single_line
from meetings.models.documentation import Documentation, Edition
from meetings.models.programme import AgendaItem

# The box of a photo on paper, in millimetres: as wide as the text (static/css/documentation_pdf.css).
PRINT_WIDTH, PRINT_HEIGHT = 165, 110
PDF = "application/pdf"


class Consent(models.TextChoices):
    """Who may see a photo or slides; as long as it is open, nothing is published."""

    OPEN = "open", "noch nicht geklärt"
    PUBLIC = "public", "alle: Einwilligung liegt vor, oder niemand ist betroffen"
    INSIDE = "inside", "nur Mitglieder und Teilnehmende"


class MaterialQuerySet(uploads.FileRows):
    def shown_in(self, edition: str) -> Self:
        """What belongs into this edition."""
        allowed = [Consent.PUBLIC] if edition == Edition.PUBLIC else [Consent.PUBLIC, Consent.INSIDE]
        return self.filter(consent__in=allowed)


class PhotoQuerySet(MaterialQuerySet):
    def delete(self) -> tuple[int, dict[str, int]]:
        uploads.remove_after_commit(*(row.print_file for row in self))
        return super().delete()


def _print_name(row: models.Model, name: str) -> str:
    return uploads.random_name("bilder", "jpg")


class Photo(Picture):
    """A photo of a meeting: for the page in WebP, for paper ready at 150 dpi. Its words may come later."""

    documentation = models.ForeignKey(Documentation, models.CASCADE, related_name="photos", editable=False)
    item = models.ForeignKey(
        AgendaItem,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="photos",
        verbose_name="Programmpunkt",
        help_text="Leer: steht am Ende unter „Eindrücke“.",
    )
    print_file = models.FileField(upload_to=_print_name, max_length=100, editable=False)
    alt = models.CharField(
        "Bildbeschreibung",
        max_length=300,
        blank=True,
        validators=[single_line],
        help_text="Was zu sehen ist, für alle, die es nicht sehen: „Drei Frauen sortieren Karten an einer Wand“.",
    )
    credit = models.CharField(
        "Quelle",
        max_length=200,
        blank=True,
        validators=[single_line],
        help_text="Wer das Foto gemacht hat: „Foto: Stadt Rheine“.",
    )
    consent = models.CharField(
        "Wer darf es sehen?",
        max_length=6,
        choices=Consent,
        default=Consent.OPEN,
        help_text="Wer zu erkennen ist, muss in die Veröffentlichung eingewilligt haben.",
    )

    history = keep_history(excluded_fields=["file", "print_file"])
    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "Foto einer Dokumentation"
        verbose_name_plural = "Fotos von Dokumentationen"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(consent__in=Consent.values), name="photo_consent_known")]

    def __str__(self):
        return self.alt or f"Foto {self.pk}"

    def hold(self, new: NewPicture) -> None:
        super().hold(new)
        printed = for_print(new, width=PRINT_WIDTH, height=PRINT_HEIGHT)
        self.print_file = ContentFile(printed, "print.jpg")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        result = super().delete(*args, **kwargs)
        uploads.remove_after_commit(self.print_file)
        return result

    @property
    def missing(self) -> list[str]:
        """What keeps it from being published, as words of its form."""
        named = {"Bildbeschreibung": self.alt, "Quelle": self.credit, "Einwilligung": self.consent != Consent.OPEN}
        return [label for label, value in named.items() if not value]


def _slides_name(row: models.Model, name: str) -> str:
    return uploads.random_name("folien", "pdf")


class Slides(models.Model):
    """Slides that somebody showed, as a PDF to keep."""

    MOST = 30

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    documentation = models.ForeignKey(Documentation, models.CASCADE, related_name="slides", editable=False)
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="slides", verbose_name="Programmpunkt"
    )
    title = models.CharField("Titel", max_length=200, validators=[single_line])
    credit = models.CharField("Von wem", max_length=200, blank=True, validators=[single_line])
    consent = models.CharField(
        "Wer darf sie sehen?",
        max_length=6,
        choices=Consent,
        default=Consent.OPEN,
        help_text="Fragen Sie, wer sie gezeigt hat; auch Bilder in den Folien haben Rechte.",
    )
    file = models.FileField(upload_to=_slides_name, max_length=100, editable=False)
    size = models.PositiveIntegerField("Größe in Byte", editable=False)
    pages = models.PositiveIntegerField("Seiten", editable=False)
    created_at = models.DateTimeField("hochgeladen", auto_now_add=True)

    history = keep_history(excluded_fields=["file"])
    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = "Folien einer Dokumentation"
        verbose_name_plural = "Folien von Dokumentationen"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(consent__in=Consent.values), name="slides_consent_known"),
            models.CheckConstraint(
                condition=~Q(title=""), name="slides_have_title", violation_error_message="Geben Sie einen Titel ein."
            ),
        ]

    def __str__(self):
        return self.title

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        result = super().delete(*args, **kwargs)
        uploads.remove_after_commit(self.file)
        return result

    @property
    def missing(self) -> list[str]:
        return ["Einwilligung"] if self.consent == Consent.OPEN else []
