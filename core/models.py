"""The mail queue of record (one row per recipient of every mail) and the revision number of the public pages."""

import datetime
import uuid
from email.utils import make_msgid
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from core.history import keep_history
from core.mailkinds import MailClass, MailKind, kind_for
from core.text import single_line


class Revision(models.Model):
    """A part of the number that every public change raises: all rows together are the number (see `core.revision`)."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return str(self.number)


def kind_name(key: str) -> str:
    """Return the office's name of a kind of mail; the key itself if no app sends this kind any more."""
    try:
        return kind_for(key).name
    except KeyError:
        return key


class Batch(models.Model):
    """What one deed sends to many ("Sammelsendung"): who, what, how many; held for a minute to take back."""

    HOLD = datetime.timedelta(seconds=60)  # "eine Minute zum Zurücknehmen"

    title = models.CharField("Anlass", max_length=200, validators=[single_line])
    kind = models.CharField("Art", max_length=80)
    created_at = models.DateTimeField("angelegt", default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name="angelegt von", related_name="+"
    )
    recipients = models.PositiveIntegerField("Empfänger", default=0)
    held_until = models.DateTimeField("zurücknehmbar bis")
    paused_at = models.DateTimeField("angehalten", null=True, blank=True)
    taken_back_at = models.DateTimeField("zurückgenommen", null=True, blank=True)

    history = keep_history()

    class Meta:
        verbose_name = "Sammelsendung"
        verbose_name_plural = "Sammelsendungen"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.title

    @property
    def kind_name(self) -> str:
        return kind_name(self.kind)

    def counts(self) -> dict["MailState", int]:
        """Return the number of rows in every state; together they are always `recipients`."""
        return OutgoingMail.objects.filter(batch=self).counts()


class MailState(models.TextChoices):
    """pending + sending + sent + failed + unknown + skipped = recipients, at every moment."""

    PENDING = "pending", "wartet"
    SENDING = "sending", "wird gesendet"
    SENT = "sent", "gesendet"
    FAILED = "failed", "nicht zustellbar"
    UNKNOWN = "unknown", "ungewiss"
    SKIPPED = "skipped", "ausgelassen"


def new_message_id() -> str:
    """Return a Message-ID of this portal's host; fixed for the row, so that a doubled mail would be recognised."""
    return make_msgid(domain=urlsplit(settings.SITE_URL).hostname)


def new_public_id() -> str:
    return uuid.uuid4().hex


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def ready(self) -> Self:
        """Rows that may go out now: waiting, due, and in no batch that is still held, paused or taken back."""
        now = timezone.now()
        free = Q(batch=None) | Q(batch__held_until__lte=now, batch__paused_at=None, batch__taken_back_at=None)
        return self.filter(free, state=MailState.PENDING, due_at__lte=now)

    def in_order(self) -> Self:
        """Zugang first, then Dienstliches, then Information (see `MailClass`); within a class the older first."""
        return self.order_by("mail_class", "due_at", "pk")

    def counts(self) -> dict[MailState, int]:
        """Return the number of rows in every state, counted by one query and so at one moment."""
        found = dict(self.order_by().values_list("state").annotate(Count("pk")))
        return {state: found.get(state.value, 0) for state in MailState}


class OutgoingMail(models.Model):
    """One mail to one recipient ("Zustellung"). The row is written in the transaction of its cause and is the truth."""

    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, verbose_name="Sammelsendung")
    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    kind = models.CharField("Art", max_length=80)
    mail_class = models.CharField("Klasse", max_length=12, choices=MailClass)
    to_address = models.EmailField("Adresse")
    to_name = models.CharField("Name", max_length=200, blank=True, validators=[single_line])
    # Opaque to core: "person:17", "user:3". Unique per batch, so nobody gets a deed's mail twice.
    recipient_key = models.CharField("Empfänger", max_length=80)
    # The few plain facts that render() needs beside the database; those of a sign-in mail are emptied when it is
    # settled (see `core.closing`), all others after a year (see `core.privacy`).
    data = models.JSONField("Angaben", default=dict, blank=True)
    message_id = models.CharField(max_length=255, unique=True, default=new_message_id, editable=False)

    state = models.CharField("Stand", max_length=8, choices=MailState, default=MailState.PENDING)
    reason = models.CharField("Grund", max_length=500, blank=True)
    created_at = models.DateTimeField("angelegt", default=timezone.now)
    due_at = models.DateTimeField("fällig", default=timezone.now)
    first_tried_at = models.DateTimeField("erster Versuch", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    claimed_at = models.DateTimeField("übernommen", null=True, blank=True)
    # Names the sender process that holds the row: only it may settle the row.
    claim = models.CharField(max_length=32, blank=True)
    settled_at = models.DateTimeField("erledigt", null=True, blank=True)
    # Who of the office decided about an uncertain row.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name="entschieden von",
        related_name="+",
    )

    # Written at the claim, so that the page of sent mails shows what really went out.
    subject = models.CharField("Betreff", max_length=250, blank=True)
    text = models.TextField("Text", blank=True)
    html = models.TextField("HTML", blank=True)
    # As `core.mailkinds.Attachment` has it; emptied with the handing over (see `core.closing`).
    attachments = models.JSONField("Anlagen", default=list, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "Zustellung"
        verbose_name_plural = "Zustellungen"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "recipient_key"], condition=Q(batch__isnull=False), name="mail_once_per_batch"
            ),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_known"),
        ]
        indexes = [
            models.Index(fields=["mail_class", "due_at", "id"], condition=Q(state="pending"), name="mail_pending"),
            models.Index(fields=["claim"], condition=Q(state="sending"), name="mail_sending"),
            models.Index(fields=["claimed_at"], name="mail_claimed"),
        ]

    def __str__(self):
        return f"{self.kind_name} an {self.to_address or '(Adresse gelöscht)'}"

    @property
    def kind_name(self) -> str:
        return kind_name(self.kind)


class MailText(models.Model):
    """What the office made of one automatic mail. Without a subject it is sent as shipped (see `core.mailtexts`)."""

    kind = models.CharField("Art", max_length=80, unique=True, editable=False)
    subject = models.CharField("Betreff", max_length=200, blank=True, validators=[single_line])
    opening = models.TextField("Anfang", max_length=4000, blank=True)
    closing = models.TextField("Schluss", max_length=4000, blank=True)
    is_off = models.BooleanField("abgeschaltet", default=False)

    history = keep_history()

    class Meta:
        verbose_name = "Text einer automatischen E-Mail"
        verbose_name_plural = "Automatische E-Mails"
        constraints = [
            models.CheckConstraint(
                condition=Q(subject="", opening="", closing="") | ~Q(subject="") & ~Q(opening=""),
                name="mail_text_whole",
                violation_error_message="Geben Sie einen Betreff und einen Anfang ein.",
            )
        ]

    def __str__(self):
        return kind_name(self.kind)

    @property
    def mail_kind(self) -> MailKind:
        return kind_for(self.kind)

    @property
    def is_own(self) -> bool:
        return bool(self.subject)


class SenderSlot(models.Model):
    """One allowed connection to the mail server; a sender holds it while it sends (MAIL_CONNECTIONS many)."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    holder = models.CharField(max_length=32, blank=True)
    held_until = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"Verbindung {self.number}"
