"""Persons and what they answer for. Accounts are optional: people come first."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.dates import long_date
from core.erasing import ERASED
from core.folding import fold, sort_key
from core.history import keep_history
from core.periods import ENDS_AFTER_START, Period, holding, not_over
from core.revision import Published, PublishedQuerySet
from core.text import single_line
from members.models.municipalities import Membership, Municipality


class Visibility(models.TextChoices):
    """Who sees a contact's field, from all to few; only what a person released is public (Art. 25 DSGVO)."""

    PUBLIC = "public", "öffentlich"
    NETWORK = "network", "im Netzwerk"
    OFFICE = "office", "nur Geschäftsstelle"


class FormOfAddress(models.TextChoices):
    """Stored, never guessed from a first name."""

    NONE = "", "ohne Anrede"
    MS = "Frau", "Frau"
    MR = "Herr", "Herr"


def name_key(first_name: str, last_name: str) -> tuple[str, ...]:
    """What all spellings of one person's name have in common: neither umlauts nor case count, nor her title."""
    return fold(f"{first_name} {last_name}")


class PersonQuerySet(PublishedQuerySet):
    def with_access(self, *, or_later: bool = False) -> "PersonQuerySet":
        """Persons who may sign in today: contact persons of members. With `or_later`, also who will be one."""
        period = not_over() if or_later else holding()
        memberships = Membership.objects.filter(period, municipality=OuterRef("municipality"))
        contacts = ContactPerson.objects.filter(period, Exists(memberships), person=OuterRef("pk"))
        return self.filter(Exists(contacts))

    def known_as(self, person: "Person") -> "Person | None":
        """The stored person of this address and name (see `name_key`), if there is one: she is not entered twice."""
        if not person.email:
            return None
        same_address = self.filter(email__iexact=person.email)
        return next((known for known in same_address if known.name_key == person.name_key), None)


