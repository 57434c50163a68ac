""" "Stimmt noch?": whether what is stored about a contact person and her body still holds."""

import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, TruncDate
from django.utils import timezone
from django.utils.functional import cached_property

from core.links import Linked
from core.models import Batch, MailState, OutgoingMail
from core.periods import holding
from members.models.municipalities import Membership
from members.models.people import ContactPerson
from members.models.profiles import Profile

# The mails that ask, first and again (members.emails).
ASKING, REMINDING = "members.confirmation", "members.confirmation_reminder"
# Two rounds a year: what was asked longer ago says nothing about today.
_COUNTS = datetime.timedelta(days=183)

_MISSING = "nicht eingetragen"


def _with(value: str, remark: str) -> str:
    return f"{value} ({remark})" if value else _MISSING


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def asked(self) -> Self:
        """Those of rounds that were not taken back; a new link that somebody asked for herself is none."""
        return self.filter(batch__isnull=False, batch__taken_back_at=None)

    def current(self) -> Self:
        """Of each contact person of a member the last one, if it is not older than half a year."""
        members = Membership.objects.filter(holding(), municipality=OuterRef("contact__municipality"))
        later = Confirmation.objects.asked().filter(contact=OuterRef("contact"), asked_at__gt=OuterRef("asked_at"))
        functions = ContactPerson.objects.on().values("pk")
        recent = self.asked().filter(asked_at__gt=timezone.now() - _COUNTS, contact__in=functions)
        return recent.filter(Exists(members), ~Exists(later))

    def with_answers(self) -> Self:
        """With `answered`: somebody of the body has answered since, by link or by renewing the profile; and with
        `bounced`: the mail did not arrive, and the address is still the same."""
        answers = Confirmation.objects.filter(
            contact__municipality=OuterRef("contact__municipality"), confirmed_at__gte=OuterRef("asked_at")
        )
        renewed = Profile.objects.filter(
            municipality=OuterRef("contact__municipality"), confirmed_on__gte=OuterRef("asked_day")
        )
        failed = OutgoingMail.objects.filter(
            kind__in=(ASKING, REMINDING),
            state=MailState.FAILED,
            created_at__gte=OuterRef("asked_at"),
            recipient_key=Concat(Value("person:"), Cast(OuterRef("contact__person"), models.CharField())),
            to_address__iexact=OuterRef("contact__person__email"),
        )
        asked_day = self.annotate(asked_day=TruncDate("asked_at"))
        return asked_day.annotate(answered=Exists(answers) | Exists(renewed), bounced=Exists(failed))

    def silent(self) -> Self:
        """Those whose body has not answered, reachable or not."""
        return self.with_answers().filter(answered=False)

    def unreachable(self) -> Self:
        return self.silent().filter(bounced=True)

    def unanswered(self) -> Self:
        """Those whose time is over without an answer, although the mail arrived."""
        return self.silent().filter(bounced=False, asked_at__lte=timezone.now() - Confirmation.LASTS)

    def confirmed(self) -> Self:
        return self.with_answers().filter(answered=True)

    def waiting(self) -> Self:
        return self.silent().lasting().filter(bounced=False)

    def lasting(self) -> Self:
        """Those whose time is not over."""
        return self.filter(asked_at__gt=timezone.now() - Confirmation.LASTS)


class Confirmation(Linked):
    """One contact person, asked once; her personal link leads here, reminders bear the same one."""

    # Month and day of the two rounds: after carnival and before the Easter holidays, and after the summer holidays.
    ROUNDS: ClassVar[dict[str, tuple[int, int]]] = {"Frühjahr": (3, 10), "Herbst": (9, 10)}
    # "Erinnerungen nach zwei und vier Wochen"; two more weeks to answer the second one.
    REMINDERS = (datetime.timedelta(weeks=2), datetime.timedelta(weeks=4))
    LASTS = datetime.timedelta(weeks=6)

    contact = models.ForeignKey(
        ContactPerson, models.CASCADE, related_name="confirmations", verbose_name="Ansprechperson"
    )
    # Empty for a link that she asked for herself.
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Sammelsendung"
    )
    asked_at = models.DateTimeField("gefragt", default=timezone.now)
    reminders = models.PositiveSmallIntegerField("Erinnerungen", default=0)
    confirmed_at = models.DateTimeField("bestätigt", null=True, blank=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = "Nachfrage „Stimmt noch?“"
        verbose_name_plural = "Nachfragen „Stimmt noch?“"
        ordering = ["-asked_at", "contact__municipality__sort_key", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "contact"], condition=Q(batch__isnull=False), name="confirmation_once_per_batch"
            ),
        ]

    def __str__(self):
        return str(self.contact)

    @property
    def profile(self) -> Profile:
        """The profile of the body, an empty one if nobody has begun it."""
        municipality = self.contact.municipality
        return getattr(municipality, "profile", None) or Profile(municipality=municipality)

    @cached_property
    def colleagues(self) -> list[ContactPerson]:
        """Who else answers for the body today."""
        others = self.contact.municipality.contacts.on().exclude(pk=self.contact_id)
        return list(others.select_related("person"))

    @property
    def own_facts(self) -> list[tuple[str, str]]:
        """What is stored about the person, gaps named, and who sees it."""
        contact, person = self.contact, self.contact.person
        return [
            ("Name", f"{person.name} ({contact.get_name_visibility_display()})"),
            ("Aufgabe", ", ".join(filter(None, [f"{contact.role} für {contact.municipality.name}", contact.position]))),
            ("Telefon", _with(person.phone, contact.get_phone_visibility_display())),
            ("E-Mail", _with(person.email, contact.get_email_visibility_display())),
        ]

    @property
    def body_facts(self) -> list[tuple[str, str]]:
        """What is stored about the body, as far as it is asked about."""
        profile = self.profile
        others = ", ".join(f"{row.person.name} ({row.role})" for row in self.colleagues)
        return [
            ("Anlaufstelle", ", ".join(filter(None, [profile.office_name, profile.office_place])) or _MISSING),
            ("Telefon", profile.office_phone or _MISSING),
            ("E-Mail", profile.office_email or _MISSING),
            ("Seite zum Engagement", profile.office_website or _MISSING),
            ("Kurz vorgestellt", profile.summary),
            ("Außer Ihnen zuständig", others or "niemand"),
        ]

    @property
    def ends_at(self) -> datetime.datetime:
        return self.asked_at + self.LASTS

    @property
    def is_open(self) -> bool:
        """Whether its link still works; an answer may be given again."""
        return timezone.now() < self.ends_at

    def answer_of_others(self) -> "Confirmation | None":
        """The last answer that a colleague has given since."""
        answers = Confirmation.objects.filter(
            contact__municipality=self.contact.municipality, confirmed_at__gte=self.asked_at
        )
        return answers.select_related("contact__person").order_by("confirmed_at").last()

    @property
    def state(self) -> str:
        """How it stands, for the office; needs `with_answers`."""
        if self.confirmed_at:
            return "bestätigt"
        if self.answered:  # type: ignore[attr-defined]
            return "für die Kommune bestätigt"
        if self.bounced:  # type: ignore[attr-defined]
            return "nicht erreichbar"
        return "offen" if self.is_open else "keine Antwort"
