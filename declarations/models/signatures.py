"""Signatures under the Gemeinsame Erklärung, and the copies that are handed out to be signed."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core import uploads
from core.dates import PartialDate, Precision
from core.fields import WebAddressField
from core.history import keep_history
from core.revision import Published, PublishedQuerySet
from core.text import single_line
from declarations.models.declarations import Declaration
from members.models import Municipality

HEXADECIMAL = 64  # digits of a SHA-256


class Method(models.TextChoices):
    """How a declaration was signed."""

    PAPER = "paper", "auf Papier"
    ELECTRONIC = "electronic", "elektronisch"
    ROUND = "round", "in einer Unterzeichnungsrunde"
    HANDED_DOWN = "handed_down", "überliefert"


def _copy_name(row: models.Model, name: str) -> str:
    return uploads.random_name("erklaerungen", "pdf")


class Signing(models.Model):
    """What is written once, on the copy and in the signature: who signs for which body, as both were called then."""

    body_name = models.CharField("Name der Kommune", max_length=120)
    signatory_name = models.CharField("Name", max_length=200, blank=True, validators=[single_line])
    signatory_office = models.CharField("Amt", max_length=200, blank=True, validators=[single_line])
    in_deputy = models.BooleanField("in Vertretung", default=False)

    class Meta:
        abstract = True

    @property
    def signatory(self) -> str:
        """ "Ada Beispiel, Bürgermeisterin", "Bo Probe, Beigeordneter (in Vertretung)"; "" where nobody is known."""
        who = ", ".join(filter(None, [self.signatory_name, self.signatory_office]))
        return f"{who} (in Vertretung)" if who and self.in_deputy else who


class SigningCopy(Signing):
    """The declaration as one body's signatory gets it. Its PDF is made once, when somebody first asks for it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="copies", verbose_name="Fassung")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="signing_copies", verbose_name="Kommune"
    )
    file = models.FileField(upload_to=_copy_name, max_length=100, blank=True, editable=False)
    sha256 = models.CharField(max_length=HEXADECIMAL, blank=True, editable=False)
    created_at = models.DateTimeField("vorbereitet", auto_now_add=True)

    objects = uploads.FileRows.as_manager()

    class Meta:
        verbose_name = "Exemplar zum Unterzeichnen"
        verbose_name_plural = "Exemplare zum Unterzeichnen"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file="", sha256="") | ~Q(file="") & ~Q(sha256=""), name="copy_file_has_sum"
            ),
            models.CheckConstraint(
                condition=~Q(signatory_name="") & ~Q(signatory_office=""),
                name="copy_names_signatory",
                violation_error_message="Nennen Sie Namen und Amt der Person, die unterzeichnet.",
            ),
        ]

    def __str__(self):
        return f"{self.body_name}: {self.signatory}"


class SignatureQuerySet(PublishedQuerySet):
    def valid(self) -> "SignatureQuerySet":
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def checked(self) -> "SignatureQuerySet":
        """Those that count: looked at by staff and not withdrawn. Only these are public."""
        return self.valid().filter(checked_at__isnull=False)

    def to_check(self) -> "SignatureQuerySet":
        return self.valid().filter(checked_at=None)

    def withdrawn(self) -> "SignatureQuerySet":
        return self.exclude(withdrawn_at=None)

    def without_original(self) -> "SignatureQuerySet":
        """Checked ones on paper whose original has not arrived."""
        return self.checked().filter(method__in=(Method.PAPER, Method.ROUND), original_on=None)

    def without_countersignature(self) -> "SignatureQuerySet":
        """Checked ones that the Land has still to sign; of what is handed down nobody knows, and nobody asks."""
        return self.checked().filter(countersigned_on=None).exclude(method=Method.HANDED_DOWN)

    def telling(self) -> "SignatureQuerySet":
        """Those of which more is known than that they were given, the newest first."""
        known = self.filter(Q(signed_on__isnull=False) | Q(declaration__isnull=False))
        return known.select_related("declaration").order_by("-signed_on", "-pk")

    def for_list(self) -> "SignatureQuerySet":
        return self.select_related("municipality__kreis", "declaration", "round")


_DATED = Q(signed_on__isnull=False, precision=Precision.DAY)