class Person(Published):
    """A human being the network knows; her functions at bodies are dated and stand beside her."""

    form_of_address = models.CharField("Anrede", max_length=4, choices=FormOfAddress, blank=True)
    title = models.CharField(
        "Titel", max_length=40, blank=True, validators=[single_line], help_text="Zum Beispiel „Dr.“"
    )
    first_name = models.CharField("Vorname", max_length=100, blank=True, validators=[single_line])
    last_name = models.CharField("Nachname", max_length=100, validators=[single_line])
    email = models.EmailField("E-Mail-Adresse", blank=True)
    phone = models.CharField("Telefon", max_length=40, blank=True, validators=[single_line])
    organisation = models.CharField(
        "Organisation",
        max_length=200,
        blank=True,
        validators=[single_line],
        help_text="Für Gäste ohne Funktion in einer Kommune.",
    )
    # Several persons may share one mailbox and so one account.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="persons", verbose_name="Konto"
    )
    sort_key = models.CharField(max_length=220, editable=False)

    history = keep_history()
    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "Person"
        verbose_name_plural = "Personen"
        ordering = ["sort_key"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.fill_in()
        super().save(*args, **kwargs)

    def fill_in(self) -> None:
        """Set what follows from the rest; whoever stores many at once calls it for each."""
        self.sort_key = sort_key(f"{self.last_name} {self.first_name}")
        self.email = self.email.lower()  # as that of her account and those of lists

    @property
    def name(self) -> str:
        """Name with title, without form of address: "Dr. Ada Beispiel"."""
        return " ".join(filter(None, [self.title, self.first_name, self.last_name])) or ERASED

    @property
    def name_key(self) -> tuple[str, ...]:
        return name_key(self.first_name, self.last_name)

    @property
    def is_erased(self) -> bool:
        """Whether only the number of this person is left: everybody else has a surname."""
        return not self.last_name

    def has_access(self, *, or_later: bool = False) -> bool:
        """Whether she may sign in today, or with `or_later` some day: see `PersonQuerySet.with_access`."""
        return Person.objects.with_access(or_later=or_later).filter(pk=self.pk).exists()

    @property
    def uses_access(self) -> bool:
        """Whether her account has accepted its invitation: she gets no other."""
        invitation = getattr(self.user, "access_invitation", None)
        return invitation is not None and invitation.accepted_at is not None

    @property
    def shares_mailbox(self) -> bool:
        """Whether others sign in with the same address; of an old version, too, whose account may be gone."""
        return self.user_id is not None and Person.objects.filter(user=self.user_id).exclude(pk=self.pk).exists()

    @property
    def address_name(self) -> str:
        """Form of address as it stands above a name ("Frau", "Herrn"); "" where none is stored."""
        return {FormOfAddress.MS: "Frau", FormOfAddress.MR: "Herrn"}.get(FormOfAddress(self.form_of_address), "")

    @property
    def key(self) -> str:
        """How queue and history name this person."""
        return f"person:{self.pk}"

    @property
    def access(self) -> str:
        """How far her access is, for the office; reads the account and its invitation."""
        if self.user is None:
            return "kein Zugang"
        if not self.user.is_active:
            return "Zugang gesperrt"
        if self.user.last_login:
            return f"zuletzt angemeldet am {long_date(timezone.localdate(self.user.last_login))}"
        invitation = getattr(self.user, "access_invitation", None)
        return (
            f"am {long_date(timezone.localdate(invitation.sent_at))} eingeladen, noch nie angemeldet"
            if invitation
            else "noch nie angemeldet"
        )


class FunctionQuerySet(PublishedQuerySet):
    def on(self, day: datetime.date | None = None) -> "FunctionQuerySet":
        """Functions that hold on that day (today if none is given)."""
        return self.filter(holding(day))


class Function(Period, Published):
    """What a person is from a day to a day, both included; she may be several things at once."""

    started_on = models.DateField("seit", null=True, blank=True)
    ended_on = models.DateField("letzter Tag", null=True, blank=True)

    objects = FunctionQuerySet.as_manager()

    class Meta:
        abstract = True


def ends_after_start(name: str) -> models.CheckConstraint:
    """The constraint that every function has, under its own name."""
    return models.CheckConstraint(
        condition=ENDS_AFTER_START,
        name=name,
        violation_error_message="Der letzte Tag liegt vor dem Beginn. Prüfen Sie beide Daten.",
    )


class ContactPersonQuerySet(FunctionQuerySet):
    def of_members(self) -> "ContactPersonQuerySet":
        """Functions that hold today at a body that is a member today: they give access, and are asked and counted."""
        return self.on().filter(municipality__in=Municipality.objects.members())


class ContactPerson(Function):
    """Answers for civic engagement at a body, as lead or deputy ("Vertretung")."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="contact_functions", verbose_name="Person")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="contacts", verbose_name="Kommune")
    # Whose handing over brought her here: if somebody else is named before that day, she goes again.
    follows = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="successors", verbose_name="folgt auf"
    )
    is_deputy = models.BooleanField("Vertretung", default=False)
    position = models.CharField(
        "Stelle",
        max_length=200,
        blank=True,
        validators=[single_line],
        help_text="Zum Beispiel „Fachbereich Soziales, Ehrenamtskoordination“",
    )
    name_visibility = models.CharField("Name sichtbar", max_length=7, choices=Visibility, default=Visibility.NETWORK)
    email_visibility = models.CharField("E-Mail sichtbar", max_length=7, choices=Visibility, default=Visibility.NETWORK)
    phone_visibility = models.CharField(
        "Telefon sichtbar", max_length=7, choices=Visibility, default=Visibility.NETWORK
    )

    history = keep_history()
    objects = ContactPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "Ansprechperson"
        verbose_name_plural = "Ansprechpersonen"
        ordering = ["municipality__sort_key", "is_deputy", "person__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "municipality"],
                condition=Q(ended_on__isnull=True),
                name="contact_once_per_body",
                violation_error_message="Diese Person ist hier schon Ansprechperson.",
            ),
            ends_after_start("contact_ends_after_start"),
            models.CheckConstraint(
                condition=Q(name_visibility__in=Visibility.values)
                & Q(email_visibility__in=Visibility.values)
                & Q(phone_visibility__in=Visibility.values),
                name="contact_visibility_known",
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.municipality}"

    def show_no_more_than(self, others: Iterable["ContactPerson"]) -> None:
        """Take over what is stricter in her other functions: name, address and phone are hers, whatever the body."""
        order = list(Visibility)
        for field in ("name_visibility", "email_visibility", "phone_visibility"):
            values = [Visibility(getattr(row, field)) for row in (self, *others)]
            setattr(self, field, max(values, key=order.index))

    @property
    def named_successors(self) -> list["ContactPerson"]:
        """Who is here because she named them, as long as she is still here herself."""
        return [] if self.is_over() else list(self.successors.filter(not_over()).select_related("person"))

    @property
    def role(self) -> str:
        return "Vertretung" if self.is_deputy else "Ansprechperson"
