"""Verbs of those who apply: ask, confirm, fill in, bring colleagues in, submit, answer, withdraw."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone

from core import history
from core.dates import today
from core.history import Actor, acting_as
from core.models import OutgoingMail
from core.text import one_line
from core.uploads import NewFile, save_with_file
from declarations import emails, signed_files
from declarations.access import applicants_at
from declarations.models import (
    Answer,
    Applicant,
    Application,
    ApplicationState,
    Attachment,
    Criterion,
    Nominee,
    Review,
)
from declarations.models.criteria import PERSONS, RESOLUTION, SIGNATORY
from members import candidacies
from members.models import CandidacyStage, Municipality
from members.publishing import ChangedMeanwhileError

S = ApplicationState
# A stranger who types somebody's address must not fill her mailbox.
_LINKS_A_DAY = 3
# How long a silent application waits for its first and its second reminder.
REMINDERS = (datetime.timedelta(weeks=3), datetime.timedelta(weeks=8))
FIELDS = {
    RESOLUTION: ("resolution_on", "resolution_body", "resolution_result"),
    SIGNATORY: ("signatory_role", "signatory_name", "signatory_office"),
}

NO_LONGER = "Laden Sie die Seite neu: Hier lässt sich gerade nichts ändern, der Antrag ist inzwischen weiter."


def refusal(municipality: Municipality) -> str:
    """Why this body cannot apply now (German, kind), or ""."""
    if municipality.running_membership():
        return (
            f"{municipality.name} ist schon Mitglied. Wer dort zuständig ist, steht auf der Seite der Kommune; die "
            "Geschäftsstelle hilft weiter."
        )
    if Application.objects.running_for(municipality).exists():
        return (
            f"Für {municipality.name} läuft schon ein Antrag. Fragen Sie in Ihrer Verwaltung, wer ihn begonnen hat: "
            "Diese Person kann Sie dazunehmen. Oder rufen Sie die Geschäftsstelle an."
        )
    return ""


@transaction.atomic
def ask(municipality: Municipality, *, name: str, office: str, email: str, message: str = "") -> Application:
    """Take in an interest, which nobody has confirmed yet, and mail the link by which that is done.

    Raises ValidationError (German) for a member and for a body whose application runs. After three mails to one
    address on one day the row is kept and nothing is sent.
    """
    if reason := refusal(municipality):
        raise ValidationError(reason)
    application = Application.objects.create(municipality=municipality, message=message)
    applicant = Applicant(application=application, name=name, office=office, email=email.lower())
    applicant.full_clean()
    applicant.save()
    if _mails_today(email) < _LINKS_A_DAY:
        emails.interest(applicant)
    return application


def _mails_today(address: str) -> int:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    kinds = (emails.INTEREST, emails.LINK)
    return OutgoingMail.objects.filter(to_address__iexact=address, kind__in=kinds, created_at__gte=midnight).count()


@transaction.atomic
def confirm(applicant: Applicant) -> None:
    """Begin the application that was asked for; done twice it stays begun.

    Raises ValidationError (German) if the body became a member, or another application of it was confirmed first.
    """
    municipality = Municipality.objects.held(applicant.application.municipality_id)
    application = _locked(applicant.application)
    if application.state != S.REQUESTED:
        return
    if reason := refusal(municipality):
        raise ValidationError(reason)
    with _acting(applicant):
        application.state, application.saved_at = S.DRAFT, timezone.now()
        application.save()
        for criterion in Criterion:
            Answer.objects.create(application=application, criterion=criterion)
        for is_deputy in (False, True):
            Nominee.objects.create(application=application, is_deputy=is_deputy)
        candidacies.advance(municipality, CandidacyStage.INTERESTED)


def _locked(application: Application) -> Application:
    """Return the application as it is now, held until the end of the transaction."""
    rows = Application.objects.select_related("municipality").select_for_update(of=("self",))
    return rows.get(pk=application.pk)


def _acting(applicant: Applicant) -> Any:
    return acting_as(Actor(applicant.key, applicant.name))


def rows_of(application: Application, key: str) -> list[models.Model]:
    """Return the rows that a section shows, in the order of its forms."""
    if key in Criterion.values:
        return [application.answers.get(criterion=key)]
    return list(application.nominees.all()) if key == PERSONS else [application]


@transaction.atomic
def save(applicant: Applicant, key: str, values: list[Mapping[str, Any]], seen: list[int]) -> None:
    """Keep what was typed into a section: for each of its rows the values that can be stored, by field name.

    seen: the version of each row that the form showed. Raises ChangedMeanwhileError if somebody else changed one of
    these fields since, and ValidationError (German) if the section cannot be changed any more.
    """
    application = _editable(applicant, key)
    for row, typed, version in zip(rows_of(application, key), values, seen, strict=True):
        changed = [name for name, value in typed.items() if getattr(row, name) != value]
        news = history.changed_since(row, version)
        if news and any(change.field in changed for change in news.changes):
            raise ChangedMeanwhileError(news)
        if changed:
            for name in changed:
                setattr(row, name, typed[name])
            with _acting(applicant):
                row.save()
    _touch(application)


def _editable(applicant: Applicant, key: str) -> Application:
    application = _locked(applicant.application)
    if not application.may_edit(key):
        raise ValidationError(NO_LONGER)
    return application


def _touch(application: Application) -> None:
    """Note that somebody of the body was at work; the next reminder counts from here."""
    Application.objects.filter(pk=application.pk).update(saved_at=timezone.now(), reminders=0)


@transaction.atomic
def attach(applicant: Applicant, key: str, new: NewFile) -> Attachment:
    """Keep a checked file as evidence in a section. ValidationError (German) if it is one too many, or too late."""
    application = _editable(applicant, key)
    if application.attachments.filter(section=key).count() >= Attachment.MOST_PER_SECTION:
        raise ValidationError(
            f"Entfernen Sie zuerst eine Datei: Zu jeder Frage passen {Attachment.MOST_PER_SECTION} Dateien."
        )
    attachment = Attachment(
        application=application,
        section=key,
        name=one_line(new.name, 200) or "Datei",
        content_type=new.content_type,
        size=len(new.data),
        added_by=applicant.name,
    )
    attachment.file = ContentFile(new.data, "datei")
    save_with_file(attachment)
    _touch(application)
    return attachment


@transaction.atomic
def detach(applicant: Applicant, attachment: Attachment) -> None:
    """Remove a file. ValidationError (German) if the section cannot be changed any more."""
    application = _editable(applicant, attachment.section)
    attachment.delete()
    _touch(application)


@transaction.atomic
def share(applicant: Applicant, *, name: str, email: str) -> Applicant:
    """Give a colleague a link of her own and mail it to her. ValidationError (German) if she has one, or too late."""
    application = _locked(applicant.application)
    if application.is_ended or not application.is_confirmed:
        raise ValidationError(NO_LONGER)
    colleague = Applicant(application=application, name=name, email=email.lower())
    colleague.full_clean()
    colleague.save()
    emails.link(colleague, shared_by=applicant.name)
    return colleague


@transaction.atomic
def send_links(address: str) -> None:
    """Mail the people at this address their links once more, three times a day at most; nothing to a stranger."""
    for applicant in applicants_at(address):
        if _mails_today(address) < _LINKS_A_DAY:
            emails.link(applicant)


@transaction.atomic
def submit(applicant: Applicant) -> None:
    """Hand a complete application in. ValidationError (German, a sentence for each gap) if something is missing."""
    Municipality.objects.held(applicant.application.municipality_id)
    application = _locked(applicant.application)
    if application.state != S.DRAFT:
        raise ValidationError(NO_LONGER)
    if gaps := application.missing():
        raise ValidationError([sentence for sentences in gaps.values() for sentence in sentences])
    with _acting(applicant):
        application.state = S.SUBMITTED
        application.submitted_at = application.saved_at = timezone.now()
        application.save()
        candidacies.advance(application.municipality, CandidacyStage.APPLYING)
    emails.received(application)


@transaction.atomic
def answer_query(applicant: Applicant, criterion: str) -> None:
    """Give a card back to the office that had asked about it. ValidationError (German) if it says nothing any more."""
    application = _editable(applicant, criterion)
    answer = application.answers.select_for_update().get(criterion=criterion)
    if answer.missing:
        raise ValidationError(answer.missing)
    with _acting(applicant):
        answer.review, answer.answered_at = Review.OPEN, timezone.now()
        answer.save()
    _touch(application)


def hand_in(applicant: Applicant, file: UploadedFile, *, signed_on: datetime.date | None, place: str) -> None:
    """Take in the signed declaration; staff check it, and only then the membership begins.

    ValidationError (German, by field) for a file or day that is refused, or if there is nothing to sign any more.
    Checking takes a second, so it is done in no transaction.
    """
    application = applicant.application
    if not Application.objects.to_sign().filter(pk=application.pk).exists():
        raise ValidationError(NO_LONGER)
    with _acting(applicant):
        signed_files.take_in(application.municipality, file, signed_on=signed_on, place=place, by=applicant.name)


@transaction.atomic
def withdraw(applicant: Applicant, *, reason: str = "") -> None:
    """End an open application at the body's wish; everybody is told, and the data go after their period."""
    Municipality.objects.held(applicant.application.municipality_id)
    application = _locked(applicant.application)
    if not (application.is_open or Application.objects.to_sign().filter(pk=application.pk).exists()):
        raise ValidationError(NO_LONGER)
    with _acting(applicant):
        if application.state == S.ACCEPTED:
            _undo_acceptance(application.municipality)
        application.state, application.reason, application.ended_at = S.WITHDRAWN, reason, timezone.now()
        application.save()
        candidacies.end(application.municipality)
    emails.withdrawn(application)


def _undo_acceptance(municipality: Municipality) -> None:
    """End the functions that acceptance entered; before the membership a body has no others."""
    municipality.profile_drafts.all().delete()
    for contact in municipality.contacts.on():
        contact.ended_on = today()
        contact.save()


@transaction.atomic
def remind() -> int:
    """Remind those whose turn it is and who have been silent, twice at most; return of how many applications."""
    due = 0
    for number, after in enumerate(REMINDERS):
        silent = Application.objects.silent(timezone.now() - after).filter(reminders=number)
        for application in silent.select_for_update(of=("self",)):
            Application.objects.filter(pk=application.pk).update(reminders=number + 1)
            emails.reminder(application)
            due += 1
    return due
