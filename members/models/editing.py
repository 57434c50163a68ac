"""How a body edits its own profile: what a person has typed and not published yet, and what a version changed."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from core import history
from core.timeline import Source
from members.models.municipalities import Municipality
from members.models.people import Person
from members.models.profiles import PICTURES, QUESTIONS, Profile, ProfilePicture

FIELDS = (*QUESTIONS, *PICTURES)
Values = dict[str, Any]


def values_of(row: Any) -> Values:
    """Return what a profile, or a version of it in the history, answers: text, keys of topics, key of a picture."""
    values = {name: getattr(row, name) for name in QUESTIONS if name != "topics"}
    values |= {name: getattr(row, f"{name}_id") for name in PICTURES}
    if isinstance(row, Profile):
        values["topics"] = sorted(row.topics.values_list("pk", flat=True)) if row.pk else []
    else:
        values["topics"] = sorted(history.many_at(row)["topics"])
    return values


def differing(one: Values, other: Values) -> list[str]:
    """Return the names of the questions that two states answer differently, in the order of the profile."""
    return [name for name in FIELDS if one[name] != other[name]]


def labels_of(names: Iterable[str]) -> list[str]:
    """Return the questions as the form words them."""
    return [str(Profile._meta.get_field(name).verbose_name) for name in names]


def versions_of(**which: Any) -> Source:
    """Return versions of profiles for a list of changes: what `differing` compares, the first version with nothing."""
    return Source(Profile.history.filter(**which), fields=FIELDS, first=True)


@dataclass(frozen=True)
class Changes:
    """What was changed in a time: names of the questions, and names of who did it, each once."""

    names: list[str]
    actors: list[str]


def changes_between(profile: Profile, since: datetime.datetime, until: datetime.datetime) -> Changes:
    """Return what the profile answers differently after that time than before it, and who saved in it."""
    versions = profile.history.order_by("history_id")
    inside = list(versions.filter(history_date__gt=since, history_date__lte=until))
    if not inside:
        return Changes([], [])
    before = versions.filter(history_id__lt=inside[0].history_id).last()
    names = differing(values_of(before or Profile()), values_of(inside[-1]))
    return Changes(names, list(dict.fromkeys(str(record.actor_name) for record in inside if record.actor_name)))


class ProfileDraft(models.Model):
    """What one person has typed for one body, as she typed it, right or wrong; gone once it is published.

    Each person has her own, so nobody finds her half sentences changed by somebody else.
    """

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="profile_drafts", verbose_name="Kommune"
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="profile_drafts", verbose_name="Person")
    # The profile's version she has before her eyes; who publishes sees what others changed since.
    seen = models.PositiveBigIntegerField(default=0)
    typed = models.JSONField("Eingaben", default=dict)
    picture = models.ForeignKey(ProfilePicture, models.SET_NULL, null=True, related_name="+", verbose_name="Bild")
    crest = models.ForeignKey(ProfilePicture, models.SET_NULL, null=True, related_name="+", verbose_name="Wappen")
    saved_at = models.DateTimeField("zwischengespeichert", auto_now=True)

    class Meta:
        verbose_name = "Entwurf eines Profils"
        verbose_name_plural = "Entwürfe von Profilen"
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "person"], name="draft_once_per_person_and_body"),
        ]

    def __str__(self):
        return f"{self.municipality}, {self.person}"


class ProfileDigest(models.Model):
    """A mail that told the office which profiles changed in a time; one a day, however many clocks there are."""

    day = models.DateField("Tag", unique=True)
    since = models.DateTimeField("von")
    until = models.DateTimeField("bis")

    class Meta:
        verbose_name = "Tagesübersicht der Profile"
        verbose_name_plural = "Tagesübersichten der Profile"
        ordering = ["-day"]

    def __str__(self):
        return str(self.day)
