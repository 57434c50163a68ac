"""Working pages of the back office: the composer, its preview, the audience, the release."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import history
from core.desk import staff_page
from core.headers import mail_in_sandbox
from core.worklist import list_url
from mailings import access, actions, audiences, emails, enclosures, releasing
from mailings.desk_forms import AudienceForm, BlockForm, ComposeForm, ReleaseForm
from mailings.models import Mailing
from meetings.access import meeting_for_staff
from members.models import Person

_page = require_http_methods(["GET", "HEAD", "POST"])


@staff_page("mailings.add_mailing")
@require_POST
def write(request):
    return redirect("mailing", actions.write(by=request.user).pk)


@staff_page("mailings.add_mailing")
@require_POST
def write_invitation(request, pk):
    """ "Einladung schreiben" on a meeting's page. To a summit heads are invited, by letters of their own."""
    meeting = meeting_for_staff(pk)
    if meeting.is_summit:
        return redirect("invite_heads", pk)
    return redirect("mailing", actions.write_invitation(meeting, by=request.user).pk)


@staff_page("mailings.add_mailing")
@require_POST
def copy(request, pk):
    mailing = access.mailing_for_staff(pk)
    new = actions.copy(mailing, by=request.user)
    messages.success(request, "Neuer Entwurf mit demselben Text und derselben Auswahl.")
    if mailing.enclosed_file:
        messages.info(request, f"Ohne Anlage: Hängen Sie „{mailing.enclosed_file}“ wieder an, wenn sie noch passt.")
    return redirect("mailing", new.pk)


@staff_page("mailings.change_mailing")
@csp_replace({"frame-src": [SELF]})
@_page
@transaction.atomic
def compose(request, pk):
    """Writing. Whatever button is pressed, what was typed is kept first."""
    mailing = access.mailing_for_staff(pk)
    if not mailing.can_be_changed:
        return redirect("mailing_release", pk)
    form = ComposeForm(*([request.POST, request.FILES] if request.method == "POST" else []), mailing=mailing)
    quietly = "quietly" in request.POST
    if form.is_bound and form.is_valid() and not form.has_news(request.user):
        if not _stored(request, mailing, form):
            return HttpResponse(status=409) if quietly else redirect("mailing", pk)
        if quietly:  # static/js/draft.js
            return HttpResponse(status=204, headers={"X-Seen": str(history.version_of(Mailing, pk))})
        return _next(request, pk)
    if quietly:
        return HttpResponse(status=409)
    selection = audiences.select(mailing)
    context = {"mailing": mailing, "form": form, "blocks": BlockForm(), "selection": selection}
    return render(
        request, "mailings/desk/compose.html", context | {"can_release": access.can_release(request.user, mailing)}
    )


def _stored(request, mailing, form) -> bool:
    values = form.values
    if "put" in request.POST and (block := form.cleaned_data["block"]):
        values["text"] = f"{values['text'].rstrip()}\n\n{block}\n"
    try:
        mailing = actions.change(mailing, values, by=request.user)
        if new := form.cleaned_data["file"]:
            actions.enclose(mailing, new, by=request.user)
        elif "remove_file" in request.POST:
            actions.remove_file(mailing, by=request.user)
    except ValidationError as error:
        if "quietly" not in request.POST:
            messages.error(request, " ".join(error.messages))
        return False
    return True


def _next(request, pk):
    """Where the pressed button leads, the text being kept."""
    mailing = access.mailing_for_staff(pk)
    try:
        if "test" in request.POST:
            actions.send_test(mailing, to=request.user)
            messages.success(request, f"Test an {request.user.email} abgeschickt.")
        elif "submit" in request.POST:
            return _submitted(request, mailing)
        elif "release" in request.POST:
            actions.check(mailing)
            return redirect("mailing_release", pk)
        elif "audience" in request.POST:
            return redirect("mailing_audience", pk)
        elif "put" not in request.POST:
            messages.success(request, "Gespeichert. Noch geht nichts hinaus.")
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
    return redirect("mailing", pk)


def _submitted(request, mailing):
    """ "Zur Freigabe geben": with the number that stood beside the button."""
    selection = audiences.select(mailing)
    if not selection.count:
        raise ValidationError(releasing.NOBODY)
    actions.submit(mailing, by=request.user)
    messages.success(
        request, f"Zur Freigabe gegeben: {selection.in_words}. Eine zweite Person sieht sie unter „Heute“."
    )
    return redirect("mailing_release", mailing.pk)


@staff_page("mailings.view_mailing")
@mail_in_sandbox
@_page
def preview(request, pk, part):
    """The mail as a made-up reader gets it, into the frame of the page; after POST with what stands in the form."""
    mailing = access.mailing_for_staff(pk)
    if request.method == "POST":
        form = ComposeForm(request.POST, mailing=mailing)
        if not form.is_valid():
            return _plainly("\n\n".join(error for errors in form.errors.values() for error in errors))
        for name, value in form.values.items():
            setattr(mailing, name, value)
    try:
        letter = emails.preview(mailing)
    except ValidationError as error:
        return _plainly("\n\n".join(error.messages))
    if part == "html":
        return HttpResponse(letter.html)
    enclosed = f"Anlage: {mailing.enclosed_file}\n" if mailing.enclosed_file else ""
    return _plainly(f"Betreff: {letter.subject}\n{enclosed}\n{letter.text}")


