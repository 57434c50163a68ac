"""Texts that the operator must fill, and what people report about barriers."""

import datetime
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core import markdown
from core.history import keep_history
from core.revision import Published
from core.text import single_line
from members.models import Person

_SHIPPED = Path(__file__).parent / "pages"


class PageKey(models.TextChoices):
    """The pages with a text of the office; the key is the file under netzwerk/pages/ and the URL name."""

    START = "start", "Startseite"
    JOIN = "join", "Mitmachen"
    CONTACT = "contact", "Kontakt"
    IMPRINT = "imprint", "Impressum"
    PRIVACY = "privacy", "Datenschutz"
    ACCESSIBILITY = "accessibility", "Barrierefreiheit"
    EASY_LANGUAGE = "easy_language", "Leichte Sprache"
    SIGN_LANGUAGE = "sign_language", "Deutsche Gebärdensprache"


@dataclass(frozen=True)
class Shipped:
    """Title and text of a page as the portal brings them."""

    title: str
    text: str


@lru_cache
def shipped(key: str) -> Shipped:
    """Return what netzwerk/pages/<key>.md says: its first line is the title ("# Impressum")."""
    title, _, text = (_SHIPPED / f"{key}.md").read_text(encoding="utf-8").partition("\n")
    return Shipped(title.removeprefix("# ").strip(), text.strip())


class TextPage(Published):
    """A page's text. Where title or text is empty, the shipped one shows; so going back to it is emptying both."""

    key = models.CharField("Seite", max_length=20, choices=PageKey, unique=True, editable=False)
    own_title = models.CharField("Überschrift", max_length=120, blank=True, validators=[single_line])
    own_text = models.TextField("Text", blank=True, validators=[markdown.check_text])
    updated_at = models.DateTimeField("zuletzt geändert", null=True, blank=True, editable=False)

    history = keep_history()

    class Meta:
        verbose_name = "Seite"
        verbose_name_plural = "Seiten und Texte"
        ordering = ["pk"]

    def __str__(self):
        return self.get_key_display()

    def get_absolute_url(self):
        return reverse(self.key)

    @property
    def title(self) -> str:
        return self.own_title or shipped(self.key).title

    @property
    def text(self) -> str:
        return self.own_text or shipped(self.key).text

    @property
    def is_own(self) -> bool:
        """Whether the office has written something of its own."""
        return bool(self.own_title or self.own_text)

    @property
    def placeholders(self) -> list[str]:
        """What the operator has still to fill in, in square brackets."""
        return markdown.placeholders(self.text)


def text_page(key: str) -> TextPage:
    """Return the page with this key, also before anybody has written to the database; KeyError never, it is ours."""
    return TextPage.objects.filter(key=key).first() or TextPage(key=key)


def text_pages() -> list[TextPage]:
    """Return all pages in their order, those included that have no row yet (one query)."""
    rows = {page.key: page for page in TextPage.objects.all()}
    return [rows.get(key) or TextPage(key=key) for key in PageKey.values]


class BarrierReportQuerySet(models.QuerySet["BarrierReport"]):
    def open(self) -> "BarrierReportQuerySet":
        return self.filter(answered_on=None)


class BarrierReport(models.Model):
    """Somebody met a barrier and told us ("elektronisches Kontaktformular", § 10b Abs. 2 Nr. 2 BGG NRW)."""

    # § 5 Abs. 2 BITVNRW: two to at most six weeks by size of the body and difficulty; ours is small. If it takes
    # longer, an interim answer is due within the same time.
    ANSWER_WITHIN = datetime.timedelta(weeks=2)

    what = models.TextField("Was ist die Barriere?", max_length=3000)
    where = models.CharField("Auf welcher Seite?", max_length=500, blank=True, validators=[single_line])
    address = models.EmailField("E-Mail-Adresse für die Antwort", blank=True)
    created_at = models.DateTimeField("eingegangen", default=timezone.now)
    due_on = models.DateField("zu beantworten bis")
    answered_on = models.DateField("beantwortet am", null=True, blank=True)
    answer = models.TextField("Was haben Sie geantwortet oder geändert?", max_length=3000, blank=True)

    history = keep_history()
    objects = BarrierReportQuerySet.as_manager()

    class Meta:
        verbose_name = "Meldung zur Barrierefreiheit"
        verbose_name_plural = "Meldungen zur Barrierefreiheit"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"Meldung {self.ticket}"

    @property
    def ticket(self) -> str:
        """The number that the reporting person is told: "B-2027-14"."""
        return f"B-{timezone.localtime(self.created_at).year}-{self.pk}"


class TidyRun(models.Model):
    """What one period of `core.retention` forgot in one night; the log that shows that the periods are kept."""

    key = models.CharField("Frist", max_length=80)
    started_at = models.DateTimeField("begonnen", default=timezone.now)
    rows = models.PositiveIntegerField("gelöscht oder geleert", default=0)
    # The error's class alone: its text may quote a row.
    error = models.CharField("Fehler", max_length=100, blank=True)

    class Meta:
        verbose_name = "nächtliche Löschung"
        verbose_name_plural = "nächtliche Löschungen"
        ordering = ["-started_at", "key"]
        indexes = [models.Index(fields=["key", "-started_at"], name="tidy_latest")]

    def __str__(self):
        return f"{self.key}: {self.error or self.rows}"


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def open(self) -> "ErasureQuerySet":
        return self.filter(done_at=None, withdrawn_at=None)


class Erasure(models.Model):
    """A person's data are to be erased: asked for by herself or by the office, done by an administrator."""

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="Person", related_name="erasures")
    own_wish = models.BooleanField("von der Person selbst verlangt", default=False)
    requested_at = models.DateTimeField("beantragt", default=timezone.now)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name="beantragt von", related_name="+"
    )
    done_at = models.DateTimeField("gelöscht", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name="gelöscht von", related_name="+"
    )
    withdrawn_at = models.DateTimeField("zurückgezogen", null=True, blank=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = "Löschung"
        verbose_name_plural = "Löschungen"
        ordering = ["-requested_at"]
        permissions = [("request_erasure", "Löschung beantragen"), ("confirm_erasure", "Löschung bestätigen")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(done_at=None, withdrawn_at=None),
                name="erasure_one_open",
                violation_error_message="Die Löschung dieser Person ist schon beantragt.",
            ),
            models.CheckConstraint(condition=Q(done_at=None) | Q(withdrawn_at=None), name="erasure_done_or_withdrawn"),
        ]

    def __str__(self):
        return f"Löschung: {self.person}"


class Viewing(models.Model):
    """A member of the staff looked at the portal through a contact person's eyes: who, whom, from when to when."""

    person = models.ForeignKey(Person, models.CASCADE, verbose_name="Person", related_name="viewings")
    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name="angesehen von", related_name="+"
    )
    started_at = models.DateTimeField("begonnen", default=timezone.now)
    ended_at = models.DateTimeField("beendet", null=True, blank=True)

    class Meta:
        verbose_name = "Ansicht als Person"
        verbose_name_plural = "Ansichten als Person"
        ordering = ["-started_at"]
        permissions = [("view_as_person", "Portal als Person ansehen")]

    def __str__(self):
        return f"{self.viewer or 'ehemaliges Konto'} als {self.person}"
