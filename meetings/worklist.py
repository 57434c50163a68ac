"""What meetings ask of the office ("Heute") and of a contact person ("Was steht an?")."""

import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from core.dates import long_date, today
from core.worklist import DO, RUNNING, Line
from meetings import places, rhythm, summit
from meetings.access import own_registrations
from meetings.models import Audience, Documentation, Invitation, Meeting, MeetingKind, Registration
from members.models import Person
from users.models import User

# So long somebody may still know who was there; so far ahead a date is news; more at once are no longer read.
_REMEMBERED, _SOON, _SHOWN = datetime.timedelta(days=60), datetime.timedelta(days=14), 3
# From this month on the office plans the next year.
_PLANNING_FROM = 10


def untold() -> QuerySet[Meeting]:
    """Coming meetings whose new time or place those concerned were not told of."""
    concerned = Registration.objects.concerned().filter(meeting=OuterRef("pk"))
    changed = Meeting.objects.taking_place().exclude(told_sequence=F("sequence"))
    invited = Invitation.objects.sent().filter(meeting=OuterRef("pk"))
    heads = Q(Exists(invited), kind=MeetingKind.SUMMIT)
    return changed.filter(Q(Exists(concerned)) | heads).coming()


def without_invitations() -> QuerySet[Meeting]:
    """Coming meetings for members to which nobody has been invited yet."""
    invited = Invitation.objects.sent().filter(meeting=OuterRef("pk"))
    return Meeting.objects.taking_place().filter(~Exists(invited), audience=Audience.MEMBERS).coming()


def without_presence() -> QuerySet[Meeting]:
    """Meetings of the last two months of which nobody noted who was there."""
    placed = Registration.objects.registered().filter(meeting=OuterRef("pk"))
    lately = Meeting.objects.taking_place().past().filter(last_day__gte=today() - _REMEMBERED)
    return lately.filter(Exists(placed), ~Exists(placed.exclude(present_at=None)))


def without_documentation() -> QuerySet[Meeting]:
    """Meetings of the last two months whose documentation nobody can read yet; the very short ones need none."""
    documented = Documentation.objects.filter(meeting=OuterRef("pk"), published_at__isnull=False)
    lately = Meeting.objects.taking_place().past().filter(last_day__gte=today() - _REMEMBERED)
    return lately.filter(~Exists(documented)).exclude(kind=MeetingKind.SHORT)


def lines_for(user: User) -> list[Line]:
    if not user.has_perm("meetings.change_meeting"):
        return []
    return [
        *(_line(row, "geändert, und niemand weiß es", "Änderung mitteilen", "meeting_board") for row in untold()),
        *(_line(row, "angekündigt, aber niemand ist eingeladen", "Ansehen und einladen", "meeting_board")
          for row in without_invitations()),
        *(_line(row, "wer war da?", "Anwesenheit eintragen", "door") for row in without_presence()),
        *(_line(row, "noch keine Dokumentation", "Dokumentieren", "documentation_desk")
          for row in without_documentation()),
        *_of_summits(),
        *_gaps_of_the_year(),
        *(_next(row) for row in Meeting.objects.taking_place().coming()[:_SHOWN]),
    ]  # fmt: skip


def _line(meeting: Meeting, what: str, label: str, url: str) -> Line:
    return Line(DO, f"„{meeting.title}“, {meeting.when}: {what}", label, reverse(url, args=[meeting.pk]))


def _of_summits() -> list[Line]:
    """What the next summit waits for: inviting, answers, heads who are not known or not in office any more."""
    meeting = Meeting.objects.taking_place().coming().filter(kind=MeetingKind.SUMMIT).first()
    if meeting is None or meeting.has_begun:
        return []
    board = summit.board(meeting)
    here, name = reverse("summit_board", args=[meeting.pk]), f"„{meeting.title}“, {meeting.when}"
    found = []
    if not board.rows:
        found.append(
            Line(DO, f"{name}: noch ist niemand eingeladen", "Einladen", reverse("invite_heads", args=[meeting.pk]))
        )
    if board.left:
        count = len(board.left)
        text = "eine eingeladene Person leitet" if count == 1 else f"{count} eingeladene Personen leiten"
        found.append(Line(DO, f"{name}: {text} die Kommune nicht mehr", "Neu einladen", f"{here}#nicht-mehr"))
    if headless := len(board.guests.headless):
        text = "bei einer Kommune" if headless == 1 else f"bei {headless} Kommunen"
        found.append(Line(DO, f"{name}: {text} fehlt die Spitze", "Nachfragen", f"{here}#ohne-spitze"))
    if board.silent and meeting.register_until and meeting.register_until < today():
        text = f"{name}: {len(board.silent)} ohne Antwort, die Frist ist vorbei"
        found.append(
            Line(DO, text, "Erinnern", reverse("remind_heads", args=[meeting.pk]), since=meeting.register_until)
        )
    return found


def _gaps_of_the_year() -> list[Line]:
    year = today().year + (today().month >= _PLANNING_FROM)
    if not Meeting.objects.filter(year__gte=year - 1).exists():
        return []  # whoever does not plan here is not asked to
    missing = [f"{part.kind.label} ({part.missing})" for part in rhythm.year(year) if part.missing]
    url = f"{reverse('meetings_year')}?jahr={year}"
    return [Line(DO, f"Im Jahr {year} fehlen noch: {', '.join(missing)}", "Jahr planen", url)] if missing else []


def _next(meeting: Meeting) -> Line:
    counts = [
        f"{line.held}{'' if line.seats is None else f' von {line.seats}'} {line.label}"
        f"{f' ({line.waiting} warten)' if line.waiting else ''}"
        for line in places.lines(meeting)
    ]
    text = f"„{meeting.title}“, {meeting.when}: angemeldet {', '.join(counts)}"
    return Line(RUNNING, text, "Ansehen", reverse("meeting_board", args=[meeting.pk]))


def lines_for_contact(person: Person | None) -> list[Line]:
    """What a contact person has to answer, and where she is expected within two weeks."""
    rows = own_registrations(person).filter(
        meeting__state="announced", meeting__begins_at__gt=timezone.now(), state__in=("offered", "registered")
    )
    soon = today() + _SOON
    return [
        *(_offer(row) for row in rows if row.is_offered),
        *(_invitation(row) for row in _unanswered(person)),
        *(_expected(row) for row in rows if row.has_place and row.meeting.day <= soon),
    ]


def _unanswered(person: Person | None) -> list[Invitation]:
    rows = Invitation.objects.sent().unanswered().filter(person=person, meeting__begins_at__gt=timezone.now())
    return [row for row in rows.select_related("meeting") if row.meeting.takes_more]


def _offer(registration: Registration) -> Line:
    until = date_format(registration.offered_until, "j. F, H:i")
    text = f"Für „{registration.meeting.title}“ ist bis {until} Uhr ein Platz für Sie reserviert"
    return Line(DO, text, "Annehmen oder ablehnen", reverse("own_registration", args=[registration.pk]))


def _invitation(invitation: Invitation) -> Line:
    meeting = invitation.meeting
    until = f", Antwort bis {long_date(meeting.register_until)}" if meeting.register_until else ""
    text = f"Einladung: „{meeting.title}“, {meeting.when}{until}"
    return Line(DO, text, "Antworten", reverse("own_invitation", args=[invitation.pk]))


def _expected(registration: Registration) -> Line:
    text = f"Sie sind angemeldet: „{registration.meeting.title}“, {registration.meeting.when}"
    return Line(RUNNING, text, "Ansehen", reverse("own_registration", args=[registration.pk]))
