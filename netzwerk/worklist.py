"""The lines of "Heute" out of all apps, and those of the portal's own pages."""

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from core import worklist as core_worklist
from core.dates import long_date
from core.worklist import DECIDE, DO, GROUPS, Group, Line, counted, list_url
from declarations import worklist as declarations_worklist
from mailings import worklist as mailings_worklist
from meetings import worklist as meetings_worklist
from members import worklist as members_worklist
from members.models import ContactPerson, Municipality, Person
from netzwerk.models import BarrierReport, Erasure, TextPage, TidyRun
from users import worklist as users_worklist
from users.models import User

# Every app that has work for staff; each gives a person the lines of her duties only.
_OTHERS = (
    mailings_worklist.lines_for,
    declarations_worklist.lines_for,
    meetings_worklist.lines_for,
    members_worklist.lines_for,
    core_worklist.lines_for,
    users_worklist.lines_for,
)


def groups_for(user: User) -> list[tuple[Group, list[Line]]]:
    """Return the three groups with their lines, in each the oldest first and then what has no age."""
    lines = [*lines_for(user), *(line for lines_of in _OTHERS for line in lines_of(user))]
    lines.sort(key=lambda line: (line.since is None, line.since))
    return [(group, [line for line in lines if line.group == group]) for group in GROUPS]


def lines_for_contact(person: Person | None, functions: list[ContactPerson], bodies: list[Municipality]) -> list[Line]:
    """Return what waits for a contact person in her own area, the oldest first and then what has no age.

    functions: what she is today (members.access.own_functions); bodies: those of them (own_bodies).
    """
    lines = [*meetings_worklist.lines_for_contact(person), *members_worklist.lines_for_contact(functions, bodies)]
    return sorted(lines, key=lambda line: (line.since is None, line.since))


def lines_for(user: User) -> list[Line]:
    return [*_barrier_reports(user), *_gaps(user), *_erasures(user), *_failed_periods(user)]


def _barrier_reports(user: User) -> list[Line]:
    reports = BarrierReport.objects.open().order_by("due_on")
    first = reports.first() if user.has_perm("netzwerk.change_barrierreport") else None
    if first is None:
        return []
    until = f"zu beantworten bis {long_date(first.due_on)}"
    return counted(
        DO,
        reports,
        f"Meldung zur Barrierefreiheit, {until}",
        f"Meldungen zur Barrierefreiheit, die erste {until}",
        label="Beantworten",
        url=list_url("netzwerk_barrierreport", answered_on__isempty="1"),
        since="created_at",
    )


def _gaps(user: User) -> list[Line]:
    """Pages whose text has words in square brackets; which ones, the list says."""
    if not user.has_perm("netzwerk.change_textpage"):
        return []
    count = sum(bool(page.placeholders) for page in TextPage.objects.all())
    text = "Seite der Website mit Lücken im Text" if count == 1 else "Seiten der Website mit Lücken im Text"
    return [Line(DO, text, "Texte ergänzen", list_url("netzwerk_textpage"), count=count)] if count else []


def _erasures(user: User) -> list[Line]:
    """Requests that this account may carry out: not its own (netzwerk.forgetting.erase)."""
    if not user.has_perm("netzwerk.confirm_erasure"):
        return []
    requests = Erasure.objects.open().exclude(requested_by=user)
    return counted(
        DECIDE,
        requests,
        "Person, deren Daten gelöscht werden sollen",
        "Personen, deren Daten gelöscht werden sollen",
        label="Prüfen",
        url=reverse("privacy_register"),
        since="requested_at",
    )


def _failed_periods(user: User) -> list[Line]:
    """Periods that the last night could not keep."""
    if not user.has_perm("netzwerk.confirm_erasure"):
        return []
    latest = TidyRun.objects.filter(key=OuterRef("key")).order_by("-started_at")
    failed = TidyRun.objects.filter(pk=Subquery(latest.values("pk")[:1])).exclude(error="")
    return counted(
        DO,
        failed,
        "Löschfrist, die die letzte Nacht nicht einhalten konnte",
        "Löschfristen, die die letzte Nacht nicht einhalten konnte",
        label="Ansehen",
        url=f"{reverse('privacy_register')}#naechte",
        since="started_at",
    )
