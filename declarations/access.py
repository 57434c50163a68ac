"""Who may see and do what with an application to join; the only door to these rows."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from core.links import row_for
from declarations.models import Answer, Applicant, Application, ApplicationState, Attachment, SigningCopy
from declarations.models.criteria import BY_KEY, Section

# What the personal link of an applicant is for.
APPLYING = "apply"


def applicant_for(token: str) -> Applicant | None:
    """Return whose link this is, with the application and its body; None for a link that leads nowhere."""
    return row_for(Applicant.objects.select_related("application__municipality"), APPLYING, token)


def section_for(key: str) -> Section:
    """Return a section of the application; Http404 for a word that is none."""
    section = BY_KEY.get(key)
    if section is None:
        raise Http404
    return section


def attachment_for(application: Application, public_id: UUID) -> Attachment:
    """Return a file of this application; Http404 for one of another."""
    attachment = application.attachments.filter(public_id=public_id).first()
    if attachment is None:
        raise Http404
    return attachment


def copy_for(application: Application) -> SigningCopy:
    """Return what the body signs, the newest if several were prepared; Http404 as long as there is nothing to sign."""
    copy = copy_of(application)
    if application.state != ApplicationState.ACCEPTED or copy is None:
        raise Http404
    return copy


def copy_of(application: Application) -> SigningCopy | None:
    """Return the newest copy that was prepared for the body of this application."""
    return application.municipality.signing_copies.order_by("-created_at", "-pk").first()


def applicants_at(address: str) -> QuerySet[Applicant]:
    """Return the links that people at this mailbox have to applications that are not ended; none for a stranger."""
    ended = (ApplicationState.REFUSED, ApplicationState.WITHDRAWN)
    applicants = Applicant.objects.filter(email__iexact=address).exclude(application__state__in=ended)
    return applicants.select_related("application__municipality")


def application_for(pk: int) -> Application:
    """Return a confirmed application, for staff; Http404 if there is none."""
    confirmed = Application.objects.exclude(state=ApplicationState.REQUESTED)
    application = confirmed.select_related("municipality__kreis", "forwarded_by", "decided_by").filter(pk=pk).first()
    if application is None:
        raise Http404
    return application


def answer_for(application: Application, criterion: str) -> Answer:
    """Return a card of this application; Http404 if it has none of this name."""
    answer = application.answers.filter(criterion=criterion).first()
    if answer is None:
        raise Http404
    return answer
