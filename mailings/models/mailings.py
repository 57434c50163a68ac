"""An Informations-E-Mail from its first word to its place in the archive."""

import datetime
from typing import TYPE_CHECKING, Any, Optional, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core import uploads
from core.history import keep_history
from core.mailkinds import MailClass
from core.markdown import check_text
from core.models import Batch, MailState
from core.text import single_line
from mailings.models.audience import Audience
from mailings.models.subscriptions import Rubric
from meetings.models import Meeting

if TYPE_CHECKING:
    from mailings.models.files import EnclosedFile

# So long after sending somebody may still give it on to a colleague.
PASSED_ON_FOR = datetime.timedelta(days=90)
NAMELESS = "(noch ohne Betreff)"
# How states of the queue read after a number.
_SEVERAL = {MailState.PENDING: "noch nicht gesendet", MailState.SENDING: "gerade unterwegs"}


class MailingState(models.TextChoices):
    """SENT: handed over to the queue, whose batch knows the rest."""

    DRAFT = "draft", "Entwurf"
    SUBMITTED = "submitted", "wartet auf Freigabe"
    RELEASED = "released", "freigegeben und geplant"
    SENT = "sent", "versandt"


class Archive(models.TextChoices):
    """Who finds it afterwards, besides those who got it."""

    NOBODY = "nobody", "nur wer sie bekommen hat"
    MEMBERS = "members", "alle im Netzwerk"
    PUBLIC = "public", "alle, auf der Website"


class MailingQuerySet(models.QuerySet["Mailing"]):
    def for_list(self) -> Self:
        return self.select_related(
            "author", "released_by", "batch", "invites_to", "meeting", "kreis", "topic", "enclosed"
        )

    def sent(self) -> Self:
        """Handed over, and not taken back."""
        return self.filter(state=MailingState.SENT, batch__taken_back_at=None)

    def arrived(self) -> Self:
        """Those whose minute is over, the newest first: what an archive shows."""
        return self.sent().filter(batch__held_until__lte=timezone.now()).order_by("-batch__held_until", "-pk")

    def public(self) -> Self:
        return self.arrived().filter(archive=Archive.PUBLIC)

    def waiting(self) -> Self:
        return self.filter(state=MailingState.SUBMITTED)

    def planned(self) -> Self:
        return self.filter(state=MailingState.RELEASED)

    def due(self) -> Self:
        return self.planned().filter(planned_for__lte=timezone.now())


