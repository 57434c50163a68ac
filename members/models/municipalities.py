"""The 432 bodies of NRW that can be members, and their periods of membership."""

import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse

from core.dates import PartialDate, Precision, today
from core.fields import WebAddressField
from core.folding import slug_of, sort_key
from core.history import keep_history
from core.periods import ENDS_AFTER_START, Period, holding, sharing_a_day
from core.revision import Published, PublishedQuerySet
from core.text import single_line

if TYPE_CHECKING:
    from members.models.candidacies import Candidacy

__all__ = ["Kind", "Membership", "Municipality", "Precision", "Regierungsbezirk"]


class Kind(models.TextChoices):
    """Kinds of § 4 GO NRW and the two levels above; Aachen is "regionsangehörig" and kept as Stadt."""

    CITY_STATUS = "kreisfreie Stadt", "kreisfreie Stadt"
    LARGE_TOWN = "Große kreisangehörige Stadt", "Große kreisangehörige Stadt"
    MEDIUM_TOWN = "Mittlere kreisangehörige Stadt", "Mittlere kreisangehörige Stadt"
    TOWN = "Stadt", "Stadt"
    COMMUNE = "Gemeinde", "Gemeinde"
    KREIS = "Kreis", "Kreis"
    STAEDTEREGION = "Städteregion", "Städteregion"
    BEZIRKSREGIERUNG = "Bezirksregierung", "Bezirksregierung"


TOWN_KINDS = (Kind.CITY_STATUS, Kind.LARGE_TOWN, Kind.MEDIUM_TOWN, Kind.TOWN, Kind.COMMUNE)
KREIS_KINDS = (Kind.KREIS, Kind.STAEDTEREGION)
UNKNOWN_START = "Beitrittsjahr nicht belegt"


class Regierungsbezirk(models.TextChoices):
    """The five; the first three digits of the AGS decide (051, 053, 055, 057, 059)."""

    ARNSBERG = "Arnsberg", "Arnsberg"
    DETMOLD = "Detmold", "Detmold"
    DUESSELDORF = "Düsseldorf", "Düsseldorf"
    KOELN = "Köln", "Köln"
    MUENSTER = "Münster", "Münster"


class MunicipalityQuerySet(PublishedQuerySet):
    def members(self, on: datetime.date | None = None) -> "MunicipalityQuerySet":
        """Bodies that are members on that day (today if none is given)."""
        return self.filter(Exists(Membership.objects.on(on or today()).filter(municipality=OuterRef("pk"))))

    def not_members(self) -> "MunicipalityQuerySet":
        """All others, former members included."""
        return self.exclude(pk__in=Municipality.objects.members())

    def former_members(self) -> "MunicipalityQuerySet":
        """Bodies that were members once and are none today."""
        past = Membership.objects.filter(municipality=OuterRef("pk"), ended_on__lt=today())
        return self.not_members().filter(Exists(past))

    def candidates(self, stage: str) -> "MunicipalityQuerySet":
        """Bodies that are at this stage of their way into the network (`CandidacyStage`)."""
        return self.filter(candidacies__stage=stage, candidacies__ended_on=None)

    def held(self, pk: int) -> "Municipality":
        """Return a body; until the transaction ends nobody else changes its people, memberships or profile.

        A verb of one body takes this lock before those of single rows, so that two of them never wait for each other.
        Verbs over many bodies lock their rows alone (lists read in, a new head for each, merged or erased persons);
        what is merely stored (`members.actions.save_…`) is held by the constraints of the database.
        """
        return self.select_for_update(no_key=True).get(pk=pk)

    def for_list(self) -> "MunicipalityQuerySet":
        """With Kreis, profile, topics and all memberships, oldest first: a fixed number of queries for any list."""
        periods = Prefetch("memberships", Membership.objects.in_order(), to_attr="periods")
        return self.select_related("kreis", "profile").prefetch_related(periods, "profile__topics")


