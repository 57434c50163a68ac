"""Joining (applications with their cards, persons and files), the declaration's versions, signatures and rounds."""

from declarations.models.answers import Answer, Attachment, Nominee, Review
from declarations.models.applications import Applicant, Application, ApplicationState, SignatoryRole
from declarations.models.criteria import Criterion
from declarations.models.declarations import Declaration
from declarations.models.rounds import RoundEntry, SigningRound
from declarations.models.signatures import Method, Signature, SigningCopy

__all__ = [
    "Answer",
    "Applicant",
    "Application",
    "ApplicationState",
    "Attachment",
    "Criterion",
    "Declaration",
    "Method",
    "Nominee",
    "Review",
    "RoundEntry",
    "SignatoryRole",
    "Signature",
    "SigningCopy",
    "SigningRound",
]
