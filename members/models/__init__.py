"""Bodies that can be members, their memberships and profiles, and the persons who answer for them."""

from members.models.candidacies import Candidacy, CandidacyStage
from members.models.confirmations import Confirmation
from members.models.editing import ProfileDigest, ProfileDraft
from members.models.hints import Hint
from members.models.import_runs import ImportKind, ImportRun
from members.models.municipalities import Kind, Membership, Municipality, Precision, Regierungsbezirk
from members.models.notes import Note
from members.models.offices import HeadOfAdministration, OuterOffice, SpokespersonRole, SpokespersonTerm
from members.models.people import ContactPerson, FormOfAddress, Person, Visibility, name_key
from members.models.profiles import Profile, ProfilePicture, StrategyStatus, Topic, VolunteerCard

__all__ = [
    "Candidacy",
    "CandidacyStage",
    "Confirmation",
    "ContactPerson",
    "FormOfAddress",
    "HeadOfAdministration",
    "Hint",
    "ImportKind",
    "ImportRun",
    "Kind",
    "Membership",
    "Municipality",
    "Note",
    "OuterOffice",
    "Person",
    "Precision",
    "Profile",
    "ProfileDigest",
    "ProfileDraft",
    "ProfilePicture",
    "Regierungsbezirk",
    "SpokespersonRole",
    "SpokespersonTerm",
    "StrategyStatus",
    "Topic",
    "Visibility",
    "VolunteerCard",
    "name_key",
]
