"""What an application holds: five cards with their review, the persons named, and files as evidence."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core import uploads
from core.history import keep_history
from core.text import single_line
from declarations.models.criteria import BY_KEY, Criterion, Section
from members.models import FormOfAddress, Person, VolunteerCard


class Review(models.TextChoices):
    """What the Geschäftsstelle says about a card."""

    OPEN = "open", "offen"
    MET = "met", "erfüllt"
    QUERY = "query", "Rückfrage"


class AnswerQuerySet(models.QuerySet["Answer"]):
    def queried(self) -> "AnswerQuerySet":
        return self.filter(review=Review.QUERY)

    def of_outer(self) -> "AnswerQuerySet":
        """Those of the application of the query around this one."""
        return self.filter(application=OuterRef("pk"))


class Answer(models.Model):
    """One card: what the body says about a criterion, and how far the office is with it."""

    LENGTH = 3000

    application = models.ForeignKey("declarations.Application", models.CASCADE, related_name="answers")
    criterion = models.CharField("Voraussetzung", max_length=20, choices=Criterion)
    volunteer_card = models.CharField("Ehrenamtskarte NRW", max_length=10, choices=VolunteerCard, blank=True)
    text = models.TextField("In Ihren Worten", max_length=LENGTH, blank=True)
    review = models.CharField("Prüfung", max_length=5, choices=Review, default=Review.OPEN)
    comment = models.TextField("Anmerkung der Geschäftsstelle", max_length=1000, blank=True)
    reviewed_at = models.DateTimeField("geprüft", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="geprüft von"
    )
    # When the body answered a Rückfrage; the office sees it until it has looked at the card again.
    answered_at = models.DateTimeField("Rückfrage beantwortet", null=True, blank=True)

    history = keep_history()
    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "Karte"
        verbose_name_plural = "Karten von Beitrittsanträgen"
        ordering = ["application", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "criterion"], name="answer_once_per_criterion"),
            models.CheckConstraint(condition=Q(criterion__in=Criterion.values), name="answer_criterion_known"),
            models.CheckConstraint(condition=Q(volunteer_card__in=VolunteerCard.values), name="answer_card_known"),
            models.CheckConstraint(condition=Q(review__in=Review.values), name="answer_review_known"),
            models.CheckConstraint(
                condition=Q(volunteer_card="") | Q(criterion=Criterion.THANKS), name="answer_card_only_there"
            ),
            models.CheckConstraint(
                condition=~Q(review=Review.QUERY) | ~Q(comment=""),
                name="answer_query_says_what",
                violation_error_message="Schreiben Sie Ihre Frage: Die Kommune bekommt genau sie per E-Mail.",
            ),
        ]

    def __str__(self):
        return self.section.title

    @property
    def section(self) -> Section:
        return BY_KEY[self.criterion]

    @property
    def is_queried(self) -> bool:
        return self.review == Review.QUERY

    @property
    def card(self) -> str:
        """The answer about the Ehrenamtskarte in words, "" where none was chosen or asked."""
        return self.get_volunteer_card_display() if self.volunteer_card else ""

    @property
    def missing(self) -> list[str]:
        """What is still to be said, as sentences."""
        gaps = []
        if self.criterion == Criterion.THANKS and not self.volunteer_card:
            gaps.append("Wählen Sie eine der drei Antworten zur Ehrenamtskarte NRW.")
        if not self.text.strip():
            gaps.append(f"Beantworten Sie die Frage zu „{self.section.title}“.")
        return gaps


class Nominee(models.Model):
    """Who shall answer for the body once it is a member. Becomes a person with a function on acceptance."""

    application = models.ForeignKey("declarations.Application", models.CASCADE, related_name="nominees")
    is_deputy = models.BooleanField("Vertretung", default=False)
    form_of_address = models.CharField("Anrede", max_length=4, choices=FormOfAddress, blank=True)
    title = models.CharField(
        "Titel", max_length=40, blank=True, validators=[single_line], help_text="Zum Beispiel „Dr.“"
    )
    first_name = models.CharField("Vorname", max_length=100, blank=True, validators=[single_line])
    last_name = models.CharField("Nachname", max_length=100, blank=True, validators=[single_line])
    position = models.CharField(
        "Stelle",
        max_length=200,
        blank=True,
        validators=[single_line],
        help_text="Zum Beispiel „Fachbereich Soziales, Ehrenamtskoordination“",
    )
    email = models.EmailField("Dienstliche E-Mail-Adresse", blank=True)
    phone = models.CharField("Telefon", max_length=40, blank=True, validators=[single_line])

    history = keep_history()

    class Meta:
        verbose_name = "Benannte Person"
        verbose_name_plural = "benannte Personen"
        ordering = ["application", "is_deputy"]
        constraints = [
            models.UniqueConstraint(fields=["application", "is_deputy"], name="nominee_one_of_each"),
        ]

    def __str__(self):
        return self.name or f"{self.role}: noch nicht benannt"

    @property
    def role(self) -> str:
        return "Vertretung" if self.is_deputy else "Ansprechperson"

    @property
    def name(self) -> str:
        return " ".join(filter(None, [self.title, self.first_name, self.last_name]))

    @property
    def is_named(self) -> bool:
        return bool(self.last_name)

    @property
    def has_begun(self) -> bool:
        """Whether anything at all is filled in; a deputy of whom nothing is known yet is no gap."""
        return any((self.first_name, self.last_name, self.position, self.email, self.phone))

    @property
    def missing(self) -> list[str]:
        """What is still to be said, as sentences; nothing of a deputy who comes later."""
        if self.is_deputy and not self.has_begun:
            return []
        whose = "der Vertretung" if self.is_deputy else "der Ansprechperson"
        asked = (
            (self.first_name, f"Geben Sie den Vornamen {whose} ein."),
            (self.last_name, f"Geben Sie den Nachnamen {whose} ein."),
            (self.email, f"Geben Sie die E-Mail-Adresse {whose} ein."),
        )
        return [sentence for value, sentence in asked if not value]

    def as_person(self) -> Person:
        """The person she is, not stored."""
        names = ("form_of_address", "title", "first_name", "last_name", "email", "phone")
        return Person(**{name: getattr(self, name) for name in names})


PDF, PICTURE = "application/pdf", "image/webp"


def _file_name(row: "Attachment", name: str) -> str:
    return uploads.random_name("antraege", "pdf" if row.content_type == PDF else "webp")


class Attachment(models.Model):
    """A file as evidence, in one section of an application; goes with its row."""

    MOST_PER_SECTION = 5

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey("declarations.Application", models.CASCADE, related_name="attachments")
    section = models.CharField("Abschnitt", max_length=20)
    name = models.CharField("Name der Datei", max_length=200)
    content_type = models.CharField(max_length=20, choices=[(PDF, "PDF"), (PICTURE, "Bild")])
    size = models.PositiveIntegerField("Größe in Byte")
    file = models.FileField(upload_to=_file_name, max_length=100, editable=False)
    created_at = models.DateTimeField("hochgeladen", default=timezone.now)
    added_by = models.CharField("hochgeladen von", max_length=200, blank=True)

    objects = uploads.FileRows.as_manager()

    class Meta:
        verbose_name = "Anlage eines Antrags"
        verbose_name_plural = "Anlagen von Anträgen"
        ordering = ["application", "section", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(section__in=list(BY_KEY)), name="attachment_section_known"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_pdf(self) -> bool:
        return self.content_type == PDF

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        result = super().delete(*args, **kwargs)
        uploads.remove_after_commit(self.file)
        return result


def has_query() -> Exists:
    """Whether an application of the query around has a card with a Rückfrage."""
    return Exists(Answer.objects.queried().of_outer())
