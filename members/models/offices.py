"""Who leads a body, who keeps her door, and who speaks for the network. All of it changes with elections."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Prefetch, Q, Value, When

from core.history import keep_history
from core.periods import sharing_a_day
from core.text import single_line
from members.models.municipalities import KREIS_KINDS, Kind, Municipality
from members.models.people import FormOfAddress, Function, FunctionQuerySet, Person, ends_after_start

# In which order lists and badges name heads where no rank is stored; towns by their kind, the larger first.
_PROTOCOL = (Kind.BEZIRKSREGIERUNG, *KREIS_KINDS, *Kind)


class HeadQuerySet(FunctionQuerySet):
    def of_today(self) -> Prefetch:
        """For `Municipality.objects.prefetch_related`: those in office today, with their persons, as `heads_today`."""
        return Prefetch("heads", self.on().select_related("person"), to_attr="heads_today")

    def in_protocol_order(self) -> "HeadQuerySet":
        """By stored rank, then Bezirksregierungen, Kreise, towns; within these by the name of the body."""
        kinds = [When(municipality__kind=kind, then=Value(place)) for place, kind in enumerate(_PROTOCOL)]
        rank = F("protocol_rank").asc(nulls_last=True)
        return self.order_by(rank, Case(*kinds, default=Value(len(_PROTOCOL))), "municipality__sort_key", "pk")


class HeadOfAdministration(Function):
    """Leads a body ("Verwaltungsspitze") for a term. How she is addressed is stored, never guessed."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="head_functions", verbose_name="Person")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="heads", verbose_name="Kommune")
    office_title = models.CharField(
        "Amtsbezeichnung",
        max_length=100,
        validators=[single_line],
        help_text="Wie die Kommune sie schreibt: „Oberbürgermeisterin“, „Landrat“, „Regierungspräsidentin“.",
    )
    address_line = models.CharField(
        "erste Zeile der Anschrift",
        max_length=120,
        blank=True,
        validators=[single_line],
        help_text="Nur, wenn sie anders lautet als Anrede und Amtsbezeichnung: „Herrn Regierungspräsidenten“.",
    )
    salutation = models.CharField(
        "Anredezeile",
        max_length=150,
        blank=True,
        validators=[single_line],
        help_text="Nur, wenn sie anders lautet als „Sehr geehrte Frau“ oder „Sehr geehrter Herr“ mit Amtsbezeichnung. "
        "Ohne Komma am Ende.",
    )
    protocol_rank = models.PositiveSmallIntegerField(
        "Rang",
        null=True,
        blank=True,
        help_text="Kleine Zahlen stehen in Listen zuerst. Leer: nach Art und Name der Kommune.",
    )

    wants_letters = models.BooleanField(
        "Einladungen als Brief",
        default=False,
        help_text="Auch wenn eine E-Mail-Adresse eingetragen ist. Das Vorzimmer bekommt die Einladung trotzdem per "
        "E-Mail in Kopie.",
    )

    history = keep_history()
    objects = HeadQuerySet.as_manager()

    class Meta:
        verbose_name = "Verwaltungsspitze"
        verbose_name_plural = "Verwaltungsspitzen"
        ordering = ["municipality__sort_key", "-started_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(ended_on__isnull=True),
                name="head_one_open",
                violation_error_message="Diese Kommune hat schon eine Spitze. "
                "Tragen Sie dort zuerst den letzten Tag ein.",
            ),
            ends_after_start("head_ends_after_start"),
        ]

    def __str__(self):
        return f"{self.office_title} {self.person}, {self.municipality}"

    def clean(self):
        if not self.municipality_id:
            return
        others = HeadOfAdministration.objects.filter(sharing_a_day(self), municipality_id=self.municipality_id)
        if other := others.exclude(pk=self.pk).select_related("person").first():
            raise ValidationError(
                f"In dieser Zeit ist schon {other.person} im Amt. Berichtigen Sie den Beginn oder dort den letzten Tag."
            )

    @property
    def greeting(self) -> str:
        """How a letter begins, without the comma: as stored, from stored form of address and title, else neutral."""
        polite = {FormOfAddress.MS: "Sehr geehrte Frau", FormOfAddress.MR: "Sehr geehrter Herr"}
        begin = polite.get(FormOfAddress(self.person.form_of_address))
        return self.salutation or (f"{begin} {self.office_title}" if begin else f"Guten Tag {self.person.name}")

    @property
    def letter_address(self) -> list[str]:
        """The lines of the address field; lines that nobody knows are left out and named by `letter_gaps`."""
        first = self.address_line or f"{self.person.address_name} {self.office_title}".strip()
        body = self.municipality
        lines = [first, self.person.name, body.name_in_letter, body.street, body.town_in_letter]
        return [line for line in lines if line]

    @property
    def letter_gaps(self) -> list[str]:
        """What is missing for a letter, in sentences for the office; empty if it can be sent."""
        return [*self.person_gaps, *self.body_gaps]

    @property
    def person_gaps(self) -> list[str]:
        if self.person.form_of_address or self.salutation:
            return []
        return [f"Anrede fehlt – der Brief beginnt mit „{self.greeting}“."]

    @property
    def body_gaps(self) -> list[str]:
        gaps = []
        if not self.municipality.street:
            gaps.append("Straße oder Postfach fehlt – ergänzen Sie es bei der Kommune.")
        if not self.municipality.town_in_letter:
            gaps.append("PLZ und Ort fehlen – ergänzen Sie beides bei der Kommune.")
        return gaps


