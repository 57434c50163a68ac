"""Working pages of the back office: the year, one meeting's board, and the deeds behind its buttons."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import pdf
from core.dates import today
from core.desk import staff_page
from core.exports import Format, download
from meetings import access, actions, documents, exports, places, planning, programme, rhythm, wishes
from meetings.desk_forms import AddForm, CopyForm, ReasonForm, YearForm
from meetings.models import Agreement, Mode, RegistrationState

# Rows of each list on a board; more are shown when asked for.
_SHOWN = 100
_page = require_http_methods(["GET", "HEAD", "POST"])


@staff_page("meetings.view_meeting")
@require_safe
def year(request):
    """The year at a glance."""
    form = YearForm(request.GET)
    number = form.year
    context = {"year": number, "parts": rhythm.year(number), "before": number - 1, "after": number + 1}
    return render(request, "meetings/desk/year.html", context)


@staff_page("meetings.view_meeting")
@require_safe
def board(request, pk):
    """All about one meeting: numbers, lists, waiting list, and what can be done; a summit has a board of its own."""
    meeting = access.meeting_for_staff(pk)
    if meeting.is_summit and "alles" not in request.GET:
        return redirect("summit_board", pk)
    rows = list(meeting.registrations.for_list().in_list_order())
    lines = places.lines(meeting)
    context = _by_state(rows) | {
        "meeting": meeting,
        "lines": lines,
        "is_full": places.are_full(lines),
        "days": programme.days(meeting),
        "wishes": wishes.grouped(rows),
        "to_take_up": [] if meeting.has_begun else list(Agreement.objects.before(meeting)),
        "to_check": planning.to_check(meeting),
        "untold": meeting.is_announced and meeting.told_sequence != meeting.sequence,
        "invited": meeting.invitations.sent().count(),
        "silent": meeting.invitations.sent().unanswered().count(),
        "reason_form": ReasonForm(),
        "both_modes": len(meeting.modes) > 1,
        "shown": "" if "alle" in request.GET else f":{_SHOWN}",
        "limit": _SHOWN,
        "today": meeting.day <= today() and timezone.now() < meeting.ends_at,
    }
    return render(request, "meetings/desk/board.html", context)


def _by_state(rows) -> dict:
    """The lists of a board and their numbers, each in the order of its rows; who waits by number."""
    return {
        "placed": [row for row in rows if row.has_place],
        "offered": [row for row in rows if row.is_offered],
        "waiting": sorted((row for row in rows if row.is_waiting), key=lambda row: (row.mode, row.number)),
        "unconfirmed": [row for row in rows if row.is_unconfirmed],
        "let_pass": [row for row in rows if row.has_let_pass],
        "cancelled": [row for row in rows if row.is_cancelled and not row.has_let_pass],
        "present": sum(row.was_present for row in rows if row.has_place),
        "concerned": sum(row.is_active for row in rows),
    }


def _deed(request, meeting, verb, done):
    """Do a verb to the meeting; say what happened, or why not. done: takes what the verb returned."""
    try:
        result = verb()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done(result))
    return redirect("meeting_board", meeting.pk)


def _in_a_minute(batch) -> str:
    told = f"Empfänger: {batch.recipients}. Die E-Mails gehen in einer Minute hinaus"
    return f"{told}; bis dahin lässt es sich unter „Heute“ zurücknehmen."


@staff_page("meetings.change_meeting")
@require_POST
def announce(request, pk):
    meeting = access.meeting_for_staff(pk)
    return _deed(
        request, meeting, lambda: planning.announce(meeting), lambda _: "Angekündigt. Eingeladen ist noch niemand."
    )


@staff_page("meetings.change_meeting")
@require_POST
def call_off(request, pk):
    meeting = access.meeting_for_staff(pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["reason"]))
        return redirect("meeting_board", pk)
    return _deed(
        request,
        meeting,
        lambda: planning.call_off(meeting, reason=form.cleaned_data["reason"], by=request.user),
        lambda batch: f"Abgesagt. {_in_a_minute(batch) if batch else 'Zu benachrichtigen war niemand.'}",
    )


@staff_page("meetings.change_meeting")
@require_POST
def tell_change(request, pk):
    meeting = access.meeting_for_staff(pk)
    return _deed(
        request,
        meeting,
        lambda: planning.tell_change(meeting, by=request.user),
        lambda batch: _in_a_minute(batch) if batch else "Zu benachrichtigen war niemand.",
    )


@staff_page("meetings.change_meeting")
@require_POST
def thank(request, pk):
    meeting = access.meeting_for_staff(pk)
    return _deed(request, meeting, lambda: planning.thank(meeting, by=request.user), _in_a_minute)


@staff_page("meetings.add_meeting")
@_page
def copy(request, pk):
    """ "Wie letztes Mal": one question, the day; what should be looked at stands on the new one's board."""
    meeting = access.meeting_for_staff(pk)
    form = CopyForm(request.POST if request.method == "POST" else None, meeting=meeting)
    if form.is_bound and form.is_valid():
        new = planning.copy(meeting, day=form.cleaned_data["day"])
        messages.success(request, f"Entwurf für den {new.when} angelegt. Bitte prüfen Sie, was unten steht.")
        return redirect("meeting_board", new.pk)
    return render(request, "meetings/desk/copy.html", {"meeting": meeting, "form": form})


