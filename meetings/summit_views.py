"""Pages of a summit by personal link: the three answers, by the head or her outer office, and the papers to read."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core import uploads
from core.history import Actor, acting_as, version_of
from core.links import by_link, token_for
from core.pdf_files import CONTENT_TYPE
from meetings import access, programme, summit_access, summit_answering
from meetings.models import Answer, Reply
from meetings.summit_forms import AnswerForm, PageForm


def answer(request, token, addressee):
    """How it stands, and one form with the three answers; called by the page of invitations, which guards the link."""
    invitation = addressee.invitation
    reply = getattr(invitation, "reply", None)
    version = version_of(Reply, reply.pk) if reply else 0
    values = {"invitation": invitation, "version": version, "own": addressee.is_head}
    posted = request.method == "POST"
    chosen = PageForm(request.GET).value("antwort") or ""
    form = AnswerForm(request.POST if posted else None, chosen=chosen, **values)
    if posted and form.is_valid() and _answered(request, addressee, form):
        return redirect("invitation", token)
    context = {
        "invitation": invitation,
        "addressee": addressee,
        "meeting": invitation.meeting,
        "reply": reply,
        "said": _said(reply, addressee) if reply else "",
        "form": form,
        "token": token,
        "may_answer": _may_answer(invitation),
        "days": programme.days(invitation.meeting),
        "papers": summit_access.papers_of_invitation(addressee),
        "calendar_url": _calendar_url(invitation),
    }
    return render(request, "meetings/summit/answer.html", context)


def _may_answer(invitation) -> bool:
    meeting = invitation.meeting
    return meeting.is_announced and not meeting.has_begun and invitation.in_office


def _answered(request, addressee, form) -> bool:
    person = addressee.person
    try:
        with acting_as(Actor(person.key, person.name)):
            reply = summit_answering.answer(
                addressee.invitation, form.said, by=person, seen=form.cleaned_data["stand"] or 0
            )
    except summit_answering.AnsweredMeanwhileError as error:
        form.add_error(None, error)
        # Shown once, the answer of the other is known; pressing again is a decision.
        newest = Reply.objects.get(invitation=addressee.invitation)
        form.data = form.data.copy()
        form.data["stand"] = str(version_of(Reply, newest.pk))
        return False
    except ValidationError as error:
        form.add_error(None, " ".join(error.messages))
        return False
    messages.success(request, _thanks(reply))
    return True


def _thanks(reply) -> str:
    if reply.answer == Answer.DEPUTY and not reply.deputy.email:
        return "Danke für Ihre Antwort. Bitte geben Sie der Vertretung Tag und Ort selbst weiter."
    if reply.answer == Answer.DEPUTY:
        return f"Danke für Ihre Antwort. {reply.deputy.name} bekommt eine eigene Bestätigung mit Kalendereintrag."
    return "Danke für Ihre Antwort. Die Bestätigung kommt per E-Mail."


def _said(reply, addressee) -> str:
    """In one sentence what was answered, for the first line of the page."""
    person = addressee.invitation.person.name
    match reply.stands, addressee.is_head:
        case Answer.COMES, True:
            return "Sie haben zugesagt."
        case Answer.DECLINES, True if not reply.was_given_back:
            return "Sie haben abgesagt."
        case Answer.DEPUTY, True:
            return f"Sie schicken {reply.deputy.name}, {reply.deputy_office}."
    return f"{person} {reply.text}."


def _calendar_url(invitation) -> str:
    """The calendar file of the head's own place, once she has one."""
    reply = getattr(invitation, "reply", None)
    if reply is None or reply.stands != Answer.COMES:
        return ""
    return reverse("registration_calendar", args=[token_for(reply.registration, access.OWN_PLACE)])


def own_invitation_of(registration) -> str | None:
    """Where a head changes her place: at her invitation, where she may send somebody, too; None for all others."""
    if not registration.meeting.is_summit:
        return None
    rows = registration.meeting.invitations.sent().in_office()
    invitation = rows.filter(person=registration.person).first()
    return reverse("invitation", args=[token_for(invitation, access.ANSWERING)]) if invitation else None


@by_link
@require_safe
def paper(request, token, pk):
    """A paper, for whoever holds the link to an invitation that was accepted."""
    addressee = summit_access.addressee_for(token)
    return _file(request, summit_access.one_of(summit_access.papers_of_invitation(addressee), pk))


@by_link
@require_safe
def place_paper(request, token, pk):
    """A paper, for whoever has a place at a summit: a deputy."""
    papers = summit_access.papers_of_place(access.registration_for(token))
    return _file(request, summit_access.one_of(papers, pk))


def _file(request, row):
    return uploads.attachment(request, uploads.read(row.file), CONTENT_TYPE, f"{row.title}.pdf")
