"""What the portal's searches find of mailings: for readers what their archive holds, for staff all."""

from django.urls import reverse
from django.utils import timezone

from core.dates import long_date
from core.search import Result, holds, snippet
from mailings.access import archive_for
from mailings.models import Mailing
from users.models import User

# The newest are looked through; older ones the archive lists by date.
_NEWEST = 200


def results(user: User, query: str) -> list[Result]:
    """Return the mailings released for this reader that fit, those with the words in their subject first."""
    name = "own_mailing" if user.is_authenticated else "public_mailing"
    rows = archive_for(user, None).select_related("batch").defer("text", "body_html")[:_NEWEST]
    first, then = [], []
    for row in rows:
        is_named = holds(row.subject, query)
        if is_named or holds(f"{row.subject} {row.body_text}", query, inside=False):
            result = Result("Mitteilungen", row.subject, _line(row, query), reverse(name, args=[row.pk]))
            (first if is_named else then).append(result)
    return first + then


def _line(mailing: Mailing, query: str) -> str:
    day = long_date(timezone.localdate(mailing.sent_at))
    return f"{day}: {snippet(mailing.body_text.replace(' {name}', ''), query)}"


def records(user: User, query: str) -> list[Result]:
    """Return the mailings that fit for staff who may see them, each leading to where it is written or stands."""
    if not user.has_perm("mailings.view_mailing"):
        return []
    rows = Mailing.objects.select_related("batch").defer("body_html", "body_text")[:_NEWEST]
    return [
        Result(
            "Informations-E-Mails",
            str(row),
            f"{row.class_name}, {row.standing}, {long_date(timezone.localdate(row.changed_at))}",
            reverse("mailing" if row.can_be_changed else "mailing_release", args=[row.pk]),
        )
        for row in rows
        if holds(str(row), query) or holds(f"{row} {row.text}", query, inside=False)
    ]
