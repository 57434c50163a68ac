"""A meeting: what, when, where, for whom, and how many places there are."""

import datetime
import uuid
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.forms.utils import from_current_timezone
from django.urls import reverse
from django.utils import timezone

from core.dates import today
from core.fields import WebAddressField
from core.folding import slug_of
from core.history import keep_history
from core.markdown import plain
from core.models import Batch
from core.revision import Published, PublishedQuerySet
from core.text import single_line
from meetings.models.times import span_text
from members.models import Municipality, Topic

# Offered, not given: what staff usually set for the last two days, when nobody can travel unasked.
OFFER_HOURS = 48


class MeetingKind(models.TextChoices):
    """The formats of the network; the annual rhythm counts them."""

    NETWORK = "network", "Netzwerktreffen"
    WORKSHOP = "workshop", "Workshop"
    SHORT = "short", "Digitales Kurzformat"
    SUMMIT = "summit", "Kommunales Spitzentreffen"
    OTHER = "other", "Sonstige Veranstaltung"


class Venue(models.TextChoices):
    """Where a meeting takes place."""

    ON_SITE = "on_site", "vor Ort"
    ONLINE = "online", "online"
    HYBRID = "hybrid", "vor Ort und online"


class Mode(models.TextChoices):
    """How one person takes part; each has places and a waiting list of its own."""

    ON_SITE = "on_site", "vor Ort"
    ONLINE = "online", "online"


class Audience(models.TextChoices):
    """Who may come."""

    PUBLIC = "public", "offen für alle"
    MEMBERS = "members", "für Mitglieder"
    INVITED = "invited", "auf Einladung"


class MeetingState(models.TextChoices):
    DRAFT = "draft", "Entwurf"
    ANNOUNCED = "announced", "angekündigt"
    CANCELLED = "cancelled", "abgesagt"


class MeetingQuerySet(PublishedQuerySet):
    def shown(self) -> Self:
        """What is announced or called off, whoever may see it."""
        return self.exclude(state=MeetingState.DRAFT)

    def public(self) -> Self:
        """What everybody may know of. The summit is nowhere public, nor is anything else by invitation."""
        return self.shown().exclude(audience=Audience.INVITED)

    def coming(self) -> Self:
        """Today's and later ones, the next first."""
        return self.filter(last_day__gte=today()).order_by("begins_at", "pk")

    def past(self) -> Self:
        """The latest first."""
        return self.filter(last_day__lt=today()).order_by("-begins_at", "-pk")

    def taking_place(self) -> Self:
        return self.filter(state=MeetingState.ANNOUNCED)

    def for_list(self) -> Self:
        return self.select_related("host", "documentation")


