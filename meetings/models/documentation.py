"""The documentation of a meeting: texts by item of the programme, agreements, and each PDF that was made of it."""

import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core import uploads
from core.dates import long_date
from core.history import keep_history
from core.markdown import check_text
from core.revision import Published
from core.text import single_line
from meetings.models.meetings import Audience, Meeting
from meetings.models.programme import AgendaItem
from users.models import User

_MARKDOWN = "Überschriften mit #, Listen mit -, fett mit **."
# A build that nobody has finished after this time is begun again: its process has died.
GIVEN_UP_AFTER = datetime.timedelta(minutes=5)
# One that nobody has begun after this time was never heard of: the broker was away.
OVERDUE_AFTER = datetime.timedelta(minutes=1)


class Edition(models.TextChoices):
    """Whom one form of the documentation is for."""

    PUBLIC = "public", "öffentliche Fassung"
    INTERNAL = "internal", "interne Fassung"


class Documentation(Published):
    """What remains of a meeting. What is written here is seen by staff alone, until an edition is published."""

    meeting = models.OneToOneField(
        Meeting, models.PROTECT, related_name="documentation", verbose_name="Termin", editable=False
    )
    overview = models.TextField(
        "Auf einen Blick",
        blank=True,
        max_length=20_000,
        validators=[check_text],
        help_text=f"Das Wichtigste in fünf bis zehn Zeilen. {_MARKDOWN}",
    )
    is_public = models.BooleanField(
        "Es gibt auch eine öffentliche Fassung",
        default=True,
        help_text="Ohne Namen von Teilnehmenden. Sonst sehen nur Mitglieder und Teilnehmende die Dokumentation.",
    )
    published_at = models.DateTimeField("veröffentlicht am", null=True, editable=False)
    corrected_at = models.DateTimeField("korrigiert am", null=True, editable=False)

    history = keep_history()

    class Meta:
        verbose_name = "Dokumentation"
        verbose_name_plural = "Dokumentationen"
        ordering = ["-meeting__begins_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(corrected_at=None) | Q(published_at__isnull=False), name="documentation_corrected_after"
            )
        ]

    def __str__(self):
        return f"Dokumentation: {self.meeting}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def editions(self) -> list[Edition]:
        """Of a meeting by invitation nothing becomes public."""
        is_public = self.is_public and self.meeting.audience != Audience.INVITED
        return [Edition.PUBLIC, Edition.INTERNAL] if is_public else [Edition.INTERNAL]

    @property
    def stand(self) -> str:
        """ "veröffentlicht am 3. Mai 2027, korrigiert am 5. Mai 2027"; "" before it is published."""
        if self.published_at is None:
            return ""
        told = f"veröffentlicht am {long_date(timezone.localdate(self.published_at))}"
        if self.corrected_at:
            told += f", korrigiert am {long_date(timezone.localdate(self.corrected_at))}"
        return told

    def published(self, edition: str) -> "Build | None":
        """Return the build that readers of this edition see."""
        rows = self.builds.filter(edition=edition).exclude(published_at=None)
        return rows.order_by("-published_at", "-pk").first()


class Chapter(models.Model):
    """What was said and found at one item of the programme."""

    documentation = models.ForeignKey(Documentation, models.CASCADE, related_name="chapters", editable=False)
    item = models.OneToOneField(
        AgendaItem, models.PROTECT, related_name="chapter", verbose_name="Programmpunkt", editable=False
    )
    summary = models.TextField(
        "Zusammenfassung", blank=True, max_length=50_000, validators=[check_text], help_text=_MARKDOWN
    )
    results = models.TextField(
        "Ergebnisse",
        blank=True,
        max_length=20_000,
        validators=[check_text],
        help_text=f"Was die Teilnehmenden mitnehmen, am besten als Liste. {_MARKDOWN}",
    )

    history = keep_history()

    class Meta:
        verbose_name = "Teil einer Dokumentation"
        verbose_name_plural = "Teile von Dokumentationen"
        ordering = ["item__begin_time", "pk"]

    def __str__(self):
        return str(self.item)

    @property
    def has_text(self) -> bool:
        return bool(self.summary or self.results)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def open(self) -> Self:
        """Neither done nor taken up by a later programme."""
        return self.filter(settled_at=None, taken_up=None)

    def before(self, meeting: Meeting) -> Self:
        """Open ones of earlier meetings of the same kind: what a programme can take up."""
        earlier = self.open().filter(documentation__meeting__kind=meeting.kind)
        return earlier.filter(documentation__meeting__begins_at__lt=meeting.begins_at).select_related(
            "documentation__meeting"
        )