class Mailing(Audience):
    """What the office writes to many: text, audience, release, and the batch that carries it."""

    subject = models.CharField("Betreff", max_length=150, blank=True, validators=[single_line])
    text = models.TextField("Text", blank=True, validators=[check_text])
    rubric = models.CharField("Art", max_length=8, choices=Rubric, blank=True, default=Rubric.BUSINESS)
    archive = models.CharField("Archiv", max_length=7, choices=Archive, default=Archive.MEMBERS)
    # An invitation: each recipient gets links that answer in her name (meetings.planning.invite_persons).
    invites_to = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="mailings", verbose_name="lädt ein zu"
    )
    state = models.CharField("Stand", max_length=9, choices=MailingState, default=MailingState.DRAFT)
    # Whoever wrote or changed it last: somebody else releases it.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="verfasst von"
    )
    changed_at = models.DateTimeField("zuletzt geändert", default=timezone.now)
    submitted_at = models.DateTimeField("zur Freigabe gegeben", null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="freigegeben von"
    )
    released_at = models.DateTimeField("freigegeben", null=True, blank=True)
    planned_for = models.DateTimeField("geplant für", null=True, blank=True)
    # Why a planned one could not go out; German, for the office.
    problem = models.CharField("Hindernis", max_length=300, blank=True)
    batch = models.OneToOneField(
        Batch, models.PROTECT, null=True, blank=True, related_name="mailing", verbose_name="Sammelsendung"
    )
    # Text and blocks as they went out, once for all who got them.
    body_html = models.TextField(blank=True, editable=False)
    body_text = models.TextField(blank=True, editable=False)

    history = keep_history()
    objects = MailingQuerySet.as_manager()

    class Meta(Audience.Meta):
        verbose_name = "Informations-E-Mail"
        verbose_name_plural = "Informations-E-Mails"
        ordering = ["-changed_at", "-pk"]
        permissions = [("release_mailing", "Informations-E-Mails freigeben")]
        constraints = [
            *Audience.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state__in=MailingState.values)
                & Q(rubric__in=Rubric.values)
                & Q(archive__in=Archive.values),
                name="mailing_words_known",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", batch__isnull=False) | ~Q(state="sent") & Q(batch__isnull=True),
                name="mailing_sent_has_batch",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["released", "sent"]) | Q(released_at__isnull=False),
                name="mailing_is_released",
                violation_error_message="Geben Sie die E-Mail zuerst frei.",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(planned_for__isnull=False), name="mailing_planned_has_time"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(subject="") & ~Q(text=""),
                name="mailing_is_written",
                violation_error_message="Geben Sie Betreff und Text ein.",
            ),
            models.CheckConstraint(
                condition=Q(invites_to=None) | Q(rubric=""),
                name="mailing_invites_by_business",
                violation_error_message="Eine Einladung ist Dienstliches: Wählen Sie diese Art.",
            ),
        ]
        indexes = [models.Index(fields=["state", "planned_for"], name="mailing_state")]

    def __str__(self):
        return self.subject or NAMELESS

    def get_absolute_url(self):
        return reverse("own_mailing", args=[self.pk])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        enclosed = self.enclosed_file
        result = super().delete(*args, **kwargs)
        if enclosed:
            uploads.remove_after_commit(enclosed.file)
        return result

    @property
    def enclosed_file(self) -> Optional["EnclosedFile"]:
        """The file that goes along, if there is one."""
        return getattr(self, "enclosed", None)

    @property
    def mail_class(self) -> MailClass:
        return MailClass.INFORMATION if self.rubric else MailClass.BUSINESS

    @property
    def class_name(self) -> str:
        """ "Dienstliches", or "Informationen: Förderung und Wettbewerbe"."""
        return f"Informationen: {self.get_rubric_display()}" if self.rubric else "Dienstliches"

    @property
    def is_draft(self) -> bool:
        return self.state == MailingState.DRAFT

    @property
    def is_submitted(self) -> bool:
        return self.state == MailingState.SUBMITTED

    @property
    def is_planned(self) -> bool:
        return self.state == MailingState.RELEASED

    @property
    def is_sent(self) -> bool:
        return self.state == MailingState.SENT

    @property
    def can_be_changed(self) -> bool:
        """Until it is released: what somebody has released stays as she saw it."""
        return self.is_draft or self.is_submitted

    @property
    def is_taken_back(self) -> bool:
        return self.batch is not None and self.batch.taken_back_at is not None

    @property
    def is_held(self) -> bool:
        """Whether its minute to take back is still running."""
        return self.batch is not None and not self.is_taken_back and self.batch.held_until > timezone.now()

    @property
    def can_be_passed_on(self) -> bool:
        """Whether a reader may give it on: Dienstliches that is not too old, and its meeting still takes people."""
        if self.rubric or not self.is_sent or self.batch is None or self.is_taken_back:
            return False
        is_recent = self.batch.held_until > timezone.now() - PASSED_ON_FOR
        return is_recent and (self.invites_to is None or self.invites_to.takes_more)

    @property
    def outcome(self) -> str:
        """ "125 gesendet, 2 nicht zustellbar": what has become of each recipient (one query)."""
        counts = self.batch.counts() if self.batch else {}
        words = [f"{count} {_SEVERAL.get(state, state.label)}" for state, count in counts.items() if count]
        return ", ".join(words) or "an niemanden versandt"

    @property
    def sent_at(self) -> datetime.datetime | None:
        """When it began to go out; None before."""
        return self.batch.held_until if self.batch else None

    @property
    def standing(self) -> str:
        """How it stands, in a word for lists."""
        return "zurückgenommen" if self.is_taken_back else self.get_state_display()
