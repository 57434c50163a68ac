"""How a body edits its own profile: what a person has typed and not published yet."""

from django.db import models

from members.models.municipalities import Municipality
from members.models.people import Person
from members.models.profiles import ProfilePicture


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
