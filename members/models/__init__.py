"""Bodies that can be members, their memberships and profiles, and the persons who answer for them."""

from members.models.municipalities import Kind, Membership, Municipality, Precision, Regierungsbezirk
from members.models.people import ContactPerson, Person, Visibility
from members.models.profiles import Profile, StrategyStatus, Topic, VolunteerCard

__all__ = [
    "ContactPerson",
    "Kind",
    "Membership",
    "Municipality",
    "Person",
    "Precision",
    "Profile",
    "Regierungsbezirk",
    "StrategyStatus",
    "Topic",
    "Visibility",
    "VolunteerCard",
]
