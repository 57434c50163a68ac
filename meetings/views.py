"""Public pages of meetings: the list, one meeting, calendar and feed, and registering."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import etag, require_http_methods, require_safe

from core import ical, markdown, revision
from core.dates import today
from core.page_cache import keep_page
from meetings import access, actions, documentation_access, moved, programme, structured
from meetings.feeds import MeetingsFeed
from meetings.forms import FilterForm, GuestForm, OwnPlaceForm
from meetings.ical import public_entries
from meetings.models import Meeting
from meetings.standing import standing
from members.views import ask_again

_PAST_SHOWN = 10
# Each registration of a guest is a mail to an address that she types; behind one IP may sit a whole town hall.
GUESTS = {"guest": "20/10m/ip"}
# Raised when the calendar changes its form (core.revision.tag).
CALENDAR_FORM = 1


@require_safe
@keep_page("art", "jahr")
def meetings(request):
    public = Meeting.objects.public().for_list()
    form = FilterForm(request.GET, meetings=Meeting.objects.public())
    chosen = form.chosen()
    found = public.filter(kind=chosen["art"]) if "art" in chosen else public
    if "jahr" in chosen:
        found = found.filter(year=int(chosen["jahr"]))
    past = found.past()
    context = {
        "form": form,
        "chosen": chosen,
        "coming": with_standing(found.coming(), request.acting_person),
        "past": with_documentation(past if "jahr" in chosen else past[:_PAST_SHOWN]),
        "more": "jahr" not in chosen and past.count() > _PAST_SHOWN,
        "fields": [form["art"], form["jahr"]],
        "webcal": f"webcal{settings.SITE_URL.removeprefix('http').removeprefix('s')}{reverse('meetings_calendar')}",
    }
    return render(request, "meetings/meetings.html", context)


def with_standing(meetings, person):
    """Each meeting with how it stands for this person, in two or three words; by one query more."""
    rows = list(meetings)
    own = {row.meeting_id: row for row in access.own_registrations(person).filter(meeting__in=rows)}
    return [
        (row, standing(row, own[row.pk], inside=True).short if row.pk in own else "fällt aus" * row.is_cancelled)
        for row in rows
    ]


def with_documentation(meetings):
    """Each meeting with the word that says whether everybody can read its documentation."""
    return [(row, "dokumentiert" if documentation_access.has_public(row) else "") for row in meetings]


@require_safe
@ask_again
@etag(lambda request: revision.tag(CALENDAR_FORM))
def calendar(request):
    """The public meetings since the beginning of last year, for calendar programs that subscribe."""
    since = Meeting.objects.public().filter(year__gte=today().year - 1).order_by("begins_at")
    text = ical.calendar(public_entries(since), name="Kommunen-Netzwerk: Termine")
    return ical.answer(text, file_name="termine.ics")


@require_safe
@ask_again
@etag(lambda request: revision.tag(CALENDAR_FORM))
def feed(request):
    return MeetingsFeed()(request)


@require_safe
@moved.follow
def meeting(request, year, slug):
    """One meeting; programme and registration of one for members only to those for whom it is."""
    row = access.meeting_for(request.user, request.acting_person, year, slug)
    inside = access.can_see_inside(request.user, request.acting_person, row)
    own = access.registration_of(request.acting_person, row)
    context = {
        "meeting": row,
        "inside": inside,
        "standing": standing(row, own, inside=inside),
        "days": programme.days(row) if inside else [],
        "description": markdown.render(row.description) if inside and row.description else "",
        "topics": row.topics.all() if inside else [],
        "documented": documentation_access.is_readable(request.user, request.acting_person, row),
        "structured": structured.event(row) if access.is_public(row) else None,
    }
    return render(request, "meetings/meeting.html", context)


@require_safe
@moved.follow
def meeting_calendar(request, year, slug):
    row = access.meeting_for(request.user, request.acting_person, year, slug)
    return ical.answer(ical.calendar(public_entries([row])), file_name=f"{row.slug}.ics")


@require_http_methods(["GET", "HEAD", "POST"])
@moved.follow
def register(request, year, slug):
    """Two clicks for somebody who is signed in; a form with a mail to confirm for a guest."""
    row, person = access.meeting_for(request.user, request.acting_person, year, slug), request.acting_person
    if not access.can_see_inside(request.user, person, row):
        return redirect_to_login(request.get_full_path())
    own = access.registration_of(person, row)
    if row.is_summit or not row.takes_more or (own is not None and own.is_active):
        return redirect(row)
    form_class = OwnPlaceForm if person else GuestForm
    values = {"meeting": row, "person": person} if person else {"meeting": row}
    form = form_class(request.POST if request.method == "POST" else None, **values)
    if form.is_bound and form.is_valid():
        answer = _registered(request, row, form) if person else _guest_taken_in(request, row, form)
        if answer:
            return answer
    return render(request, "meetings/register.html", {"meeting": row, "form": form, "person": person})


def _registered(request, meeting, form):
    person = request.acting_person
    try:
        own = actions.register(
            meeting,
            person=person,
            mode=form.cleaned_data["mode"],
            municipality=access.body_of(person),
            details=form.details,
        )
        along = [
            actions.register(
                meeting,
                person=other,
                mode=form.cleaned_data["mode"],
                municipality=access.body_of(other),
                registered_by=person,
            )
            for other in form.along
        ]
    except ValidationError as error:
        form.add_error(None, error)
        return None
    messages.success(request, _told(own, along))
    return redirect(meeting)


def _told(registration, along) -> str:
    like_her = [row.person.name for row in along if row.has_place == registration.has_place]
    others = [row.person.name for row in along if row.has_place != registration.has_place]
    too = f", ebenso {', '.join(like_her)}" if like_her else ""
    if registration.has_place:
        waits = f" Auf der Warteliste: {', '.join(others)}." if others else ""
        return f"Sie sind angemeldet{too}.{waits} Die Bestätigung mit Kalendereintrag kommt per E-Mail."
    placed = f" Angemeldet: {', '.join(others)}." if others else ""
    return f"Sie stehen auf der Warteliste{too}.{placed} Wird ein Platz frei, kommt eine E-Mail."


def _guest_taken_in(request, meeting, form):
    if not ratelimit.consume(request, app="meetings", action="guest", config=GUESTS):
        return render(request, "429.html", status=429)
    try:
        actions.register_guest(meeting, person=form.person, mode=form.cleaned_data["mode"], details=form.details)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    return render(request, "meetings/guest_told.html", {"meeting": meeting, "address": form.cleaned_data["email"]})