class OuterOffice(Function):
    """Keeps the door of a head ("Vorzimmer"): gets copies of her invitations and may answer them. A mailbox without
    a name is entered as a person whose last name is "Vorzimmer"."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="outer_offices", verbose_name="Person")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="outer_offices", verbose_name="Kommune")
    note = models.CharField(
        "Anmerkung", max_length=200, blank=True, validators=[single_line], help_text="Zum Beispiel „vormittags“"
    )

    history = keep_history()

    class Meta:
        verbose_name = "Vorzimmer"
        verbose_name_plural = "Vorzimmer"
        ordering = ["municipality__sort_key", "person__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "municipality"],
                condition=Q(ended_on__isnull=True),
                name="outer_office_once_per_body",
                violation_error_message="Diese Person ist hier schon als Vorzimmer eingetragen.",
            ),
            ends_after_start("outer_office_ends_after_start"),
        ]

    def __str__(self):
        return f"{self.person}, Vorzimmer {self.municipality}"


class SpokespersonRole(models.TextChoices):
    SPEAKER = "speaker", "Sprecherin oder Sprecher"
    DEPUTY = "deputy", "Stellvertretung"


class SpokespersonTerm(Function):
    """A term in the elected "Sprecherteam" of the network, and the body whose employee she is meanwhile."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="spokesperson_terms", verbose_name="Person")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="spokesperson_terms", verbose_name="Kommune"
    )
    role = models.CharField("Rolle", max_length=7, choices=SpokespersonRole, default=SpokespersonRole.SPEAKER)

    history = keep_history()

    class Meta:
        verbose_name = "Amtszeit im Sprecherteam"
        verbose_name_plural = "Sprecherteam"
        ordering = ["-started_on", "person__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_on__isnull=True),
                name="spokesperson_one_open",
                violation_error_message="Diese Person gehört schon zum Sprecherteam. "
                "Tragen Sie bei der laufenden Amtszeit zuerst den letzten Tag ein.",
            ),
            models.CheckConstraint(condition=Q(role__in=SpokespersonRole.values), name="spokesperson_role_known"),
            ends_after_start("spokesperson_ends_after_start"),
        ]

    def __str__(self):
        return f"{self.person}, {self.municipality}"
