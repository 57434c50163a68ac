"""Pages by personal link and of the own area: one's own place, answering an invitation, own dates as a calendar."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import ical, pdf, qr
from core.history import Actor, acting_as
from core.links import by_link, token_for
from meetings import access, actions, documents, summit_answering, summit_views
from meetings.forms import PlaceForm
from meetings.ical import own_entry
from meetings.models import CalendarLink, Mode
from meetings.places import lines
from meetings.standing import of_registration, standing
from meetings.summit_access import addressee_for, invited_heads_of, papers_of_place
from meetings.views import with_standing

_page = require_http_methods(["GET", "HEAD", "POST"])


def _as(person):
    """What is done by link is done in the name of whom it was sent to."""
    return acting_as(Actor(person.key, person.name))


# --- one's own place ----------------------------------------------------------------------------------------------


@by_link
@_page
def registration(request, token):
    """How it stands, and all that can be done about it; POST changes what was said."""
    row = access.registration_for(token)
    if (url := summit_views.own_invitation_of(row)) is not None:
        return redirect(url)
    if row.is_unconfirmed:
        return render(
            request, "meetings/confirm_guest.html", {"registration": row, "meeting": row.meeting, "token": token}
        )
    form = PlaceForm(request.POST if request.method == "POST" else None, meeting=row.meeting, registration=row)
    if form.is_bound and form.is_valid() and _changed(request, row, form):
        return redirect("registration", token)
    context = {
        "registration": row,
        "meeting": row.meeting,
        "form": form,
        "token": token,
        "standing": standing(row.meeting, row, inside=True) if row.meeting.is_cancelled else of_registration(row),
        "may_change": row.is_active and not row.meeting.has_begun and not row.meeting.is_cancelled,
        "papers": papers_of_place(row),
        "code": _door_code(row) if row.has_place and row.mode == Mode.ON_SITE and not row.meeting.is_over else "",
    }
    return render(request, "meetings/registration.html", context)


def _door_code(row) -> str:
    """The code for the door as a picture; it holds an address that the phone's own camera opens."""
    return qr.picture(settings.SITE_URL + reverse("check_in", args=[token_for(row, access.CHECKING_IN)]))


def _changed(request, row, form) -> bool:
    try:
        with _as(row.person):
            actions.change(row, mode=form.cleaned_data["mode"], details=form.details)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, "Gespeichert.")
    return True