class Municipality(Published):
    """A Gebietskörperschaft that can be a member: identity only, everything with a life of its own is its own model."""

    ags = models.CharField("Amtlicher Gemeindeschlüssel", max_length=8, unique=True)
    ars = models.CharField("Regionalschlüssel", max_length=12, blank=True)
    name = models.CharField("Name", max_length=100, validators=[single_line])
    kind = models.CharField("Art", max_length=40, choices=Kind)
    kreis = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="towns", verbose_name="Kreis")
    regierungsbezirk = models.CharField("Regierungsbezirk", max_length=12, choices=Regierungsbezirk)
    slug = models.SlugField(
        "Adresse im Portal", max_length=100, unique=True, help_text="Bleibt bei einer Umbenennung gleich."
    )
    sort_key = models.CharField(max_length=120, editable=False)
    latitude = models.FloatField("geografische Breite", null=True, blank=True)
    longitude = models.FloatField("geografische Länge", null=True, blank=True)
    population = models.PositiveIntegerField("Einwohner", null=True, blank=True)
    population_on = models.DateField("Einwohner am", null=True, blank=True)
    area_km2 = models.DecimalField("Fläche in km²", max_digits=8, decimal_places=2, null=True, blank=True)
    postcode = models.CharField("PLZ", max_length=5, blank=True)
    website = WebAddressField("Website", blank=True)
    # For letters, as the body itself writes them; empty lines are filled from the register where it is sure.
    letter_name = models.CharField(
        "Name im Brief",
        max_length=120,
        blank=True,
        validators=[single_line],
        help_text="Nur, wenn die Kommune sich anders schreibt: „Universitätsstadt Siegen“.",
    )
    street = models.CharField("Straße oder Postfach", max_length=120, blank=True, validators=[single_line])
    letter_town = models.CharField(
        "PLZ und Ort im Brief",
        max_length=120,
        blank=True,
        validators=[single_line],
        help_text="Zum Beispiel „53103 Bonn“. Bei Städten und Gemeinden genügt meist, was das Verzeichnis weiß.",
    )
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="aufgegangen in"
    )

    history = keep_history()
    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = "Kommune"
        verbose_name_plural = "Kommunen"
        ordering = ["sort_key", "kind"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="municipality_kind_known"),
            models.CheckConstraint(
                condition=Q(regierungsbezirk__in=Regierungsbezirk.values), name="municipality_bezirk_known"
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.sort_key = sort_key(self.name)
        self.slug = self.slug or slug_of(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("municipality", args=[self.slug])

    @property
    def is_town(self) -> bool:
        return self.kind in TOWN_KINDS

    @property
    def name_in_letter(self) -> str:
        """ "Stadt Bonn"; names of Kreise and Bezirksregierungen say themselves what they are."""
        if self.letter_name or not self.is_town:
            return self.letter_name or self.name
        return f"{Kind.COMMUNE if self.kind == Kind.COMMUNE else Kind.TOWN} {self.name}"

    @property
    def town_in_letter(self) -> str:
        """ "53103 Bonn", or "" where nobody knows it: the register has postcodes of towns only."""
        return self.letter_town or (f"{self.postcode} {self.name}" if self.postcode and self.is_town else "")

    def running_membership(self) -> "Membership | None":
        """Today's membership (one query)."""
        return self.memberships.on(today()).first()

    def candidacy(self) -> "Candidacy | None":
        """Whether and since when it is on its way into the network, never public (one query)."""
        return self.candidacies.filter(ended_on=None).first()

    @property
    def place(self) -> str:
        """Kind and where it lies, as a line under the name: "Stadt, Kreis Steinfurt"."""
        parts = [self.get_kind_display()]
        if self.kreis:
            parts.append(self.kreis.name)
        elif self.kind != Kind.BEZIRKSREGIERUNG:
            parts.append(f"Regierungsbezirk {self.regierungsbezirk}")
        return ", ".join(parts)


class MembershipQuerySet(PublishedQuerySet):
    def on(self, day: datetime.date) -> "MembershipQuerySet":
        """Periods that hold on that day; an unknown start counts as begun."""
        return self.filter(holding(day))

    def overlapping(self, other: "Membership") -> "MembershipQuerySet":
        """Other periods of the same body that share a day with this one."""
        return self.filter(sharing_a_day(other), municipality_id=other.municipality_id).exclude(pk=other.pk)

    def in_order(self) -> "MembershipQuerySet":
        return self.order_by(models.F("started_on").asc(nulls_first=True))


class Membership(Period, Published):
    """A period of membership, first and last day included. An unknown start is possible for a body's first period only:
    it reaches back without end, so an earlier period would overlap (constraint of the database, see migrations)."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="memberships", verbose_name="Kommune")
    started_on = models.DateField("Beginn", null=True, blank=True)
    precision = models.CharField("Genauigkeit", max_length=7, choices=Precision, default=Precision.UNKNOWN)
    ended_on = models.DateField("letzter Tag", null=True, blank=True)
    end_reason = models.CharField("Grund des Endes", max_length=300, blank=True)
    source = WebAddressField(
        "Quelle", max_length=500, blank=True, help_text="Adresse der Seite, die den Beitritt belegt."
    )
    note = models.CharField("Anmerkung", max_length=500, blank=True)

    history = keep_history()
    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "Mitgliedschaft"
        verbose_name_plural = "Mitgliedschaften"
        ordering = ["municipality__sort_key", "started_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | ~Q(end_reason=""),
                name="membership_end_has_reason",
                violation_error_message="Nennen Sie den Grund, aus dem die Mitgliedschaft endet.",
            ),
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(ended_on__isnull=True),
                name="membership_one_open",
                violation_error_message="Diese Kommune hat schon eine laufende Mitgliedschaft.",
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True, precision=Precision.UNKNOWN)
                | Q(started_on__isnull=False, precision__in=[Precision.DAY, Precision.MONTH, Precision.YEAR]),
                name="membership_precision_fits",
                violation_error_message="Zum Beginn gehört seine Genauigkeit: Tag, Monat oder Jahr.",
            ),
            models.CheckConstraint(
                condition=ENDS_AFTER_START,
                name="membership_ends_after_start",
                violation_error_message="Der letzte Tag liegt vor dem Beginn. Prüfen Sie beide Daten.",
            ),
        ]

    def __str__(self):
        return f"{self.municipality}, {self.period_text()}"

    def clean(self):
        if self.municipality_id and Membership.objects.overlapping(self).exists():
            raise ValidationError(self.overlap_message())

    def overlap_message(self) -> str:
        other = Membership.objects.overlapping(self).first()
        period = f" ({other.period_text()})" if other else ""
        return (
            f"Der Zeitraum überschneidet sich mit einer anderen Mitgliedschaft dieser Kommune{period}. "
            "Beenden oder berichtigen Sie zuerst die andere."
        )

    @property
    def begin(self) -> PartialDate | None:
        """The start as exact as it is known, or None."""
        return PartialDate(self.started_on, Precision(self.precision)) if self.started_on else None

    @property
    def source_host(self) -> str:
        """The source's website as people know it, for the link text."""
        return urlsplit(self.source).netloc.removeprefix("www.").removeprefix("m.")

    def period_text(self) -> str:
        """The period in words: "seit Dezember 2012", "2014 bis 31. März 2019", "Beitrittsjahr nicht belegt"."""
        if not self.ended_on:
            return f"seit {self.begin}" if self.begin else UNKNOWN_START
        last = PartialDate(self.ended_on, Precision.DAY)
        return f"{self.begin} bis {last}" if self.begin else f"bis {last}, {UNKNOWN_START}"
