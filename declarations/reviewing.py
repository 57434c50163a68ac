"""Verbs of those who check and decide: a Rückfrage, "erfüllt", on to the Staatskanzlei, accepted, refused."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core import history
from core.dates import long_date, today
from declarations import emails, signing
from declarations.models import (
    Answer,
    Applicant,
    Application,
    ApplicationState,
    Criterion,
    Nominee,
    Review,
    SignatoryRole,
)
from members import actions, candidacies
from members.models import ContactPerson, Municipality, Person, Profile, ProfileDraft
from members.publishing import keep_draft
from users.models import User

S = ApplicationState


def _locked(application: Application, *states: ApplicationState) -> Application:
    """Return the application as it is now, held; ValidationError (German) if it is at none of these states any more."""
    rows = Application.objects.select_related("municipality", "decided_by", "forwarded_by")
    application = rows.select_for_update(of=("self",)).get(pk=application.pk)
    if application.state not in states:
        raise ValidationError(f"Laden Sie die Seite neu: {_what_happened(application)}")
    return application


def _what_happened(application: Application) -> str:
    """Who was faster, and with what."""
    if application.state in (S.ACCEPTED, S.REFUSED) and application.ended_at:
        day = long_date(timezone.localdate(application.ended_at))
        return f"{application.decided_by or 'Jemand'} hat am {day} entschieden: {application.get_state_display()}."
    if application.state == S.FORWARDED:
        return f"{application.forwarded_by or 'Jemand'} hat den Antrag schon zur Entscheidung gegeben."
    return f"Der Antrag ist inzwischen nicht mehr hier, sondern: {application.get_state_display()}."


def _card(answer: Answer, seen: int, by: User, *states: ApplicationState) -> tuple[Application, Answer]:
    """Return application and card, held. ValidationError (German) if somebody changed the card since that version."""
    application = _locked(answer.application, *states)
    answer = application.answers.select_for_update().get(pk=answer.pk)
    if news := history.changed_since(answer, seen, reader=by):
        raise ValidationError(
            f"Sehen Sie noch einmal hin: {news.who} hat „{answer.section.title}“ inzwischen geändert."
        )
    return application, answer


def _review(answer: Answer, review: Review, comment: str, by: User) -> None:
    answer.review, answer.comment, answer.answered_at = review, comment, None
    answer.reviewed_at, answer.reviewed_by = timezone.now(), by
    answer.full_clean(exclude=["application"])
    answer._history_user = by  # type: ignore[attr-defined]
    answer.save()


@transaction.atomic
def query(answer: Answer, *, comment: str, seen: int, by: User) -> None:
    """Ask the body about one card: it alone is open again, and the mail bears this question alone.

    An application that lay before the Staatskanzlei comes back to the Geschäftsstelle. seen: the card's version that
    the page showed. ValidationError (German) if there is no question, the card changed since, or it is too late.
    """
    application, answer = _card(answer, seen, by, S.SUBMITTED, S.FORWARDED)
    _review(answer, Review.QUERY, comment, by)
    if application.state == S.FORWARDED:
        _move(application, S.SUBMITTED, by)
    # The body's time to answer begins now.
    Application.objects.filter(pk=application.pk).update(saved_at=timezone.now(), reminders=0)
    emails.query(answer)


@transaction.atomic
def mark(answer: Answer, review: Review, *, seen: int, by: User) -> None:
    """Say that a criterion is met, or take that or a question back. ValidationError as `query`."""
    _, answer = _card(answer, seen, by, S.SUBMITTED)
    _review(answer, review, "", by)


@transaction.atomic
def forward(application: Application, *, by: User) -> None:
    """Give the application to the Staatskanzlei; cards that are still open count as met from now on.

    ValidationError (German) while a question is unanswered, or if somebody else was faster.
    """
    application = _locked(application, S.SUBMITTED)
    if application.answers.queried().exists():
        raise ValidationError("Warten Sie auf die Antwort der Kommune, oder nehmen Sie die Rückfrage zurück.")
    for answer in application.answers.select_for_update().exclude(review=Review.MET):
        _review(answer, Review.MET, "", by)
    application.forwarded_at, application.forwarded_by = timezone.now(), by
    _move(application, S.FORWARDED, by)


def _move(application: Application, state: ApplicationState, by: User) -> None:
    application.state = state
    application.full_clean(exclude=["municipality"])
    application._history_user = by  # type: ignore[attr-defined]
    application.save()


@transaction.atomic
def refuse(application: Application, *, reason: str, by: User) -> None:
    """Refuse it with a reason that the body reads. ValidationError (German) without one, or if somebody was faster."""
    Municipality.objects.held(application.municipality_id)
    application = _locked(application, S.FORWARDED)
    _decide(application, S.REFUSED, reason, by)
    candidacies.end(application.municipality)
    emails.refused(application)


@transaction.atomic
def accept(application: Application, *, reason: str = "", by: User) -> None:
    """Accept it, with all that follows: contact persons are entered, their profile and the copy to sign prepared.

    Access begins with the membership, that is with the checked signature: before, there is nothing for them to see.
    ValidationError (German) if somebody was faster, or if no version of the declaration is in force.
    """
    Municipality.objects.held(application.municipality_id)
    application = _locked(application, S.FORWARDED)
    _decide(application, S.ACCEPTED, reason, by)
    for nominee in application.nominees.all():
        if nominee.is_named:
            _enter(application, nominee)
    signing.prepare_copy(application.municipality, signatory=_signatory(application))
    emails.accepted(application)


def _signatory(application: Application) -> signing.Signatory:
    """Who signs: everybody but the head herself signs "in Vertretung"."""
    in_deputy = application.signatory_role != SignatoryRole.HEAD
    return signing.Signatory(application.signatory_name, application.signatory_office, in_deputy)


def _decide(application: Application, state: ApplicationState, reason: str, by: User) -> None:
    application.reason, application.ended_at, application.decided_by = reason, timezone.now(), by
    _move(application, state, by)


def _enter(application: Application, nominee: Nominee) -> None:
    """Make her a contact person of the body, a known person if she is one, and let her follow what comes."""
    typed = nominee.as_person()
    person = Person.objects.known_as(typed) or typed
    body = application.municipality
    known = body.contacts.on().filter(person=person).first() if person.pk else None
    contact = known or ContactPerson(
        person=person,
        municipality=body,
        is_deputy=nominee.is_deputy,
        position=nominee.position,
        started_on=today(),
    )
    actions.save_contact(contact)
    if not application.applicants.filter(email__iexact=nominee.email).exists():
        Applicant.objects.create(application=application, name=nominee.name, email=nominee.email.lower())
    if not nominee.is_deputy:
        _draft_profile(application, contact)


def _draft_profile(application: Application, contact: ContactPerson) -> None:
    """Begin the body's profile with what the application says; she finds it as her draft when she signs in first."""
    body = application.municipality
    if Profile.objects.filter(municipality=body).exists() or body.profile_drafts.exists():
        return
    answers = {answer.criterion: answer for answer in application.answers.all()}
    thanks = answers[Criterion.THANKS]
    typed = {
        "summary": answers[Criterion.SHARED].text[:1000],
        "office_name": contact.position,
        "office_email": contact.person.email,
        "office_phone": contact.person.phone,
        "volunteer_card": thanks.volunteer_card,
        "recognition": " ".join(thanks.text.split())[:300],
    }
    draft = ProfileDraft(municipality=body, person=contact.person)
    keep_draft(draft, {name: [value] for name, value in typed.items()})