class Signature(Signing, Published):
    """A body has signed a version: a snapshot. Later renames, new heads, new versions do not touch it.

    Once stored, only what happens to it afterwards is filled in (`LATER`); an error is withdrawn and recorded anew.
    """

    LATER: ClassVar = (
        "checked_at", "checked_by", "checked_by_name", "original_on", "countersigned_on", "countersigned_by",
        "withdrawn_at", "withdrawn_reason",
    )  # fmt: skip

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="signatures", verbose_name="Kommune")
    declaration = models.ForeignKey(
        Declaration, models.PROTECT, null=True, blank=True, related_name="signatures", verbose_name="Fassung"
    )
    text_sha256 = models.CharField("Prüfsumme des Textes", max_length=HEXADECIMAL, blank=True)
    method = models.CharField("Weg", max_length=11, choices=Method)
    signed_on = models.DateField("unterzeichnet am", null=True, blank=True)
    precision = models.CharField("Genauigkeit", max_length=7, choices=Precision, default=Precision.DAY)
    place = models.CharField("Ort", max_length=100, blank=True, validators=[single_line])
    source = WebAddressField("Quelle", max_length=500, blank=True)
    note = models.CharField("Anmerkung", max_length=500, blank=True)
    copy = models.ForeignKey(
        SigningCopy, models.PROTECT, null=True, blank=True, related_name="signatures", verbose_name="Exemplar"
    )
    round = models.ForeignKey(
        "declarations.SigningRound", models.PROTECT, null=True, blank=True, related_name="signatures",
        verbose_name="Unterzeichnungsrunde",
    )  # fmt: skip
    # The scan, or the file with the electronic signature, as it was sent, and what the check found in it.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=_copy_name, max_length=100, blank=True, editable=False)
    file_sha256 = models.CharField("Prüfsumme der Datei", max_length=HEXADECIMAL, blank=True, editable=False)
    report = models.JSONField("Prüfbericht", null=True, blank=True, editable=False)
    recorded_at = models.DateTimeField("eingegangen", auto_now_add=True)
    recorded_by = models.CharField("eingetragen von", max_length=200, blank=True)

    checked_at = models.DateTimeField("geprüft", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="geprüft von"
    )
    checked_by_name = models.CharField("geprüft von (Name)", max_length=200, blank=True)
    original_on = models.DateField("Original eingegangen am", null=True, blank=True)
    countersigned_on = models.DateField("gegengezeichnet am", null=True, blank=True)
    countersigned_by = models.CharField("gegengezeichnet von", max_length=400, blank=True, validators=[single_line])
    withdrawn_at = models.DateTimeField("zurückgezogen", null=True, blank=True)
    withdrawn_reason = models.CharField("Grund", max_length=300, blank=True)

    history = keep_history()
    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = "Unterzeichnung"
        verbose_name_plural = "Unterzeichnungen"
        ordering = ["-signed_on", "municipality__sort_key", "-pk"]
        permissions = [
            ("check_signature", "Unterzeichnungen prüfen"),
            ("countersign_signature", "für das Land gegenzeichnen"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(method__in=Method.values), name="signature_method_known"),
            models.UniqueConstraint(
                fields=["municipality", "declaration"],
                condition=Q(withdrawn_at__isnull=True, declaration__isnull=False),
                name="signature_once_per_version",
                violation_error_message="Diese Kommune hat diese Fassung schon unterzeichnet. Ziehen Sie die andere "
                "Unterzeichnung zuerst zurück.",
            ),
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(withdrawn_at__isnull=True, declaration__isnull=True),
                name="signature_one_without_version",
                violation_error_message="Für diese Kommune ist schon eine Unterzeichnung ohne Fassung überliefert.",
            ),
            models.CheckConstraint(
                condition=~Q(method=Method.HANDED_DOWN) | ~Q(source="") | ~Q(note=""),
                name="signature_handed_down_has_source",
                violation_error_message="Nennen Sie, woher Sie es wissen: die Adresse einer Seite oder eine Anmerkung.",
            ),
            models.CheckConstraint(
                condition=Q(method=Method.HANDED_DOWN)
                | (_DATED & Q(declaration__isnull=False) & ~Q(text_sha256="") & ~Q(signatory_name="")),
                name="signature_is_complete",
                violation_error_message="Nennen Sie Fassung, Tag und die Person, die unterzeichnet hat.",
            ),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True, precision=Precision.UNKNOWN)
                | (Q(signed_on__isnull=False) & ~Q(precision=Precision.UNKNOWN)),
                name="signature_precision_fits",
            ),
            models.CheckConstraint(
                condition=Q(method=Method.ROUND, round__isnull=False) | (~Q(method=Method.ROUND) & Q(round=None)),
                name="signature_round_fits",
            ),
            models.CheckConstraint(
                condition=Q(file="", file_sha256="") | (~Q(file="") & ~Q(file_sha256="")), name="signature_file_has_sum"
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=False) | Q(original_on=None, countersigned_on=None),
                name="signature_checked_first",
                violation_error_message="Prüfen Sie zuerst die Unterzeichnung.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="signature_withdrawn_has_reason",
                violation_error_message="Nennen Sie den Grund, aus dem die Unterzeichnung zurückgezogen wird.",
            ),
        ]

    def __str__(self):
        return f"{self.body_name}, {self.day_text}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it whole once; afterwards only what comes later. ValueError for anything else."""
        if not self._state.adding:
            fields = set(kwargs.get("update_fields") or self.LATER)
            if strangers := fields - set(self.LATER):
                raise ValueError(f"a signature is a snapshot: {', '.join(sorted(strangers))}")
            kwargs["update_fields"] = fields
        super().save(*args, **kwargs)

    @property
    def day(self) -> PartialDate | None:
        return PartialDate(self.signed_on, Precision(self.precision)) if self.signed_on else None

    @property
    def day_text(self) -> str:
        return str(self.day) if self.day else "Jahr nicht belegt"

    @property
    def sentence(self) -> str:
        """ "Unterzeichnet am 6. Dezember 2017 von Ada Beispiel, Landrätin: „Gemeinsame …“", as much as is known."""
        words = {Precision.DAY: "am", Precision.MONTH: "im"}
        when = f" {words.get(Precision(self.precision), 'im Jahr')} {self.day}" if self.day else ""
        who = f" von {self.signatory}" if self.signatory else ""
        what = f": „{self.declaration.title}“" if self.declaration else ""
        return f"Unterzeichnet{when}{who}{what}"

    @property
    def year(self) -> int | None:
        return self.signed_on.year if self.signed_on else None

    @property
    def state(self) -> str:
        """How it stands, for the office."""
        if self.withdrawn_at:
            return "zurückgezogen"
        if not self.checked_at:
            return "zu prüfen"
        if self.method == Method.HANDED_DOWN:
            return "überliefert"
        missing = []
        if self.original_on is None and self.method != Method.ELECTRONIC:
            missing.append("Original fehlt")
        if self.countersigned_on is None:
            missing.append("Gegenzeichnung fehlt")
        return ", ".join(missing) or "vollständig"
