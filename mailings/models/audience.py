"""Whom something is for, stored as facts. Who that is today, `mailings.audiences` answers."""

from django.db import models
from django.db.models import Q

from declarations.models import Declaration
from meetings.models import Meeting
from members.models import Municipality, Person, Topic


class Group(models.TextChoices):
    """Groups are joined: whoever is in one of them is meant. The last three belong to a meeting."""

    CONTACTS = "contacts", "Ansprechpersonen der Mitglieder"
    DEPUTIES = "deputies", "Vertretungen der Mitglieder"
    HEADS = "heads", "Verwaltungsspitzen der Mitglieder"
    REGISTERED = "registered", "Angemeldete des Termins"
    PRESENT = "present", "Anwesende des Termins"
    SILENT = "silent", "Eingeladene des Termins ohne Antwort"


OF_MEETING = (Group.REGISTERED, Group.PRESENT, Group.SILENT)


class Signing(models.TextChoices):
    """Whether their body has signed a version of the Gemeinsame Erklärung (any, if none is named)."""

    ANY = "", "gleich, ob unterzeichnet"
    SIGNED = "signed", "nur Kommunen, die unterzeichnet haben"
    UNSIGNED = "unsigned", "nur Kommunen, die noch nicht unterzeichnet haben"


class Audience(models.Model):
    """Groups, joined; of these only who belongs to certain bodies; single people more or less. Empty is nobody."""

    groups = models.JSONField("Gruppen", default=list, blank=True)  # of Group
    kinds = models.JSONField("Art der Kommune", default=list, blank=True)  # of members.Kind; empty: all
    bezirke = models.JSONField("Regierungsbezirk", default=list, blank=True)  # empty: all
    kreis = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Kreis"
    )
    topic = models.ForeignKey(Topic, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="Thema")
    signing = models.CharField("Unterzeichnung", max_length=8, choices=Signing, blank=True)
    declaration = models.ForeignKey(
        Declaration, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Fassung"
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Termin der Gruppe"
    )
    added = models.ManyToManyField(Person, blank=True, related_name="+", verbose_name="außerdem")
    left_out = models.ManyToManyField(Person, blank=True, related_name="+", verbose_name="ausgenommen")

    # What a copy takes over with the single people.
    FACTS = ("groups", "kinds", "bezirke", "kreis", "topic", "signing", "declaration", "meeting")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(signing__in=Signing.values), name="%(class)s_signing_known"),
        ]

    @property
    def narrows(self) -> bool:
        """Whether only certain bodies are meant."""
        return bool(self.kinds or self.bezirke or self.kreis_id or self.topic_id or self.signing)

    @property
    def in_words(self) -> list[str]:
        """The facts as the office reads them, groups first; empty if nobody is chosen."""
        found = [Group(group).label for group in self.groups]
        if self.meeting and any(group in OF_MEETING for group in self.groups):
            found.append(f"Termin: {self.meeting}")
        found += [*self.kinds, *(f"Regierungsbezirk {name}" for name in self.bezirke)]
        found += [str(fact) for fact in (self.kreis, self.topic) if fact]
        if self.signing:
            found.append(f"{Signing(self.signing).label}{f' ({self.declaration})' if self.declaration else ''}")
        return found
