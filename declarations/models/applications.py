"""An application to join ("Beitrittsantrag"): who works on it, where it is, and how it was decided."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower, TruncDate
from django.utils import timezone

from core.dates import long_date
from core.history import keep_history
from core.links import Linked
from core.text import single_line
from declarations.models.answers import has_query
from declarations.models.criteria import BY_KEY, PERSONS, RESOLUTION, SIGNATORY, Criterion
from members.models import Candidacy, Municipality


class ApplicationState(models.TextChoices):
    """From the first word to the decision; a membership that began is no state of its own but a `Membership`."""

    REQUESTED = "requested", "noch nicht bestätigt"
    DRAFT = "draft", "wird ausgefüllt"
    SUBMITTED = "submitted", "in Prüfung"
    FORWARDED = "forwarded", "zur Entscheidung"
    ACCEPTED = "accepted", "angenommen"
    REFUSED = "refused", "abgelehnt"
    WITHDRAWN = "withdrawn", "zurückgezogen"


S = ApplicationState
OPEN = (S.DRAFT, S.SUBMITTED, S.FORWARDED)
ENDED = (S.REFUSED, S.WITHDRAWN)


class SignatoryRole(models.TextChoices):
    """Who signs for the body. A Beigeordneter has signed for a mayor before, so the office itself is free text."""

    HEAD = "head", "die Verwaltungsspitze"
    DEPUTY = "deputy", "die allgemeine Vertretung"
    IN_PLACE = "in_place", "jemand in Vertretung (i. V.)"


class ApplicationQuerySet(models.QuerySet["Application"]):
    def open(self) -> "ApplicationQuerySet":
        """Somebody is at work: the body, the Geschäftsstelle or the Staatskanzlei."""
        return self.filter(state__in=OPEN)

    def queried(self) -> "ApplicationQuerySet":
        """Submitted, and the body has a question to answer."""
        return self.filter(has_query(), state=S.SUBMITTED)

    def to_check(self) -> "ApplicationQuerySet":
        """On the desk of the Geschäftsstelle."""
        return self.filter(~has_query(), state=S.SUBMITTED)

    def to_decide(self) -> "ApplicationQuerySet":
        """On the desk of the Staatskanzlei."""
        return self.filter(state=S.FORWARDED)

    def to_sign(self) -> "ApplicationQuerySet":
        """Accepted, and the membership has not begun: so long the body is the candidate that it was when accepted."""
        candidates = Candidacy.objects.open().filter(
            municipality=OuterRef("municipality"), started_on__lte=OuterRef("ended_day")
        )
        accepted = self.filter(state=S.ACCEPTED).annotate(ended_day=TruncDate("ended_at"))
        return accepted.filter(Exists(candidates))

    def drafts(self) -> "ApplicationQuerySet":
        return self.filter(state=S.DRAFT)

    def silent(self, since: datetime.datetime) -> "ApplicationQuerySet":
        """The body's turn, to fill in or to answer, and nobody has touched it since that moment."""
        return self.filter(Q(state=S.DRAFT) | Q(has_query(), state=S.SUBMITTED), saved_at__lt=since)

    def running_for(self, municipality: Municipality) -> "ApplicationQuerySet":
        """What stands in the way of another application of this body."""
        waiting = Application.objects.to_sign().values("pk")
        return self.filter(Q(state__in=OPEN) | Q(pk__in=waiting), municipality=municipality)

    def for_list(self) -> "ApplicationQuerySet":
        """With body and cards: a fixed number of queries for any list."""
        return self.select_related("municipality").prefetch_related("answers")


@dataclass(frozen=True)
class Standing:
    """Where an application is. holder: "body", "office", "chancellery" or "" (nobody); since: when it came there."""

    holder: str
    sentence: str
    since: datetime.datetime


