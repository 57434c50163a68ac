"""Who takes part: registrations with their place in the list, choices of parallel items, invitations."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Count, F, Max, OuterRef, Q
from django.utils import timezone

from core.history import keep_history
from core.links import Linked
from core.models import Batch
from core.periods import holding
from core.text import single_line
from meetings.models.meetings import Meeting, MeetingState, Mode
from meetings.models.programme import AgendaItem
from members.models import HeadOfAdministration, Municipality, Person

# "unbestätigt: verfällt nach 48 Stunden", and "wird 24 Stunden gehalten" (MODEL).
CONFIRM_WITHIN = datetime.timedelta(hours=48)
OFFER_LASTS = datetime.timedelta(hours=24)


class RegistrationState(models.TextChoices):
    """Presence at the meeting is no state: it is a field of its own."""

    UNCONFIRMED = "unconfirmed", "unbestätigt"
    REGISTERED = "registered", "angemeldet"
    WAITING = "waiting", "wartet"
    OFFERED = "offered", "angeboten"
    CANCELLED = "cancelled", "abgesagt"


# Who takes a place: an offered one is held until it lapses.
HOLDING = (RegistrationState.REGISTERED, RegistrationState.OFFERED)
# Whom a change of the meeting concerns.
CONCERNED = (*HOLDING, RegistrationState.WAITING)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def holding(self) -> Self:
        return self.filter(state__in=HOLDING)

    def registered(self) -> Self:
        return self.filter(state=RegistrationState.REGISTERED)

    def waiting(self) -> Self:
        """In the order in which they move up."""
        return self.filter(state=RegistrationState.WAITING).order_by("number")

    def concerned(self) -> Self:
        return self.filter(state__in=CONCERNED)

    def lapsed_offers(self) -> Self:
        return self.filter(state=RegistrationState.OFFERED, offered_until__lte=timezone.now())

    def never_confirmed(self) -> Self:
        """Guests who have not answered the mail in time: they hold no place and are forgotten."""
        late = timezone.now() - CONFIRM_WITHIN
        return self.filter(state=RegistrationState.UNCONFIRMED, created_at__lte=late)

    def in_list_order(self) -> Self:
        return self.order_by("person__sort_key", "pk")

    def for_list(self) -> Self:
        return self.select_related("person", "municipality", "meeting", "reply").prefetch_related("choices__given")

    def counts(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Number of rows and last number in the list, by mode and state, in one query."""
        rows = self.order_by().values_list("mode", "state").annotate(Count("pk"), Max("number"))
        return {(mode, state): (count, last or 0) for mode, state, count, last in rows}


class Registration(Linked):
    """One person and one meeting. Her number in the list of her mode is never given again while she is in it."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="registrations", verbose_name="Termin")
    person = models.ForeignKey(Person, models.PROTECT, related_name="registrations", verbose_name="Person")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="registrations", verbose_name="Kommune"
    )
    mode = models.CharField("Teilnahme", max_length=7, choices=Mode)
    state = models.CharField("Stand", max_length=11, choices=RegistrationState)
    # Max + 1 per meeting and mode, given under the lock of the meeting; without one as long as nobody confirmed.
    number = models.PositiveIntegerField("Nummer", null=True, editable=False)
    created_at = models.DateTimeField("eingegangen", default=timezone.now)
    # Kept when nobody accepted in time: that is no "abgesagt" of hers.
    offered_until = models.DateTimeField("angeboten bis", null=True, editable=False)
    cancelled_at = models.DateTimeField("abgesagt am", null=True, editable=False)
    present_at = models.DateTimeField("anwesend", null=True, editable=False)
    # Part of the calendar entry's sequence: rises with each change of the row.
    entry_version = models.PositiveIntegerField(default=0, editable=False)
    registered_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="angemeldet durch"
    )
    access_needs = models.CharField("Bedarf beim Zugang", max_length=300, blank=True, validators=[single_line])
    food = models.CharField("Essen", max_length=200, blank=True, validators=[single_line])
    is_listed = models.BooleanField("steht auf der Liste der Teilnehmenden", default=False)
    topic_wish = models.CharField("Themenwunsch", max_length=300, blank=True, validators=[single_line])

    # What is printed under her name; set by what makes the list (meetings.protocol).
    office = ""

    # What is forgotten two weeks after the meeting must not live on in earlier versions.
    history = keep_history(excluded_fields=["access_needs", "food"])
    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "Anmeldung"
        verbose_name_plural = "Anmeldungen"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"],
                name="registration_once",
                violation_error_message="Diese Person steht schon in der Liste.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "mode", "number"], condition=Q(number__isnull=False), name="registration_number"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["unconfirmed", "cancelled"]) | Q(number__isnull=False),
                name="registration_numbered",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", offered_until__isnull=False)
                | Q(state="cancelled")
                | Q(offered_until__isnull=True, state__in=["unconfirmed", "registered", "waiting"]),
                name="registration_offer_ends",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RegistrationState.values) & Q(mode__in=Mode.values),
                name="registration_words_known",
            ),
        ]
        indexes = [models.Index(fields=["meeting", "mode", "state", "number"], name="registration_in_line")]

    def __str__(self):
        return f"{self.person}, {self.meeting}"

    def save(self, *args, **kwargs):
        self.entry_version += not self._state.adding
        super().save(*args, **kwargs)

    @property
    def body_name(self) -> str:
        """The municipality or, of a guest, her organisation."""
        return self.municipality.name if self.municipality else self.person.organisation

    @property
    def has_place(self) -> bool:
        return self.state == RegistrationState.REGISTERED

    @property
    def is_waiting(self) -> bool:
        return self.state == RegistrationState.WAITING

    @property
    def is_offered(self) -> bool:
        return self.state == RegistrationState.OFFERED

    @property
    def offer_is_over(self) -> bool:
        return self.offered_until is not None and self.offered_until <= timezone.now()

    @property
    def has_let_pass(self) -> bool:
        """Whether she is off the list only because she did not answer to an offered place in time."""
        return self.is_cancelled and self.offered_until is not None

    @property
    def is_unconfirmed(self) -> bool:
        return self.state == RegistrationState.UNCONFIRMED

    @property
    def is_cancelled(self) -> bool:
        return self.state == RegistrationState.CANCELLED

    @property
    def is_active(self) -> bool:
        return self.state in CONCERNED

    @property
    def was_present(self) -> bool:
        return self.present_at is not None

    @property
    def confirm_until(self) -> datetime.datetime:
        return self.created_at + CONFIRM_WITHIN

    @property
    def place_in_line(self) -> int:
        """ "Platz 3 auf der Warteliste": counted, not stored."""
        return 1 + self.meeting.registrations.waiting().filter(mode=self.mode, number__lt=self.number).count()

    @property
    def given_items(self) -> list[AgendaItem]:
        return [choice.given for choice in self.choices.all() if choice.given]


class Choice(models.Model):
    """What somebody wants to attend of parallel items, and what she got: the first, else the second, else none."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="choices", verbose_name="Anmeldung")
    choice_round = models.PositiveSmallIntegerField("Wahl")
    first = models.ForeignKey(AgendaItem, models.CASCADE, related_name="+", verbose_name="erster Wunsch")
    second = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="zweiter Wunsch"
    )
    given = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="given_to", verbose_name="bekommen"
    )

    class Meta:
        verbose_name = "Wahl eines Programmpunkts"
        verbose_name_plural = "Wahl von Programmpunkten"
        ordering = ["choice_round"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "choice_round"], name="choice_once_per_round"),
            models.CheckConstraint(
                condition=Q(second=None) | ~Q(second=F("first")),
                name="choice_of_two",
                violation_error_message="Wählen Sie als zweiten Wunsch etwas anderes, oder lassen Sie ihn leer.",
            ),
        ]

    def __str__(self):
        return f"{self.registration}: {self.given or 'nichts'}"