def _do(request, token, verb, done: str):
    row = access.registration_for(token)
    try:
        with _as(row.person):
            verb(row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return redirect("registration", token)


@by_link
@require_POST
def confirm(request, token):
    row = access.registration_for(token)
    try:
        with _as(row.person):
            row = actions.confirm(row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(row.meeting)
    told = "Danke, Sie sind angemeldet." if row.has_place else "Danke. Sie stehen jetzt auf der Warteliste."
    messages.success(request, f"{told} Die Bestätigung kommt per E-Mail.")
    return redirect("registration", token)


@by_link
@require_POST
def accept(request, token):
    return _do(request, token, actions.accept, "Der Platz gehört Ihnen. Die Bestätigung kommt per E-Mail.")


@by_link
@require_POST
def cancel(request, token):
    return _do(request, token, summit_answering.give_back, "Sie haben abgesagt. Danke, dass Sie Bescheid geben.")


@by_link
@require_safe
def own_calendar_file(request, token):
    row = access.registration_for(token)
    return ical.answer(ical.calendar([own_entry(row)]), file_name=f"{row.meeting.slug}.ics")


@by_link
@require_safe
def participants(request, token):
    """Who else takes part, of those who agreed to be named."""
    row, listed = access.participants_for(token)
    listed = list(listed)
    unnamed = row.meeting.registrations.registered().count() - len(listed)
    context = {"meeting": row.meeting, "registration": row, "listed": listed, "unnamed": unnamed, "token": token}
    return render(request, "meetings/participants.html", context)


@by_link
@require_safe
def own_certificate(request, token):
    """The certificate of attendance, for whoever was there."""
    row = access.registration_for(token)
    if not row.was_present:
        raise Http404
    try:
        content = documents.certificate(row)
    except ValidationError as error:  # the portal makes too many of them at the moment
        messages.error(request, " ".join(error.messages))
        return redirect("registration", token)
    return pdf.download(content, f"Teilnahmebescheinigung_{row.meeting.day:%d.%m.%Y}")


# --- answering an invitation --------------------------------------------------------------------------------------


@by_link
@_page
def invitation(request, token):
    """ "Ich komme": name and town are filled in, one button registers; who has answered sees how it stands."""
    asked = access.invitation_for(token)
    if asked is None:
        return summit_views.answer(request, token, addressee_for(token))
    own = access.registration_of(asked.person, asked.meeting)
    if own is not None and (own.is_active or not asked.meeting.takes_more):
        return redirect("registration", token_for(own, access.OWN_PLACE))
    form = PlaceForm(request.POST if request.method == "POST" else None, meeting=asked.meeting)
    if form.is_bound and form.is_valid() and (row := _answered(asked, form)):
        told = "Sie sind angemeldet." if row.has_place else "Sie stehen auf der Warteliste."
        messages.success(request, f"{told} Die Bestätigung kommt per E-Mail.")
        return redirect("registration", token_for(row, access.OWN_PLACE))
    context = {
        "invitation": asked,
        "meeting": asked.meeting,
        "form": form,
        "token": token,
        "standing": standing(asked.meeting, None, inside=True),
        "lines": lines(asked.meeting),
    }
    return render(request, "meetings/invitation.html", context)


def _answered(asked, form):
    try:
        with _as(asked.person):
            return actions.register(
                asked.meeting,
                person=asked.person,
                mode=form.cleaned_data["mode"],
                municipality=asked.municipality,
                details=form.details,
            )
    except ValidationError as error:
        form.add_error(None, error)
        return None


@by_link
@_page
def decline(request, token):
    """ "Ich komme nicht": GET asks, POST says so."""
    asked = access.invitation_for(token)
    if asked is None:
        addressee_for(token)  # Http404 for a link that leads nowhere
        return redirect("invitation", token)
    if request.method == "POST":
        try:
            with _as(asked.person):
                actions.decline(asked)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, "Danke für Ihre Antwort. Sie bekommen dazu keine weitere E-Mail.")
        return redirect("invitation", token)
    return render(request, "meetings/decline.html", {"invitation": asked, "meeting": asked.meeting, "token": token})


# --- the own area -------------------------------------------------------------------------------------------------


@login_required
@require_safe
def own_meetings(request):
    """The dates that concern somebody of the network, with how they stand for her."""
    coming = access.meetings_for(request.user, request.acting_person).coming()
    context = {
        "coming": with_standing(coming, request.acting_person),
        "invited_heads": invited_heads_of(request.acting_person),
    }
    return render(request, "meetings/own_meetings.html", context)


@login_required
@require_safe
def own_registrations(request):
    rows = [row for row in access.own_registrations(request.acting_person) if not row.is_unconfirmed]
    context = {
        "coming": [(row, of_registration(row)) for row in rows if not row.meeting.is_over],
        "past": [row for row in reversed(rows) if row.meeting.is_over and not row.is_cancelled],
        "calendar_url": _calendar_url(request.acting_person),
    }
    return render(request, "meetings/own_registrations.html", context)


def _calendar_url(person) -> str:
    """The address of her own calendar, once she has asked for one."""
    link = CalendarLink.objects.filter(person=person).first() if person else None
    return settings.SITE_URL + reverse("own_calendar", args=[token_for(link, access.SUBSCRIBING)]) if link else ""


@login_required
@require_POST
def subscribe(request):
    """Make the address of her own calendar, or end the one there is: programs that have it find nothing any more."""
    person = request.acting_person
    if person is not None and "beenden" in request.POST:
        CalendarLink.objects.filter(person=person).delete()
        messages.success(request, "Die Adresse Ihres Kalenders gilt nicht mehr.")
    elif person is not None and not person.calendar_links.exists():
        CalendarLink.objects.create(person=person)
    return redirect(f"{reverse('own_registrations')}#kalender")


@login_required
@require_safe
def own_registration(request, pk):
    """From the own area to the page that her mail leads to; the link itself stands on no page."""
    row = access.own_registration_for(request.acting_person, pk)
    return redirect("registration", token_for(row, access.OWN_PLACE))


@login_required
@require_safe
def own_invitation(request, pk):
    """From the own area to the page that the invitation's mail leads to."""
    asked = access.own_invitation_for(request.acting_person, pk)
    return redirect("invitation", token_for(asked, access.ANSWERING))


@require_safe
def own_calendar(request, token):
    link = access.calendar_link_for(token)
    rows = access.own_registrations(link.person).filter(state__in=("registered", "waiting", "offered", "cancelled"))
    text = ical.calendar(map(own_entry, rows), name="Meine Termine im Kommunen-Netzwerk")
    response = ical.answer(text, file_name="meine-termine.ics")
    response.headers["Cache-Control"] = "private, no-store"
    return response
