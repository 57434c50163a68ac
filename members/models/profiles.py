"""What a member tells about itself, and the topics that connect members."""

from django.db import models
from django.db.models import F, Q

from core.fields import WebAddressField
from core.folding import slug_of, sort_key
from core.history import keep_history
from core.pictures import Picture
from core.revision import Published, PublishedQuerySet
from core.text import single_line
from core.values import in_words
from members.models.municipalities import Municipality


class Topic(Published):
    """A subject of civic engagement, shared by profiles and later by dates, examples and documents."""

    name = models.CharField("Thema", max_length=80, unique=True, validators=[single_line])
    slug = models.SlugField("Adresse", max_length=80, unique=True, blank=True)
    sort_key = models.CharField(max_length=100, editable=False)

    history = keep_history()

    class Meta:
        verbose_name = "Thema"
        verbose_name_plural = "Themen"
        ordering = ["sort_key"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.sort_key = sort_key(self.name)
        self.slug = self.slug or slug_of(self.name)
        super().save(*args, **kwargs)


class VolunteerCard(models.TextChoices):
    """Ehrenamtskarte NRW: three answers, as the network's fourth criterion words them (brochure)."""

    NONE = "", "keine Angabe"
    TAKES_PART = "takes_part", "nimmt teil"
    PLANNED = "planned", "Einführung geplant"
    COMPARABLE = "comparable", "vergleichbares Instrument"


class StrategyStatus(models.TextChoices):
    """Engagementstrategie or Leitlinien."""

    NONE = "", "keine Angabe"
    ADOPTED = "adopted", "beschlossen"
    IN_WORK = "in_work", "in Arbeit"
    PLANNED = "planned", "geplant"


PICTURES = ("picture", "crest")
# What the profile asks, in the order in which it is shown ("Stand" is no question),
# under the headings of its form.
GROUPS = {
    "": ("summary",),
    "Anlaufstelle": ("office_name", "office_place", "office_phone", "office_email", "office_website"),
    "Was es bei Ihnen gibt": (
        "strategy_status", "strategy_url", "volunteer_card", "recognition", "alliances", "topics",
    ),
}  # fmt: skip
QUESTIONS = tuple(name for names in GROUPS.values() for name in names)
# Only with this answer to another question a question counts as open: where to read a strategy that is adopted.
DEPENDS_ON = {"strategy_url": ("strategy_status", StrategyStatus.ADOPTED)}
# Short answers about what there is, as the public page lists them.
_EXISTING = ("strategy_status", "volunteer_card", "recognition", "alliances")


class ProfilePicture(Picture, Published):
    """A picture or coat of arms of a body. Public only while a profile shows it; the row itself never changes."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="pictures", verbose_name="Kommune")
    # Since when no profile shows it; so long it can be brought back (see members.privacy).
    unused_since = models.DateTimeField("nicht mehr gezeigt seit", null=True, editable=False)

    class Meta(Picture.Meta):
        verbose_name = "Bild eines Profils"
        verbose_name_plural = "Bilder von Profilen"


class ProfileQuerySet(PublishedQuerySet):
    def unreviewed(self) -> "ProfileQuerySet":
        """Profiles that their bodies changed and the office has not looked at since."""
        return self.filter(changed_at__isnull=False).exclude(reviewed_at__gte=F("changed_at"))


class Profile(Published):
    """The public self-portrait of a body; empty parts are not shown to visitors."""

    municipality = models.OneToOneField(Municipality, models.PROTECT, related_name="profile", verbose_name="Kommune")
    summary = models.TextField(
        "Kurz vorgestellt", max_length=1000, blank=True, help_text="Zwei bis vier Sätze, höchstens 1.000 Zeichen."
    )
    office_name = models.CharField("Anlaufstelle", max_length=200, blank=True, validators=[single_line])
    office_place = models.CharField(
        "Stelle in der Verwaltung",
        max_length=200,
        blank=True,
        validators=[single_line],
        help_text="Zum Beispiel „Stabsstelle beim Bürgermeister“",
    )
    office_email = models.EmailField(
        "E-Mail der Anlaufstelle", blank=True, help_text="Am besten ein Postfach, das auch die Vertretung liest."
    )
    office_phone = models.CharField("Telefon der Anlaufstelle", max_length=40, blank=True, validators=[single_line])
    office_website = WebAddressField("Seite zum Engagement", blank=True)
    strategy_status = models.CharField(
        "Engagementstrategie oder Leitlinien", max_length=10, choices=StrategyStatus, blank=True
    )
    strategy_url = WebAddressField("Adresse der Strategie", blank=True)
    volunteer_card = models.CharField("Ehrenamtskarte NRW", max_length=10, choices=VolunteerCard, blank=True)
    recognition = models.CharField("Weitere Anerkennung", max_length=300, blank=True, validators=[single_line])
    alliances = models.CharField("Bündnisse", max_length=300, blank=True, validators=[single_line])
    topics = models.ManyToManyField(Topic, blank=True, related_name="profiles", verbose_name="Themen")
    picture = models.ForeignKey(
        ProfilePicture, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="Bild"
    )
    crest = models.ForeignKey(
        ProfilePicture, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="Wappen"
    )
    confirmed_on = models.DateField(
        "Stand", null=True, blank=True, help_text="Tag, an dem die Angaben zuletzt bestätigt wurden."
    )

    # When the body itself last changed something, and until when the office has looked at such changes.
    changed_at = models.DateTimeField("von der Kommune geändert", null=True, editable=False)
    reviewed_at = models.DateTimeField("von der Geschäftsstelle angesehen", null=True, editable=False)

    objects = ProfileQuerySet.as_manager()
    history = keep_history(m2m_fields=[topics], excluded_fields=["changed_at", "reviewed_at"])

    class Meta:
        verbose_name = "Profil"
        verbose_name_plural = "Profile"
        ordering = ["municipality__sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(strategy_status__in=StrategyStatus.values), name="profile_strategy_known"
            ),
            models.CheckConstraint(condition=Q(volunteer_card__in=VolunteerCard.values), name="profile_card_known"),
        ]

    def __str__(self):
        return str(self.municipality)

    @property
    def office_facts(self) -> list[tuple[str, str, str]]:
        """The Anlaufstelle as terms, values and link targets; empty values do not show."""
        return [
            ("Anlaufstelle", self.office_name, ""),
            (self._label("office_place"), self.office_place, ""),
            ("Telefon", self.office_phone, ""),
            ("E-Mail", self.office_email, f"mailto:{self.office_email}"),
            ("Seite zum Engagement", self.office_website, self.office_website),
        ]

    @property
    def has_office(self) -> bool:
        return any(value for _, value, _ in self.office_facts)

    @property
    def existing_facts(self) -> list[tuple[str, str]]:
        """What there is, for everybody; empty if nothing is said."""
        return [(self._label(name), answer) for name in _EXISTING if (answer := self._answer(name))]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Every question of the profile with its answer, "" where there is none; reads the topics."""
        return [(self._label(name), self._answer(name)) for name in QUESTIONS]

    def _label(self, name: str) -> str:
        return str(self._meta.get_field(name).verbose_name)

    def _answer(self, name: str) -> str:
        """The answer in words; "" where there is none, also for a choice that says nothing."""
        if name == "topics":
            return ", ".join(topic.name for topic in self.topics.all()) if self.pk else ""
        value = getattr(self, name)
        return in_words(value, self._meta.get_field(name)) if value else ""

    @property
    def is_unreviewed(self) -> bool:
        """Whether the body changed something that the office has not looked at."""
        return self.changed_at is not None and not (self.reviewed_at and self.reviewed_at >= self.changed_at)

    @property
    def _asked(self) -> list[str]:
        """The questions that count, see `DEPENDS_ON`."""
        fit = {name: getattr(self, other) == answer for name, (other, answer) in DEPENDS_ON.items()}
        return [name for name in QUESTIONS if fit.get(name, True)]

    @property
    def missing(self) -> list[str]:
        """The questions without an answer."""
        return [self._label(name) for name in self._asked if not self._answer(name)]

    @property
    def filled_in_words(self) -> str:
        """How much is filled in: "9 von 11 Angaben sind ausgefüllt."."""
        missing, asked = len(self.missing), len(self._asked)
        return f"{asked - missing} von {asked} Angaben sind ausgefüllt." if missing else "Alle Angaben sind ausgefüllt."
