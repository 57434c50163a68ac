"""Lines of work for "Heute": what staff have to decide, to do or to know of. Each app adds its own in `worklist.py`."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from core.dates import long_date, today
from core.models import Batch, MailService, MailState, OutgoingMail

# What failed longer ago is in the list of mails; here it would only hide what is new.
FAILED_SHOWN = datetime.timedelta(days=14)
# More batches, or rows of another kind, at once than these are no longer read one by one.
_BATCHES_SHOWN, MOST = 5, 10


class Reader(Protocol):
    """Whoever looks: an account that knows what it may do."""

    def has_perm(self, perm: str, /) -> bool: ...


@dataclass(frozen=True)
class Group:
    """One of the three parts of "Heute", and the sentence that stands there when it is empty."""

    slug: str
    label: str
    nothing: str


DECIDE = Group("entscheiden", "Zu entscheiden", "Nichts zu entscheiden.")
DO = Group("erledigen", "Zu erledigen", "Nichts zu erledigen.")
RUNNING = Group("laufend", "Läuft", "Gerade läuft nichts.")
GROUPS = (DECIDE, DO, RUNNING)


@dataclass(frozen=True)
class Line:
    """One line: what it is, since when, and the one button that leads to the finished step.

    text: German, without a full stop. label and url: the button; with `acts` it is a POST to the url, which changes
    something and returns to "Heute". count: stands before the text and links to the url, a list of as many rows.
    since: the day from which the age is counted. about: address of what the text speaks of, where the button acts.
    """

    group: Group
    text: str
    label: str
    url: str
    since: datetime.date | None = None
    count: int | None = None
    acts: bool = False
    about: str = ""

    @property
    def age(self) -> str:
        """The age in words: "heute", "seit gestern", "seit 12 Tagen"; empty if nothing is counted."""
        if self.since is None:
            return ""
        days = (today() - self.since).days
        return "heute" if days <= 0 else "seit gestern" if days == 1 else f"seit {days} Tagen"


def counted(
    group: Group, rows: QuerySet[Any], one: str, many: str, *, label: str, url: str, since: str = ""
) -> list[Line]:
    """Return one line for all rows of a kind, with their number: none if there is no row (one query).

    one, many: what the number counts ("E-Mail", "E-Mails"). url: the list of exactly these rows. since: name of the
    field whose smallest value the age is counted from, a date or a time.
    """
    found = rows.order_by().aggregate(count=Count("pk"), **({"since": Min(since)} if since else {}))
    if not found["count"]:
        return []
    text = one if found["count"] == 1 else many
    return [Line(group, text, label, url, _day(found.get("since")), found["count"])]


def one_by_one(rows: QuerySet[Any], line: Callable[[Any], Line], *, one: str, many: str, url: str) -> list[Line]:
    """Return a line for each row, so that one press leads to it; of more than `MOST` the others are a number.

    rows: those most urgent first. one, many: what the others are called ("weiterer Hinweis"). url: the list of all.
    """
    first = list(rows[:MOST])
    lines = [line(row) for row in first]
    if len(first) < MOST:
        return lines
    rest = rows.exclude(pk__in=[row.pk for row in first])
    return [*lines, *counted(lines[0].group, rest, one, many, label="Alle ansehen", url=url)]


def _day(since: datetime.date | datetime.datetime | None) -> datetime.date | None:
    return timezone.localdate(since) if isinstance(since, datetime.datetime) else since


def list_url(model: str, **query: str) -> str:
    """Return the address of a list of the back office ("members_person") under its filters."""
    return f"{reverse(f'admin:{model}_changelist')}{'?' + urlencode(query) if query else ''}"


def lines_for(user: Reader) -> list[Line]:
    """What the mail queue asks of whoever may decide about it."""
    if not user.has_perm("core.change_outgoingmail"):
        return []
    return [*_sending_waits(), *_uncertain(), *_paused(), *_failed(), *_running()]


def _sending_waits() -> list[Line]:
    """All mail stands still: for a person to decide, or by itself until the mail server is back."""
    service = MailService.now()
    url = reverse("mail_service")
    if service.bounces_error and service.is_well:
        text = "Das Postfach für Rückläufer lässt sich nicht lesen"
        return [Line(DO, text, "Ansehen", url, _day(service.bounces_read_at))]
    if service.stopped_at:
        text = "Der Mailserver weist das Portal ab, alle E-Mails sind angehalten"
        return [Line(DECIDE, text, "Klären und fortsetzen", url, _day(service.stopped_at))]
    if service.away_since:
        text = "Der Mailserver ist nicht erreichbar, E-Mails warten und gehen von selbst hinaus"
        return [Line(RUNNING, text, "Ansehen", url, _day(service.away_since))]
    return []


def _uncertain() -> list[Line]:
    return counted(
        DECIDE,
        OutgoingMail.objects.filter(state=MailState.UNKNOWN),
        "E-Mail, deren Ankunft ungewiss ist",
        "E-Mails, deren Ankunft ungewiss ist",
        label="Entscheiden",
        url=list_url("core_outgoingmail", state__exact=MailState.UNKNOWN),
        since="created_at",
    )


def _paused() -> list[Line]:
    return counted(
        DECIDE,
        Batch.objects.filter(paused_at__isnull=False, taken_back_at=None),
        "angehaltene Sammelsendung",
        "angehaltene Sammelsendungen",
        label="Entscheiden",
        url=list_url("core_batch", paused_at__isempty="0", taken_back_at__isempty="1"),
        since="paused_at",
    )


def _failed() -> list[Line]:
    begin = timezone.localtime() - FAILED_SHOWN
    begin = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    return counted(
        DO,
        OutgoingMail.objects.filter(state=MailState.FAILED, created_at__gte=begin),
        "E-Mail der letzten 14 Tage nicht zustellbar",
        "E-Mails der letzten 14 Tage nicht zustellbar",
        label="Adressen klären",
        url=list_url("core_outgoingmail", state__exact=MailState.FAILED, created_at__gte=str(begin)),
        since="created_at",
    )


def _running() -> list[Line]:
    """Batches on their way, those in their hold with a button to take them back."""
    open_rows = Q(outgoingmail__state__in=[MailState.PENDING, MailState.SENDING])
    on_their_way = Batch.objects.filter(open_rows, paused_at=None, taken_back_at=None)
    batches = on_their_way.annotate(left=Count("outgoingmail")).order_by("-held_until")[:_BATCHES_SHOWN]
    return [_held(batch) if batch.held_until > timezone.now() else _sending(batch) for batch in batches]


def _held(batch: Batch) -> Line:
    when = f"am {moment(batch.send_at)}" if batch.send_at else "in einer Minute"
    text = f"„{batch.title}“ geht {when} an {batch.recipients} Empfänger"
    about = reverse("batch", args=[batch.pk])
    return Line(RUNNING, text, "Zurücknehmen", reverse("take_back_batch", args=[batch.pk]), acts=True, about=about)


def moment(when: datetime.datetime) -> str:
    """Return "12. März 2027 um 10:00 Uhr", in Berlin."""
    local = timezone.localtime(when)
    return f"{long_date(local.date())} um {local:%H:%M} Uhr"


def _sending(batch: Batch) -> Line:
    done = batch.recipients - batch.left  # type: ignore[attr-defined]
    text = f"„{batch.title}“ wird versandt: {done} von {batch.recipients} E-Mails erledigt"
    url = reverse("batch", args=[batch.pk])
    return Line(RUNNING, text, "Ansehen", url, since=_day(batch.created_at))
