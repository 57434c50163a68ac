"""The one file that may go along with a mailing. Most things are better as a link into the portal."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core import uploads
from core.history import keep_history
from core.text import single_line
from mailings.models.mailings import Mailing

PDF, PICTURE, CALENDAR = "application/pdf", "image/jpeg", "text/calendar"
ENDINGS = {PDF: "pdf", PICTURE: "jpg", CALENDAR: "ics"}


def _file_name(row: "EnclosedFile", name: str) -> str:
    return uploads.random_name("mitteilungen", ENDINGS[row.content_type])


class EnclosedFile(models.Model):
    """A file that every recipient gets, and whoever finds the mailing in the archive; it goes with its row."""

    mailing = models.OneToOneField(Mailing, models.CASCADE, related_name="enclosed", editable=False)
    name = models.CharField("Name der Datei", max_length=100, validators=[single_line])
    content_type = models.CharField(
        max_length=15, choices=[(PDF, "PDF"), (PICTURE, "Bild"), (CALENDAR, "Kalendereintrag")], editable=False
    )
    size = models.PositiveIntegerField("Größe in Byte", editable=False)
    file = models.FileField(upload_to=_file_name, max_length=100, editable=False)
    created_at = models.DateTimeField("angehängt", default=timezone.now)

    history = keep_history(excluded_fields=["file"])
    objects = uploads.FileRows.as_manager()

    class Meta:
        verbose_name = "Anlage einer Informations-E-Mail"
        verbose_name_plural = "Anlagen von Informations-E-Mails"
        ordering = ["mailing"]
        constraints = [
            models.CheckConstraint(condition=Q(content_type__in=list(ENDINGS)), name="enclosed_type_known"),
            models.CheckConstraint(condition=~Q(name=""), name="enclosed_has_name"),
        ]

    def __str__(self):
        return self.name

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        result = super().delete(*args, **kwargs)
        uploads.remove_after_commit(self.file)
        return result
