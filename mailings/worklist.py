"""What mailings ask of the office ("Heute")."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from core.worklist import DECIDE, RUNNING, Line
from mailings.access import can_release
from mailings.models import Mailing
from users.models import User


def lines_for(user: User) -> list[Line]:
    if not user.has_perm("mailings.change_mailing"):
        return []
    return [*(_waiting(row, user) for row in Mailing.objects.waiting()), *map(_planned, Mailing.objects.planned())]


def _waiting(mailing: Mailing, user: User) -> Line:
    since = timezone.localdate(mailing.submitted_at) if mailing.submitted_at else None
    url = reverse("mailing_release", args=[mailing.pk])
    if mailing.problem:
        return Line(DECIDE, f"„{mailing}“ ging nicht hinaus: {mailing.problem}", "Ansehen", url, since=since)
    if can_release(user, mailing):
        return Line(DECIDE, f"E-Mail „{mailing}“ wartet auf Freigabe", "Prüfen", url, since=since)
    return Line(RUNNING, f"Ihre E-Mail „{mailing}“ wartet auf Freigabe durch eine zweite Person", "Ansehen", url, since)


def _planned(mailing: Mailing) -> Line:
    when = date_format(timezone.localtime(mailing.planned_for), "j. F, H:i")
    url = reverse("mailing_release", args=[mailing.pk])
    return Line(RUNNING, f"E-Mail „{mailing}“ ist geplant für {when} Uhr", "Ansehen", url)