class Agreement(models.Model):
    """What was agreed ("Verabredung"): who does what until when."""

    documentation = models.ForeignKey(
        Documentation, models.CASCADE, related_name="agreements", verbose_name="Dokumentation", editable=False
    )
    text = models.CharField("Was", max_length=300, validators=[single_line])
    who = models.CharField("Wer", max_length=200, blank=True, validators=[single_line])
    due_on = models.DateField("Bis wann", null=True, blank=True)
    settled_at = models.DateTimeField("erledigt am", null=True, editable=False)
    taken_up = models.ForeignKey(
        AgendaItem,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="agreements",
        verbose_name="aufgenommen in das Programm",
    )

    history = keep_history()
    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "Verabredung"
        verbose_name_plural = "Verabredungen"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="agreement_says_what",
                violation_error_message="Schreiben Sie, was verabredet ist.",
            )
        ]

    def __str__(self):
        return self.text

    @property
    def is_open(self) -> bool:
        return self.settled_at is None and self.taken_up_id is None


class BuildState(models.TextChoices):
    WAITING = "waiting", "wartet"
    WORKING = "working", "wird erzeugt"
    DONE = "done", "fertig"
    FAILED = "failed", "nicht gelungen"


UNFINISHED = (BuildState.WAITING, BuildState.WORKING)


class BuildQuerySet(uploads.FileRows):
    def unfinished(self) -> Self:
        return self.filter(state__in=UNFINISHED)

    def overdue(self) -> Self:
        """Those whose wake-up was lost."""
        return self.filter(state=BuildState.WAITING, asked_at__lt=timezone.now() - OVERDUE_AFTER)

    def given_up(self) -> Self:
        """Those whose process has died."""
        return self.filter(state=BuildState.WORKING, started_at__lt=timezone.now() - GIVEN_UP_AFTER)


def _pdf_name(row: models.Model, name: str) -> str:
    return uploads.random_name("dokumentationen", "pdf")


class Build(models.Model):
    """One PDF of one edition, with the text it was made of. It is never changed and never deleted."""

    documentation = models.ForeignKey(
        Documentation, models.PROTECT, related_name="builds", verbose_name="Dokumentation"
    )
    edition = models.CharField("Fassung", max_length=8, choices=Edition)
    state = models.CharField("Stand", max_length=7, choices=BuildState, default=BuildState.WAITING)
    asked_at = models.DateTimeField("angefordert am", default=timezone.now)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="angefordert von")
    started_at = models.DateTimeField("begonnen am", null=True)
    finished_at = models.DateTimeField("fertig am", null=True)
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    # Page and PDF come from the same markup; addresses of pictures are put in when it is shown.
    html = models.TextField("Text", blank=True)
    file = models.FileField("PDF", upload_to=_pdf_name, max_length=100, blank=True)
    sha256 = models.CharField("Prüfsumme (SHA-256)", max_length=64, blank=True)
    size = models.PositiveIntegerField("Größe in Byte", null=True)
    pages = models.PositiveIntegerField("Seiten", null=True)
    reason = models.TextField("Warum nicht", blank=True)
    published_at = models.DateTimeField("veröffentlicht am", null=True)

    objects = BuildQuerySet.as_manager()

    class Meta:
        verbose_name = "PDF einer Dokumentation"
        verbose_name_plural = "PDF von Dokumentationen"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["documentation", "edition"],
                condition=Q(state__in=["waiting", "working"]),
                name="build_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=BuildState.values) & Q(edition__in=Edition.values), name="build_words_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(sha256="") & Q(size__gt=0) & Q(pages__gt=0)),
                name="build_done_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(state="done"), name="build_published_only_when_done"
            ),
        ]

    def __str__(self):
        return f"{self.documentation}, {self.get_edition_display()}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        result = super().delete(*args, **kwargs)
        uploads.remove_after_commit(self.file)
        return result

    @property
    def is_done(self) -> bool:
        return self.state == BuildState.DONE

    @property
    def has_failed(self) -> bool:
        return self.state == BuildState.FAILED

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED
