"""Joining: applications with their cards, persons and files."""

from declarations.models.answers import Answer, Attachment, Nominee, Review
from declarations.models.applications import Applicant, Application, ApplicationState, SignatoryRole
from declarations.models.criteria import Criterion

__all__ = [
    "Answer",
    "Applicant",
    "Application",
    "ApplicationState",
    "Attachment",
    "Criterion",
    "Nominee",
    "Review",
    "SignatoryRole",
]
