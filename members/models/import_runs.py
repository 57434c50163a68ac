"""A list on its way into the portal: what the file said, and what a person has decided about it so far."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from core.text import single_line


class ImportKind(models.TextChoices):
    """What a list holds. The value is its word in the address."""

    CONTACTS = "ansprechpersonen", "Ansprechpersonen"
    HEADS = "verwaltungsspitzen", "Verwaltungsspitzen"
    MEMBERSHIPS = "mitgliedschaften", "Mitglieder mit Beitritt"
    SIGNATURES = "unterzeichnungen", "Unterzeichnungen"
    DIRECTORY = "gemeindeverzeichnis", "Amtliches Gemeindeverzeichnis"


class ImportRunQuerySet(models.QuerySet):
    def open(self) -> "ImportRunQuerySet":
        """Begun and not yet read in, the newest first."""
        return self.filter(imported_at=None)


class ImportRun(models.Model):
    """One file from the upload to its result. The rows are emptied once they are read in."""

    kind = models.CharField("Liste", max_length=20, choices=ImportKind)
    file_name = models.CharField("Datei", max_length=200, validators=[single_line])
    sheet = models.CharField("Blatt", max_length=100, blank=True)
    other_sheets = models.JSONField("andere Blätter", default=list, blank=True)
    headings = models.JSONField("Überschriften", default=list, blank=True)
    rows = models.JSONField("Zeilen", default=list, blank=True)  # [number in the file, [cells]]
    # Name of a field → number of its column; None until the columns are settled.
    columns = models.JSONField("Spalten", null=True, blank=True)
    # Spelling of a body → its AGS, or "" for rows to leave out.
    answers = models.JSONField("Antworten", default=dict, blank=True)
    # After reading in: numbers by state, and the persons of the list who may be invited.
    counts = models.JSONField("Zahlen", default=dict, blank=True)
    person_ids = models.JSONField("Personen", default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="begonnen von"
    )
    created_at = models.DateTimeField("begonnen", default=timezone.now)
    imported_at = models.DateTimeField("eingelesen", null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = "Einlesen einer Liste"
        verbose_name_plural = "eingelesene Listen"
        ordering = ["-created_at", "-pk"]
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=ImportKind.values), name="import_kind_known")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.file_name}"

    def get_absolute_url(self):
        return reverse("import_run", args=[self.pk])
