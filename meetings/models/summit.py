"""The Kommunales Spitzentreffen: what heads answered, who answers for them, and the papers they get beforehand."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.dates import long_date
from core.history import keep_history
from core.links import Linked
from core.text import single_line
from core.uploads import FileRows, random_name
from meetings.models.meetings import Meeting
from meetings.models.registrations import Invitation, Registration
from members.models import OuterOffice, Person


class Answer(models.TextChoices):
    """Three answers, because there are three."""

    COMES = "comes", "kommt"
    DEPUTY = "deputy", "entsendet Vertretung"
    DECLINES = "declines", "kommt nicht"


class Way(models.TextChoices):
    """How an answer came in."""

    LINK = "link", "über den Link"
    PHONE = "phone", "am Telefon"
    LETTER = "letter", "schriftlich"


class Reply(models.Model):
    """The answer to an invitation as it stands now; what was answered before is in its history."""

    invitation = models.OneToOneField(Invitation, models.CASCADE, related_name="reply", verbose_name="Einladung")
    answer = models.CharField("Antwort", max_length=8, choices=Answer)
    way = models.CharField("eingegangen", max_length=6, choices=Way, default=Way.LINK)
    given_at = models.DateTimeField("beantwortet", default=timezone.now)
    # The head or her outer office; empty where staff noted it for somebody who called or wrote.
    given_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="beantwortet durch"
    )
    deputy = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="deputised_for", verbose_name="Vertretung"
    )
    deputy_office = models.CharField("Amt der Vertretung", max_length=200, blank=True, validators=[single_line])
    topic_wish = models.CharField("Themenwunsch", max_length=300, blank=True, validators=[single_line])
    # The place that follows from it, hers or the deputy's; whoever has it may give it back by herself.
    registration = models.OneToOneField(
        Registration, models.SET_NULL, null=True, blank=True, related_name="reply", verbose_name="Platz"
    )

    history = keep_history()

    class Meta:
        verbose_name = "Antwort auf eine Einladung"
        verbose_name_plural = "Antworten auf Einladungen"
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer=Answer.DEPUTY, deputy__isnull=False)
                | (~Q(answer=Answer.DEPUTY) & Q(deputy__isnull=True)),
                name="reply_names_deputy",
                violation_error_message="Nennen Sie die Vertretung.",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=Answer.values) & Q(way__in=Way.values), name="reply_words_known"
            ),
        ]

    def __str__(self):
        return f"{self.invitation}: {self.get_answer_display()}"

    @property
    def stands(self) -> str:
        """The answer as it counts: whose deputy or who herself gave the place back does not come."""
        has_place = self.registration is not None and self.registration.is_active
        return self.answer if has_place else Answer.DECLINES

    @property
    def was_given_back(self) -> bool:
        return self.stands != self.answer

    @property
    def text(self) -> str:
        """In a sentence without its subject: "kommt", "entsendet Vertretung: Dezernentin Rosa Beispiel"."""
        if self.registration is not None and self.registration.has_let_pass:
            return "hat den angebotenen Platz nicht angenommen"
        if self.was_given_back:
            return "Vertretung hat abgesagt" if self.answer == Answer.DEPUTY else "hat den Platz zurückgegeben"
        if self.answer != Answer.DEPUTY or self.deputy is None:
            return self.get_answer_display()
        return f"{self.get_answer_display()}: {' '.join(filter(None, [self.deputy_office, self.deputy.name]))}"

    @property
    def source(self) -> str:
        """When and by whom it was answered, in a sentence."""
        day = long_date(timezone.localdate(self.given_at))
        if self.given_by is None:
            return f"Eingetragen am {day} von der Geschäftsstelle ({self.get_way_display()})."
        return f"Beantwortet am {day} von {self.given_by.name}."


class CopyQuerySet(models.QuerySet["InvitationCopy"]):
    def holding(self) -> Self:
        """Those of persons who keep the door today: whoever does something else now reads and answers nothing."""
        body = {"municipality": OuterRef("invitation__municipality"), "person": OuterRef("person")}
        return self.filter(Exists(OuterOffice.objects.on().filter(**body)))


class InvitationCopy(Linked):
    """A copy of an invitation for the outer office ("Vorzimmer"), with a link of its own that answers for the head."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="copies", verbose_name="Einladung")
    person = models.ForeignKey(Person, models.PROTECT, related_name="invitation_copies", verbose_name="Vorzimmer")

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = "Einladung in Kopie"
        verbose_name_plural = "Einladungen in Kopie"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["invitation", "person"], name="invitation_copied_once")]

    def __str__(self):
        return f"{self.person}, {self.invitation}"


def _paper_name(paper: "BriefingPaper", file_name: str) -> str:
    return random_name("unterlagen", "pdf")


class BriefingPaperQuerySet(FileRows):
    def in_order(self) -> Self:
        return self.order_by("added_at", "pk")


class BriefingPaper(models.Model):
    """A PDF for those who come to a meeting by invitation ("Unterlage")."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="papers", verbose_name="Termin")
    title = models.CharField("Titel", max_length=150, validators=[single_line])
    file = models.FileField("Datei", upload_to=_paper_name)
    size = models.PositiveIntegerField("Größe in Byte")
    added_at = models.DateTimeField("eingestellt", default=timezone.now)

    objects = BriefingPaperQuerySet.as_manager()

    class Meta:
        verbose_name = "Unterlage"
        verbose_name_plural = "Unterlagen"
        ordering = ["added_at", "pk"]

    def __str__(self):
        return self.title
