"""What the status page of an application shows: where it is, the way as steps, each section with its state."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from core.dates import long_date
from declarations.access import copy_of
from declarations.models import Application, ApplicationState, Criterion, Review
from declarations.models.criteria import SECTIONS, Section

S = ApplicationState
STEPS = ("Ausfüllen", "Prüfen", "Entscheiden", "Unterzeichnen", "Mitglied")
_STEP_OF = {S.DRAFT: 0, S.SUBMITTED: 1, S.FORWARDED: 2, S.ACCEPTED: 3, S.REFUSED: 2, S.WITHDRAWN: 0}


# Once it is handed in: variant, sentence and text; "{since}" is the day of the last step.
_WITH_OTHERS = {
    S.SUBMITTED: (
        "neutral",
        "Der Antrag liegt bei der Geschäftsstelle.",
        "Dort seit {since}. Sie liest Ihre Antworten und meldet sich, meist innerhalb von zwei Wochen.",
    ),
    S.FORWARDED: (
        "neutral",
        "Der Antrag liegt bei der Staatskanzlei.",
        "Dort seit {since}. Die Geschäftsstelle hat ihn geprüft, jetzt wird entschieden.",
    ),
    S.ACCEPTED: (
        "success",
        "Der Beitritt ist angenommen. Jetzt fehlt die Unterschrift.",
        "Entschieden am {since}. Mit der geprüften Unterschrift beginnt die Mitgliedschaft.",
    ),
    S.REFUSED: (
        "warning",
        "Der Beitritt wurde abgelehnt.",
        "Entschieden am {since}. Ein neuer Antrag ist jederzeit möglich.",
    ),
    S.WITHDRAWN: (
        "neutral",
        "Der Antrag ist zurückgezogen.",
        "Zurückgezogen am {since}. Es geschieht nichts weiter.",
    ),
}


@dataclass(frozen=True)
class Part:
    """A section as the status page lists it. state: German; kind: badge variant; may_edit: whether it is open now."""

    section: Section
    state: str
    kind: str
    may_edit: bool


@dataclass(frozen=True)
class Status:
    """The first line: how it stands, since when and who has it, and what comes next."""

    variant: str
    sentence: str
    text: str


def overview(application: Application) -> dict[str, Any]:
    """Return what templates/declarations/application.html takes besides the application."""
    gaps = application.missing()
    member = application.state == S.ACCEPTED and application.municipality.running_membership()
    at = len(STEPS) - 1 if member else _STEP_OF[S(application.state)]
    handed_in = application.municipality.signatures.filter(checked_at=None).order_by("-pk").first()
    parts = [_part(application, section, gaps) for section in SECTIONS]
    next_part, next_label = _next(application, parts, gaps)
    return {
        "status": _status(
            application, gaps, member=bool(member), signed=bool(handed_in and not handed_in.withdrawn_at)
        ),
        "steps": [
            (name, "done" if number < at or member else "now" if number == at else "")
            for number, name in enumerate(STEPS)
        ],
        "parts": parts,
        "next_part": next_part,
        "next_label": next_label,
        "complete": application.state == S.DRAFT and not gaps,
        "is_member": bool(member),
        "copy": copy_of(application),
        "handed_in": handed_in,
        "may_withdraw": application.is_open or (application.state == S.ACCEPTED and not member),
        "colleagues": application.applicants.all(),
    }


def _next(application: Application, parts: list[Part], gaps: dict[str, list[str]]) -> tuple[Part | None, str]:
    """The section where the body goes on, and what its button says; None if nothing is to be filled in."""
    queried = [part for part in parts if part.state == Review.QUERY.label]
    if queried:
        return queried[0], "Rückfrage beantworten"
    open_parts = [part for part in parts if part.section.key in gaps] if application.state == S.DRAFT else []
    begun = any(application.has_content(part.section.key) for part in parts)
    return (open_parts[0], "Weiter ausfüllen" if begun else "Ausfüllen") if open_parts else (None, "")


def _status(application: Application, gaps: dict[str, list[str]], *, member: bool, signed: bool) -> Status:
    standing = application.standing
    since = long_date(timezone.localdate(standing.since))
    if member:
        return Status("member", f"{application.municipality.name} ist Mitglied im Kommunen-Netzwerk.", "Willkommen!")
    if signed and application.state == S.ACCEPTED:
        text = "Die unterzeichnete Erklärung ist angekommen und wird geprüft. Danach beginnt die Mitgliedschaft."
        return Status("neutral", "Die Erklärung liegt bei der Geschäftsstelle.", text)
    if application.is_queried:
        return Status(
            "warning",
            "Die Geschäftsstelle hat eine Rückfrage an Sie.",
            f"Gestellt am {since}. Nur der betroffene Teil ist offen.",
        )
    if application.state == S.DRAFT:
        done = len(SECTIONS) - len(gaps)
        text = (
            "Alles ist beantwortet: Sie können den Antrag einreichen."
            if not gaps
            else f"Begonnen am {since}. {done} von {len(SECTIONS)} Teilen sind fertig."
        )
        return Status("success" if not gaps else "neutral", "Der Antrag liegt bei Ihnen.", text)
    variant, sentence, text = _WITH_OTHERS[S(application.state)]
    return Status(variant, sentence, text.format(since=since))


def _part(application: Application, section: Section, gaps: dict[str, list[str]]) -> Part:
    may_edit = application.may_edit(section.key)
    if section.key in Criterion.values:
        answer = next(answer for answer in application.answers.all() if answer.criterion == section.key)
        if answer.review == Review.QUERY:
            return Part(section, "Rückfrage", "warning", may_edit)
        if answer.review == Review.MET:
            return Part(section, "erfüllt", "success", may_edit)
    if section.key in gaps:
        begun = application.has_content(section.key)
        return Part(section, "angefangen" if begun else "offen", "neutral", may_edit)
    if section.optional and not application.has_content(section.key):
        return Part(section, "freiwillig", "neutral", may_edit)
    return Part(section, "fertig", "success", may_edit)
