"""The mail queue of record (one row per recipient of every mail) and the revision number of the public pages."""

import datetime
import uuid
from email.utils import make_msgid
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
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
    # A planned time, if somebody named one; `held_until` is what the sender obeys.
    send_at = models.DateTimeField("geplant für", null=True, blank=True)
    held_until = models.DateTimeField("zurücknehmbar bis")
    paused_at = models.DateTimeField("angehalten", null=True, blank=True)
    # Why the portal itself paused it (see `core.pausing`); empty when a person did.
    pause_reason = models.CharField("Grund", max_length=300, blank=True)
    resumed_at = models.DateTimeField("fortgesetzt", null=True, blank=True)
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
        """Return the number of rows in every state; together they are always `recipients` (see `accounts_for_all`)."""
        return OutgoingMail.objects.filter(batch=self).counts()

    def accounts_for_all(self) -> bool:
        """Whether every recipient has exactly one state at this moment, by what the database says."""
        asked = Batch.objects.filter(pk=self.pk).annotate(rows=Count("outgoingmail"))
        return asked.filter(rows=F("recipients")).exists()

    @property
    def is_held(self) -> bool:
        """Whether nothing of it has been allowed to go out yet."""
        return self.held_until > timezone.now()

    def phase(self, counts: dict["MailState", int]) -> str:
        """Return where it stands: "stopped", "done", "paused", "held" or "running". counts: those of this moment."""
        if self.taken_back_at:
            return "stopped"
        if not counts[MailState.PENDING] + counts[MailState.SENDING]:
            return "done"
        return "paused" if self.paused_at else "held" if self.is_held else "running"


class MailState(models.TextChoices):
    """pending + sending + sent + failed + unknown + skipped = recipients, at every moment."""

    PENDING = "pending", "wartet"
    SENDING = "sending", "wird gesendet"
    SENT = "sent", "gesendet"
    FAILED = "failed", "nicht zustellbar"
    UNKNOWN = "unknown", "ungewiss"
    SKIPPED = "skipped", "ausgelassen"


# What stands in a row that never set out; sending it again would change nothing.
BAD_ADDRESS = "Die E-Mail-Adresse fehlt oder ist nicht vollständig."


def new_message_id() -> str:
    """Return a Message-ID of this portal's host; fixed for the row, so that a doubled mail would be recognised."""
    return make_msgid(domain=urlsplit(settings.SITE_URL).hostname)


def new_public_id() -> str:
    return uuid.uuid4().hex


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def ready(self, now: Any = None) -> Self:
        """Rows that may go out now: waiting, due, and in no batch that is still held, paused or taken back."""
        now = now or timezone.now()
        going = Batch.objects.filter(pk=OuterRef("batch"), held_until__lte=now, paused_at=None, taken_back_at=None)
        return self.filter(Q(batch=None) | Exists(going), state=MailState.PENDING, due_at__lte=now)

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
    # Keys of the mails that other senders leave to the holder, and how long (see `core.claiming`).
    set_aside = models.JSONField(default=list, blank=True)
    set_aside_until = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"Verbindung {self.number}"


class MailService(models.Model):
    """Whether mail goes out at all (one row, key 1): all workers read it, so one that finds out tells all others."""

    KEY = 1

    # The mail server is away: sending goes on by itself, after a pause that grows with the tries (`core.pausing`).
    away_since = models.DateTimeField("nicht erreichbar seit", null=True, blank=True)
    away_reason = models.CharField("Meldung", max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField("Versuche", default=0)
    retry_at = models.DateTimeField("nächster Versuch", null=True, blank=True)
    # The mail server will not have us: a person resumes.
    stopped_at = models.DateTimeField("angehalten", null=True, blank=True)
    stop_reason = models.CharField("Grund", max_length=300, blank=True)
    # The mailbox for bounces: last read, and why it cannot be read now (`core.bouncing`).
    bounces_read_at = models.DateTimeField("Rückläufer gelesen", null=True, blank=True)
    bounces_error = models.CharField("Meldung des Postfachs", max_length=300, blank=True)

    history = keep_history(
        excluded_fields=["away_since", "away_reason", "tries", "retry_at", "bounces_read_at", "bounces_error"]
    )

    class Meta:
        verbose_name = "Versand"
        verbose_name_plural = "Versand"

    def __str__(self):
        return "Versand"

    @classmethod
    def now(cls) -> "MailService":
        """Return how it stands; all is well as long as nothing has ever gone wrong."""
        return cls.objects.filter(pk=cls.KEY).first() or cls(pk=cls.KEY)

    @property
    def is_waiting(self) -> bool:
        """Whether the pause after a failed try is not over yet."""
        return self.retry_at is not None and self.retry_at > timezone.now()

    @property
    def is_well(self) -> bool:
        return self.stopped_at is None and self.away_since is None

    @property
    def lets_send(self) -> bool:
        return self.stopped_at is None and not self.is_waiting


class BounceQuerySet(models.QuerySet["Bounce"]):
    def counting(self) -> Self:
        """Those that still count: younger than 30 days, and not set aside by the office."""
        return self.filter(cleared_at=None, happened_at__gt=timezone.now() - Bounce.FADES_AFTER)

    def stopped_addresses(self) -> "models.QuerySet[Any, Any]":
        """Return the addresses (in small letters) that get no more mail for now; for use in a filter."""
        scores = self.counting().order_by().values("address").annotate(score=Sum("points"))
        return scores.filter(score__gte=Bounce.LIMIT).values("address")

    def all_stopped(self) -> frozenset[str]:
        """Return the same at once, for whoever looks many of them up."""
        return frozenset(self.stopped_addresses().values_list("address", flat=True))

    def stops(self, address: str) -> bool:
        """Whether this address, however it is written, gets no mail for now but the sign-in code it asks for."""
        return self.filter(address=address.lower()).stopped_addresses().exists()


class Bounce(models.Model):
    """A mail that did not arrive ("unzustellbar"): refused at once, or reported later by a message of its own.

    The score of an address is the sum of what counts: for good 2, for now 1; at 4 it is stopped; after 30 days a bounce
    has faded (the rule of Discourse, which has proved itself there).
    """

    HARD, SOFT = 2, 1
    LIMIT = 4
    FADES_AFTER = datetime.timedelta(days=30)

    # One per mail: the same report, sent again and again by whoever, counts once.
    mail = models.OneToOneField(OutgoingMail, models.CASCADE, verbose_name="Zustellung")
    address = models.EmailField("Adresse", db_index=True)
    points = models.PositiveSmallIntegerField("Punkte")
    status = models.CharField("Statuscode", max_length=12, blank=True)  # RFC 3463: "5.1.1"
    report = models.CharField("Meldung", max_length=500, blank=True)
    happened_at = models.DateTimeField("gemeldet", default=timezone.now)
    cleared_at = models.DateTimeField("erledigt", null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name="erledigt von", related_name="+"
    )

    objects = BounceQuerySet.as_manager()

    class Meta:
        verbose_name = "Rückläufer"
        verbose_name_plural = "Rückläufer"
        ordering = ["-happened_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(points__in=[1, 2]), name="bounce_points_known")]

    def __str__(self):
        return f"{self.address or '(Adresse gelöscht)'}: {self.report or self.status}"

    @property
    def is_hard(self) -> bool:
        return self.points == self.HARD