# --- people in the list -------------------------------------------------------------------------------------------


@staff_page("meetings.change_registration")
@_page
def add(request, pk):
    """Somebody who wrote or called: a stored person, or a new guest."""
    meeting = access.meeting_for_staff(pk)
    form = AddForm(request.POST if request.method == "POST" else None, meeting=meeting)
    if form.is_bound and form.is_valid():
        try:
            row = actions.register(meeting, by_staff=True, **form.values)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{row.person.name}: {row.get_state_display()}.")
            return redirect("meeting_board", pk)
    return render(request, "meetings/desk/add.html", {"meeting": meeting, "form": form})


# What the buttons beside a row do: the word in the address, the verb, and what is said afterwards.
DEEDS = {
    "platz-geben": (actions.give_place, "{name} hat jetzt einen Platz."),
    "absagen": (actions.cancel, "{name} ist abgemeldet."),
    "vor-ort": (lambda row: actions.move(row, mode=Mode.ON_SITE, by_staff=True), "{name} nimmt jetzt vor Ort teil."),
    "online": (lambda row: actions.move(row, mode=Mode.ONLINE, by_staff=True), "{name} nimmt jetzt online teil."),
    "anwesend": (actions.check_in, "{name} ist da."),
    "nicht-anwesend": (lambda row: actions.check_in(row, is_present=False), "{name} ist doch nicht da."),
}


@staff_page("meetings.change_registration")
@require_POST
def deed(request, pk, registration, word):
    meeting = access.meeting_for_staff(pk)
    row = access.registration_for_staff(meeting, registration)
    verb, done = DEEDS[word]
    try:
        verb(row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done.format(name=row.person.name))
    return redirect("door", pk) if "einlass" in request.POST else redirect("meeting_board", pk)


# --- papers -------------------------------------------------------------------------------------------------------

# The word in the address: what makes the file, and its name.
PAPERS = {
    "anwesenheitsliste": (documents.signing_list, "Anwesenheitsliste"),
    "namensschilder": (documents.badges, "Namensschilder"),
    "namensschilder-a6": (partial(documents.badges, large=True), "Namensschilder_A6"),
    "bescheinigungen": (documents.certificates, "Teilnahmebescheinigungen"),
    "essen": (documents.caterer, "Essen"),
}
TABLES = {"anmeldungen": exports.participants, "essen": exports.caterer}


@staff_page("meetings.view_registration")
@require_safe
def paper(request, pk, word):
    meeting = access.meeting_for_staff(pk)
    make, name = PAPERS[word]
    try:
        content = make(meeting)
    except ValidationError as error:  # the portal makes too many of them at the moment
        messages.error(request, " ".join(error.messages))
        return redirect("meeting_board", pk)
    return pdf.download(content, f"{name}_{meeting.day:%d.%m.%Y}")


@staff_page("meetings.view_registration")
@require_safe
def table(request, pk, word, ending):
    if ending not in Format:
        raise Http404
    return download(TABLES[word](access.meeting_for_staff(pk)), ending)


# --- at the door --------------------------------------------------------------------------------------------------


@staff_page("meetings.change_registration")
@require_safe
def door(request, pk):
    """The list for the phone at the door: who is there, who is not."""
    meeting = access.meeting_for_staff(pk)
    rows = list(meeting.registrations.filter(state=RegistrationState.REGISTERED).for_list().in_list_order())
    context = {"meeting": meeting, "rows": rows, "present": sum(row.was_present for row in rows)}
    return render(request, "meetings/desk/door.html", context)


@staff_page("meetings.change_registration")
@_page
def check_in(request, token):
    """What a code leads to: GET shows who it is, POST checks her in."""
    row = access.registration_at_door(token)
    if request.method == "POST":
        actions.check_in(row)
        messages.success(request, f"{row.person.name} ist da.")
        return redirect("check_in", token)
    return render(request, "meetings/desk/check_in.html", {"registration": row, "meeting": row.meeting})
