"""What the office keeps in mind about a body, for instance after a phone call."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.dates import today
from core.history import actor_name, keep_history
from members.models.municipalities import Municipality
from members.models.people import Person


class NoteQuerySet(models.QuerySet["Note"]):
    def due(self, on: datetime.date | None = None) -> "NoteQuerySet":
        """Notes to be taken up again on that day or before (today if none is given), the longest due first."""
        return self.waiting().filter(follow_up_on__lte=on or today()).order_by("follow_up_on", "pk")

    def waiting(self) -> "NoteQuerySet":
        """Notes to be taken up again, today or later."""
        return self.filter(follow_up_on__isnull=False, done_at=None)

    def for_list(self) -> "NoteQuerySet":
        return self.select_related("municipality", "person", "author")


class Note(models.Model):
    """A note ("Notiz") about a body, perhaps about one person there. Only staff read it; its author changes it."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="notes", verbose_name="Kommune")
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="notes", verbose_name="Person"
    )
    text = models.TextField("Notiz", max_length=4000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="Konto"
    )
    author_name = models.CharField("von", max_length=200, blank=True, default=actor_name)
    created_at = models.DateTimeField("geschrieben", default=timezone.now)
    follow_up_on = models.DateField("Wiedervorlage", null=True, blank=True)
    done_at = models.DateTimeField("erledigt", null=True, blank=True)

    history = keep_history()
    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = "Notiz"
        verbose_name_plural = "Notizen"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="note_has_text", violation_error_message="Schreiben Sie, worum es ging."
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(follow_up_on__isnull=False),
                name="note_done_was_to_be_followed_up",
                violation_error_message="Erledigen lässt sich nur, was eine Wiedervorlage hat.",
            ),
        ]
        indexes = [models.Index(fields=["follow_up_on"], condition=Q(done_at=None), name="note_waiting")]

    def __str__(self):
        return f"Notiz zu {self.municipality}"

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be taken up again, today or later."""
        return self.follow_up_on is not None and self.done_at is None

    @property
    def is_due(self) -> bool:
        return self.is_waiting and self.follow_up_on <= today()
