""" "Angabe veraltet?": what visitors say about a member's page."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models.municipalities import Municipality

_WEB_ADDRESS = re.compile(r"://|\bwww\.", re.IGNORECASE)


def without_web_address(value: str) -> None:
    """Validator: the text goes out as a mail, and nobody shall advertise by it."""
    if _WEB_ADDRESS.search(value):
        raise ValidationError(
            "Beschreiben Sie die Stelle in Worten, ohne Internetadresse. Sonst ließe sich mit dem Formular werben.",
            code="web_address",
        )


class HintQuerySet(models.QuerySet["Hint"]):
    def open(self) -> "HintQuerySet":
        return self.filter(done_at=None)


class Hint(models.Model):
    """A visitor's remark ("Hinweis"), until somebody of the office has settled it."""

    # So many about one body go out as mails on one day; further ones wait in "Heute".
    MAILED_A_DAY = 3

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="hints", verbose_name="Kommune")
    text = models.TextField("Was stimmt nicht mehr?", max_length=600, validators=[without_web_address])
    address = models.EmailField("Ihre E-Mail-Adresse", blank=True)
    created_at = models.DateTimeField("eingegangen", default=timezone.now)
    done_at = models.DateTimeField("erledigt", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="erledigt von",
    )

    objects = HintQuerySet.as_manager()

    class Meta:
        verbose_name = "Hinweis"
        verbose_name_plural = "Hinweise"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="hint_has_text", violation_error_message="Schreiben Sie, was nicht stimmt."
            )
        ]

    def __str__(self):
        return f"Hinweis zu {self.municipality}"