@staff_page("mailings.view_mailing")
@require_safe
def enclosed(request, pk):
    return enclosures.send(request, access.file_of(access.mailing_for_staff(pk)))


def _plainly(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@staff_page("mailings.change_mailing")
@_page
@transaction.atomic
def audience(request, pk):
    """Whom, with number and names by body, and who is left out and why."""
    mailing = access.mailing_for_staff(pk)
    if not mailing.can_be_changed:
        return redirect("mailing_release", pk)
    form = AudienceForm(request.POST if request.method == "POST" else None, mailing=mailing)
    if form.is_bound and form.is_valid():
        if not _done(request, actions.change, mailing, form.values, by=request.user):
            return redirect("mailing_release", pk)
        mailing = access.mailing_for_staff(pk)
        messages.success(request, f"Auswahl gespeichert: {audiences.select(mailing).in_words}.")
        return redirect("mailing", pk) if "done" in request.POST else redirect("mailing_audience", pk)
    mailing = access.mailing_for_staff(pk)  # as it is stored, whatever the form holds
    context = {"mailing": mailing, "form": form, "selection": audiences.select(mailing)}
    return render(request, "mailings/desk/audience.html", context)


@staff_page("mailings.change_mailing")
@require_POST
def single(request, pk, person, word):
    """The button beside a name: leave her out, or take her back in."""
    mailing = access.mailing_for_staff(pk)
    known = Person.objects.filter(pk=person)
    added, left_out = mailing.added.exclude(pk=person), mailing.left_out.exclude(pk=person)
    values = {"added": list(added), "left_out": list(left_out | known if word == "auslassen" else left_out)}
    if word == "dazunehmen":
        values["added"] = list(mailing.added.all())
    _done(request, actions.change, mailing, values, by=request.user)
    return redirect("mailing_audience", pk)


def _done(request, verb, *args, **values) -> bool:
    """Do it, or say why it cannot be done."""
    try:
        verb(*args, **values)
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return False
    return True


@staff_page("mailings.view_mailing")
@csp_replace({"frame-src": [SELF]})
@_page
def release(request, pk):
    """The mail, the number and the names once more; then it goes out. Afterwards how it stands."""
    mailing = access.mailing_for_staff(pk)
    selection = audiences.select(mailing) if not mailing.is_sent else None
    form = None
    if mailing.can_be_changed and access.can_release(request.user, mailing):
        form = ReleaseForm(request.POST if request.method == "POST" else None, mailing=mailing, count=selection.count)
        if form.is_bound and form.is_valid() and _released(request, mailing, form):
            return redirect("mailing_release", pk)
    elif request.method == "POST":
        messages.error(request, "Die E-Mail ist schon freigegeben, oder Sie haben sie selbst verfasst.")
        return redirect("mailing_release", pk)
    context = {"mailing": mailing, "selection": selection, "form": form, "limit": releasing.TYPED_ABOVE}
    context |= {"counts": _counts(mailing), "passed_on": mailing.passed_on.select_related("giver", "receiver", "batch")}
    return render(request, "mailings/desk/release.html", context)


def _counts(mailing) -> list[tuple[str, int, str]]:
    """What has become of how many, each with the list of these mails."""
    counts = mailing.batch.counts() if mailing.batch else {}
    return [
        (state.label, count, list_url("core_outgoingmail", state__exact=state, batch__id__exact=str(mailing.batch_id)))
        for state, count in counts.items()
        if count
    ]


def _released(request, mailing, form) -> bool:
    data = form.cleaned_data
    try:
        mailing = releasing.release(
            mailing, by=request.user, expected=data["anzahl"], seen_at=data["stand"], planned_for=form.planned_for
        )
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return True
    if mailing.is_sent:
        messages.success(
            request,
            f"Empfänger: {mailing.batch.recipients}. In einer Minute geht es los; so lange lässt es sich zurücknehmen.",
        )
    else:
        when = date_format(timezone.localtime(mailing.planned_for), "j. F Y, H:i")
        messages.success(request, f"Freigegeben. Die E-Mail geht am {when} Uhr hinaus.")
    return True


@staff_page("mailings.change_mailing")
@require_POST
def back(request, pk):
    """Out of a colleague's hands, or out of the plan."""
    mailing = access.mailing_for_staff(pk)
    if not _done(request, actions.back_to_draft, mailing):
        return redirect("mailing_release", pk)
    messages.success(request, "Wieder ein Entwurf. Es geht nichts hinaus.")
    return redirect("mailing", pk)


@staff_page("mailings.delete_mailing")
@require_POST
def discard(request, pk):
    mailing = access.mailing_for_staff(pk)
    if not _done(request, actions.discard, mailing):
        return redirect("mailing_release", pk)
    messages.success(request, f"„{mailing}“ ist verworfen.")
    return redirect("admin:mailings_mailing_changelist")