def _leads_on_the_day() -> models.Exists:
    on_the_day = holding(OuterRef("meeting__day"))
    body = {"municipality": OuterRef("municipality"), "municipality__successor": None}
    return models.Exists(HeadOfAdministration.objects.filter(on_the_day, person=OuterRef("person"), **body))


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> Self:
        """Who has neither declined nor ever registered, nor answered for somebody else to come."""
        known = Registration.objects.filter(meeting=models.OuterRef("meeting"), person=models.OuterRef("person"))
        return self.filter(declined_at=None, reply=None).exclude(models.Exists(known))

    def sent(self) -> Self:
        """All but those whose batch was taken back."""
        return self.filter(batch__taken_back_at=None)

    def never_sent(self) -> Self:
        """Those whose batch was taken back, and of whom nobody has heard otherwise: they may be invited anew."""
        return self.filter(batch__taken_back_at__isnull=False, declined_at=None, reply=None)

    def in_office(self) -> Self:
        """Of persons who lead the body on the day of the meeting; and the body still exists."""
        return self.filter(_leads_on_the_day())

    def with_office(self) -> Self:
        """With `in_office`: see above."""
        return self.annotate(in_office=_leads_on_the_day())

    def for_summit(self) -> Self:
        """With answers, deputies and places, in a fixed number of queries."""
        return self.select_related(
            "person", "municipality", "meeting", "batch", "reply__deputy", "reply__registration", "reply__given_by"
        ).with_office()


class Invitation(Linked):
    """One person invited to one meeting; her personal link answers without signing in."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invitations", verbose_name="Termin")
    person = models.ForeignKey(Person, models.PROTECT, related_name="invitations", verbose_name="Person")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Kommune"
    )
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Sammelsendung"
    )
    invited_at = models.DateTimeField("eingeladen", default=timezone.now)
    declined_at = models.DateTimeField("abgesagt", null=True, blank=True)
    by_mail = models.BooleanField("per E-Mail", default=True)
    by_letter = models.BooleanField("als Brief", default=False)
    reminded_at = models.DateTimeField("zuletzt erinnert", null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "Einladung"
        verbose_name_plural = "Einladungen"
        ordering = ["-invited_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="invited_once")]

    def __str__(self):
        return f"{self.person}, {self.meeting}"

    @property
    def is_open(self) -> bool:
        """Whether its links lead anywhere: it was not taken back, and the meeting is no draft again."""
        taken_back = self.batch is not None and self.batch.taken_back_at is not None
        return not taken_back and self.meeting.state != MeetingState.DRAFT

    @property
    def answer(self) -> str:
        """The answer of a head as it counts (`Answer`), "" as long as there is none."""
        reply = getattr(self, "reply", None)
        return reply.stands if reply else ""


class CalendarLink(Linked):
    """The address under which a calendar program subscribes to a person's own dates.

    One each, unless two rows of one person became one: then both go on.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="calendar_links", verbose_name="Person")

    class Meta:
        verbose_name = "Kalender-Abonnement"
        verbose_name_plural = "Kalender-Abonnements"
        ordering = ["pk"]

    def __str__(self):
        return str(self.person)