class Application(models.Model):
    """One body's way into the network. Until it is confirmed it stands in nobody's way, and is forgotten soon."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="applications", verbose_name="Kommune")
    state = models.CharField("Stand", max_length=9, choices=S, default=S.REQUESTED)
    message = models.TextField("Nachricht", max_length=1000, blank=True)
    created_at = models.DateTimeField("begonnen", default=timezone.now)
    saved_at = models.DateTimeField("zuletzt bearbeitet", default=timezone.now)
    submitted_at = models.DateTimeField("eingereicht", null=True, blank=True)
    forwarded_at = models.DateTimeField("zur Entscheidung gegeben", null=True, blank=True)
    forwarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="geprüft von"
    )
    ended_at = models.DateTimeField("entschieden oder zurückgezogen", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="entschieden von",
    )
    reason = models.TextField("Begründung", max_length=2000, blank=True)
    reminders = models.PositiveSmallIntegerField("Erinnerungen", default=0)

    # "Ratsbeschluss": some bodies decide in council or Kreistag, some without.
    resolution_on = models.DateField("Datum des Beschlusses", null=True, blank=True)
    resolution_body = models.CharField(
        "Gremium", max_length=100, blank=True, validators=[single_line], help_text="Zum Beispiel „Rat der Stadt“"
    )
    resolution_result = models.CharField(
        "Ergebnis", max_length=100, blank=True, validators=[single_line], help_text="Zum Beispiel „einstimmig“"
    )

    signatory_role = models.CharField("Es unterzeichnet", max_length=8, choices=SignatoryRole, blank=True)
    signatory_name = models.CharField(
        "Name", max_length=200, blank=True, validators=[single_line], help_text="Mit Titel: „Dr. Ada Beispiel“"
    )
    signatory_office = models.CharField(
        "Amt", max_length=200, blank=True, validators=[single_line], help_text="Zum Beispiel „Bürgermeisterin“"
    )

    history = keep_history(excluded_fields=["saved_at", "reminders"])
    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "Beitrittsantrag"
        verbose_name_plural = "Beitrittsanträge"
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("review_application", "Beitrittsantrag prüfen"),
            ("decide_application", "Über Beitrittsantrag entscheiden"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(state__in=OPEN),
                name="application_one_open",
                violation_error_message="Für diese Kommune läuft schon ein Antrag.",
            ),
            models.CheckConstraint(condition=Q(state__in=S.values), name="application_state_known"),
            models.CheckConstraint(
                condition=Q(signatory_role="") | Q(signatory_role__in=SignatoryRole.values),
                name="application_signatory_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[S.ACCEPTED, *ENDED], ended_at__isnull=False)
                | Q(state__in=[S.REQUESTED, *OPEN], ended_at__isnull=True),
                name="application_end_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.REFUSED) | ~Q(reason=""),
                name="application_refusal_has_reason",
                violation_error_message="Begründen Sie die Ablehnung. Die Kommune liest den Grund in der E-Mail.",
            ),
        ]

    def __str__(self):
        return f"Antrag {self.municipality}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_confirmed(self) -> bool:
        return self.state != S.REQUESTED

    @property
    def is_ended(self) -> bool:
        """Whether it ended without a membership."""
        return self.state in ENDED

    @property
    def is_queried(self) -> bool:
        """Whether the body has a question to answer; reads the cards."""
        return self.state == S.SUBMITTED and any(answer.is_queried for answer in self.answers.all())

    def may_edit(self, key: str) -> bool:
        """Whether the body may change this section now: all of a draft, later the cards with a Rückfrage.

        Who answers and who signs can change at any time before the decision.
        """
        if key not in Criterion.values:
            return self.is_open
        queried = self.is_queried and any(row.is_queried for row in self.answers.all() if row.criterion == key)
        return self.state == S.DRAFT or queried

    def missing(self) -> dict[str, list[str]]:
        """What is still to be said before it can be submitted: sentences by section, in their order."""
        gaps = {answer.criterion: answer.missing for answer in self.answers.all()}
        gaps[PERSONS] = [sentence for nominee in self.nominees.all() for sentence in nominee.missing]
        gaps[SIGNATORY] = self._missing_signatory()
        return {key: gaps[key] for key in BY_KEY if gaps.get(key)}

    def _missing_signatory(self) -> list[str]:
        asked = (
            (self.signatory_role, "Wählen Sie, wer unterzeichnet."),
            (self.signatory_name, "Geben Sie den Namen der Person ein, die unterzeichnet."),
            (self.signatory_office, "Geben Sie das Amt der Person ein, die unterzeichnet."),
        )
        return [sentence for value, sentence in asked if not value]

    @property
    def resolution(self) -> str:
        """The council's resolution on one line, "" if none is named."""
        day = long_date(self.resolution_on) if self.resolution_on else ""
        return ", ".join(filter(None, [self.resolution_body, day, self.resolution_result]))

    @property
    def signatory(self) -> str:
        """Who signs, on one line: "Ada Beispiel, Bürgermeisterin"."""
        words = ", ".join(filter(None, [self.signatory_name, self.signatory_office]))
        return f"{words} (i. V.)" if words and self.signatory_role == SignatoryRole.IN_PLACE else words

    def has_content(self, key: str) -> bool:
        """Whether somebody has begun this section; reads cards and nominees."""
        if key in Criterion.values:
            return any(answer.text or answer.volunteer_card for answer in self.answers.all() if answer.criterion == key)
        own = {RESOLUTION: self.resolution, SIGNATORY: self.signatory}
        return bool(own[key]) if key in own else any(nominee.has_begun for nominee in self.nominees.all())

    @property
    def standing(self) -> Standing:
        """Where it is, who has it and since when; reads the cards."""
        if self.is_queried:
            asked = [answer.reviewed_at for answer in self.answers.all() if answer.is_queried and answer.reviewed_at]
            return Standing("body", "Rückfrage bei der Kommune", min(asked, default=self.saved_at))
        answered = [answer.answered_at for answer in self.answers.all() if answer.answered_at]
        at_office = max(filter(None, [self.submitted_at, *answered]), default=self.created_at)
        ended = self.ended_at or self.created_at
        return {
            S.REQUESTED: Standing("body", "noch nicht bestätigt", self.created_at),
            S.DRAFT: Standing("body", "wird von der Kommune ausgefüllt", self.created_at),
            S.SUBMITTED: Standing("office", "wird von der Geschäftsstelle geprüft", at_office),
            S.FORWARDED: Standing(
                "chancellery", "liegt der Staatskanzlei zur Entscheidung vor", self.forwarded_at or ended
            ),
            S.ACCEPTED: Standing("", "angenommen", ended),
            S.REFUSED: Standing("", "abgelehnt", ended),
            S.WITHDRAWN: Standing("", "zurückgezogen", ended),
        }[S(self.state)]


class Applicant(Linked):
    """One person who works on an application by a link of her own; the first one asked for it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="applicants", verbose_name="Antrag")
    name = models.CharField("Ihr Name", max_length=200, validators=[single_line])
    office = models.CharField("Amt oder Funktion", max_length=200, blank=True, validators=[single_line])
    email = models.EmailField("Dienstliche E-Mail-Adresse")
    created_at = models.DateTimeField("dabei seit", default=timezone.now)

    class Meta:
        verbose_name = "Mitwirkende am Antrag"
        verbose_name_plural = "Mitwirkende am Antrag"
        ordering = ["application", "pk"]
        constraints = [
            models.UniqueConstraint(
                "application",
                Lower("email"),
                condition=~Q(email=""),  # of persons that were erased
                name="applicant_once_per_application",
                violation_error_message="Diese Adresse hat schon einen Link zu diesem Antrag.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def key(self) -> str:
        """How queue and history name this person."""
        return f"applicant:{self.pk}"