class Meeting(Published):
    """One date of the network. Times are wall times in Berlin; `begins_at` and `ends_at` are the moments they mean."""

    kind = models.CharField("Art", max_length=8, choices=MeetingKind)
    title = models.CharField("Titel", max_length=200, validators=[single_line])
    slug = models.SlugField("Adresse", max_length=100, blank=True, help_text="Leer lassen: Sie entsteht aus dem Titel.")
    year = models.PositiveSmallIntegerField("Jahr", editable=False)
    state = models.CharField("Stand", max_length=9, choices=MeetingState, default=MeetingState.DRAFT, editable=False)
    summary = models.CharField(
        "Worum es geht",
        max_length=300,
        blank=True,
        validators=[single_line],
        help_text="Ein oder zwei Sätze für Listen und Suche, höchstens 300 Zeichen.",
    )
    description = models.TextField("Beschreibung", blank=True, max_length=20_000, help_text="Mit Markdown.")

    day = models.DateField("Tag")
    begin_time = models.TimeField("Beginn", null=True, blank=True, help_text="Leer heißt: steht noch nicht fest.")
    last_day = models.DateField("letzter Tag", blank=True, help_text="Leer lassen bei einem einzigen Tag.")
    end_time = models.TimeField("Ende", null=True, blank=True)
    begins_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)

    venue = models.CharField("Form", max_length=7, choices=Venue, default=Venue.ON_SITE)
    place = models.CharField("Haus und Raum", max_length=200, blank=True, validators=[single_line])
    street = models.CharField("Straße", max_length=200, blank=True, validators=[single_line])
    town = models.CharField("PLZ und Ort", max_length=100, blank=True, validators=[single_line])
    access_note = models.TextField(
        "Anreise und Zugang",
        blank=True,
        max_length=2000,
        help_text="Haltestelle, Parkplätze, stufenloser Weg, Induktionsschleife, Toilette.",
    )
    online_link = WebAddressField(
        "Link zur Teilnahme online", blank=True, help_text="Sehen nur Angemeldete, ab der Bestätigung."
    )

    audience = models.CharField("Für wen", max_length=7, choices=Audience, default=Audience.PUBLIC)
    host = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_meetings",
        verbose_name="Gastgebende Kommune",
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="meetings", verbose_name="Themen")

    takes_registrations = models.BooleanField("Anmeldung über das Portal", default=True)
    register_until = models.DateField("Anmeldeschluss", null=True, blank=True, help_text="Der Tag zählt noch mit.")
    seats_on_site = models.PositiveIntegerField("Plätze vor Ort", null=True, blank=True, help_text="Leer: unbegrenzt.")
    seats_online = models.PositiveIntegerField("Plätze online", null=True, blank=True, help_text="Leer: unbegrenzt.")
    seats_per_body = models.PositiveSmallIntegerField(
        "Plätze je Kommune",
        null=True,
        blank=True,
        help_text="Leer: unbegrenzt. Weitere Personen derselben Kommune warten.",
    )
    more_per_body_from = models.DateField(
        "Weitere Personen ab", null=True, blank=True, help_text="Ab diesem Tag rücken sie der Reihe nach auf."
    )
    offer_hours = models.PositiveSmallIntegerField(
        "Nur noch anbieten ab (Stunden vorher)",
        default=OFFER_HOURS,
        help_text="Danach bekommt niemand mehr ungefragt einen frei gewordenen Platz: Er wird 24 Stunden angeboten.",
    )

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Of the calendar entry (RFC 5545): rises with each change that the entry shows.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    # The one that those concerned were told of by mail.
    told_sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    # Once each, by the clock (meetings.reminding).
    reminded_week_at = models.DateTimeField(null=True, editable=False)
    reminded_day_at = models.DateTimeField(null=True, editable=False)
    announced_at = models.DateTimeField("angekündigt am", null=True, editable=False)
    cancelled_at = models.DateTimeField("abgesagt am", null=True, editable=False)
    cancel_reason = models.CharField("Grund der Absage", max_length=300, blank=True, editable=False)
    thanks = models.ForeignKey(
        Batch, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="Dank an die Teilnehmenden"
    )
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="copies", verbose_name="nach dem Vorbild von"
    )

    history = keep_history()
    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "Termin"
        verbose_name_plural = "Termine"
        ordering = ["-begins_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "slug"],
                name="meeting_address",
                violation_error_message="Wählen Sie eine andere Adresse: Diese hat in dem Jahr schon ein Termin.",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("day")) & Q(ends_at__gte=F("begins_at")),
                name="meeting_ends_after_begin",
                violation_error_message="Das Ende liegt vor dem Beginn. Prüfen Sie Tag und Uhrzeit.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=MeetingKind.SUMMIT) | Q(audience=Audience.INVITED),
                name="meeting_summit_by_invitation",
                violation_error_message="Zum Spitzentreffen wird eingeladen: Wählen Sie „auf Einladung“.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=MeetingKind.NETWORK) | Q(audience=Audience.MEMBERS),
                name="meeting_network_for_members",
                violation_error_message="Netzwerktreffen sind für Mitglieder: Wählen Sie „für Mitglieder“.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MeetingKind.values)
                & Q(state__in=MeetingState.values)
                & Q(venue__in=Venue.values)
                & Q(audience__in=Audience.values),
                name="meeting_words_known",
            ),
        ]
        indexes = [models.Index(fields=["last_day", "state"], name="meeting_by_day")]

    def __str__(self):
        return f"{self.title}, {self.day:%d.%m.%Y}"

    def save(self, *args, **kwargs):
        self.fill_in()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("meeting", args=[self.year, self.slug])

    def fill_in(self) -> None:
        """Derive from what was typed: last day, moments, year, address."""
        self.last_day = self.last_day or self.day
        self.year = self.day.year
        self.begins_at = _moment(self.day, self.begin_time or datetime.time.min)
        self.ends_at = _moment(self.last_day, self.end_time or datetime.time(23, 59))
        if not self.slug:
            self.slug = self._free_slug()

    def _free_slug(self) -> str:
        wanted = (slug_of(self.title) or self.kind)[:90].strip("-")
        others = Meeting.objects.filter(year=self.year).exclude(pk=self.pk)
        taken = set(others.filter(slug__startswith=wanted).values_list("slug", flat=True))
        names = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3))]
        return next(name for name in names if name not in taken)

    def clean(self):
        errors = {}
        for field, day, time in (("begin_time", self.day, self.begin_time), ("end_time", self.last_day, self.end_time)):
            if (day or self.day) and time:
                try:
                    from_current_timezone(datetime.datetime.combine(day or self.day, time))
                except ValidationError:
                    errors[field] = (
                        "Diese Uhrzeit gibt es an dem Tag nicht oder zweimal (Zeitumstellung). Wählen Sie eine andere."
                    )
        if self.end_time and not self.begin_time:
            errors["begin_time"] = "Geben Sie auch den Beginn an, oder lassen Sie das Ende leer."
        if self.day and self.register_until and self.register_until > self.day:
            errors["register_until"] = "Legen Sie den Anmeldeschluss vor den Termin."
        if errors:
            raise ValidationError(errors)
        if self.day:
            self.fill_in()

    # --- when and where -------------------------------------------------------------------------------------------

    @property
    def when(self) -> str:
        """As people read it: "Fr, 12. März 2027, 10–16 Uhr"; without times the day alone."""
        return span_text(self.day, self.begin_time, self.last_day, self.end_time)

    @property
    def has_begun(self) -> bool:
        return timezone.now() >= self.begins_at

    @property
    def is_over(self) -> bool:
        return timezone.now() > self.ends_at

    @property
    def where(self) -> str:
        """In one line for lists: the town, "online", or both."""
        town = self.town_name
        if self.venue == Venue.ONLINE:
            return "online"
        return f"{town} und online".strip() if self.venue == Venue.HYBRID and town else town or self.get_venue_display()

    @property
    def town_name(self) -> str:
        """The town without its postcode."""
        return self.town.lstrip("0123456789 ") if self.town else ""

    @property
    def address(self) -> str:
        return ", ".join(filter(None, [self.place, self.street, self.town]))

    # --- its kind, said once --------------------------------------------------------------------------------------

    @property
    def kind_beside(self) -> str:
        """Its kind, where the title stands beside it; "" if the title begins with it ("Netzwerktreffen im März")."""
        kind = self.get_kind_display()
        return "" if self.title.casefold().startswith(kind.casefold()) else kind

    @property
    def title_with_kind(self) -> str:
        """ "Workshop: Reden"; the title alone if that begins with the kind."""
        return ": ".join(filter(None, [self.kind_beside, self.title]))

    @property
    def in_short(self) -> str:
        """What stands below the title: kind, day and place."""
        return ", ".join(filter(None, [self.kind_beside, self.when, self.where]))

    @property
    def modes(self) -> list[Mode]:
        return list(Mode) if self.venue == Venue.HYBRID else [Mode(self.venue)]

    # --- who may come, and how many -------------------------------------------------------------------------------

    @property
    def is_cancelled(self) -> bool:
        return self.state == MeetingState.CANCELLED

    @property
    def is_announced(self) -> bool:
        return self.state == MeetingState.ANNOUNCED

    @property
    def is_thanked(self) -> bool:
        """Whether those who were there were thanked; not if the mails were taken back."""
        return self.thanks is not None and self.thanks.taken_back_at is None

    @property
    def is_summit(self) -> bool:
        """Whether heads are invited, who answer for their bodies (meetings.summit)."""
        return self.kind == MeetingKind.SUMMIT

    @property
    def is_inside(self) -> bool:
        """Whether programme and registration are for members and invited persons alone."""
        return self.audience != Audience.PUBLIC

    @property
    def takes_more(self) -> bool:
        """Whether people may still register, as far as the calendar decides."""
        closed = self.register_until and self.register_until < today()
        return self.is_announced and self.takes_registrations and not closed and not self.has_begun

    @property
    def offers_from(self) -> datetime.datetime:
        """From when on a freed place is only offered."""
        return self.begins_at - datetime.timedelta(hours=self.offer_hours)

    def seats(self, mode: str) -> int | None:
        """Places of that mode; None without limit."""
        return self.seats_online if mode == Mode.ONLINE else self.seats_on_site

    @property
    def teaser(self) -> str:
        return self.summary or plain(self.description)[:300]


def _moment(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time))
