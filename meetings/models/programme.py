"""The programme of a meeting: its items in order of time; those of one round are parallel and chosen from."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from core.history import keep_history
from core.revision import Published, PublishedQuerySet
from core.text import single_line
from meetings.models.meetings import Meeting
from meetings.models.times import times_text
from members.models import Municipality, Person


class AgendaQuerySet(PublishedQuerySet):
    def for_list(self) -> Self:
        return self.prefetch_related("speakers", "bodies")


class AgendaItem(Published):
    """One item of a programme ("Programmpunkt")."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda", verbose_name="Termin")
    # Counted, so that it stays right when the meeting moves or is copied.
    day_number = models.PositiveSmallIntegerField(
        "Tag des Termins", default=1, help_text="Bei mehrtägigen Terminen: 1 für den ersten Tag, 2 für den zweiten …"
    )
    begin_time = models.TimeField("von")
    end_time = models.TimeField("bis", null=True, blank=True)
    title = models.CharField("Titel", max_length=200, validators=[single_line])
    text = models.TextField("Text", blank=True, max_length=3000)
    room = models.CharField("Raum", max_length=100, blank=True, validators=[single_line])
    speakers = models.ManyToManyField(Person, blank=True, related_name="agenda_items", verbose_name="Mitwirkende")
    speaker_text = models.CharField(
        "weitere Mitwirkende",
        max_length=300,
        blank=True,
        validators=[single_line],
        help_text="Wer nicht unter „Personen“ steht, zum Beispiel „Prof. Dr. Ada Muster, Hochschule Musterstadt“.",
    )
    bodies = models.ManyToManyField(
        Municipality, blank=True, related_name="agenda_items", verbose_name="Beitrag aus diesen Kommunen"
    )
    # Items of the same round exclude each other: whoever registers chooses one.
    choice_round = models.PositiveSmallIntegerField(
        "Wahl",
        null=True,
        blank=True,
        help_text="Gleichzeitige Punkte, aus denen gewählt wird, bekommen dieselbe Zahl: 1, 2 …",
    )
    seats = models.PositiveSmallIntegerField("Plätze", null=True, blank=True, help_text="Leer: unbegrenzt.")

    history = keep_history()
    objects = AgendaQuerySet.as_manager()

    class Meta:
        verbose_name = "Programmpunkt"
        verbose_name_plural = "Programmpunkte"
        ordering = ["day_number", "begin_time", "choice_round", "room", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_time=None) | Q(end_time__gt=F("begin_time")),
                name="agenda_item_ends_after_begin",
                violation_error_message="Das Ende liegt nicht nach dem Beginn. Prüfen Sie „von“ und „bis“.",
            ),
            models.CheckConstraint(
                condition=Q(day_number__gte=1),
                name="agenda_item_day",
                violation_error_message="Zählen Sie die Tage von 1 an.",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def when(self) -> str:
        return times_text(self.begin_time, self.end_time)

    @property
    def day(self) -> datetime.date:
        return self.meeting.day + datetime.timedelta(days=self.day_number - 1)

    @property
    def length(self) -> datetime.timedelta | None:
        if self.end_time is None:
            return None
        day = datetime.date.min
        return datetime.datetime.combine(day, self.end_time) - datetime.datetime.combine(day, self.begin_time)
