"""What applications ask of the office: to check, to decide, and where others have the word."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.worklist import DECIDE, DO, RUNNING, Line, counted, list_url
from declarations.models import Application, ApplicationState
from users.models import User

# More at once than these are no longer read one by one.
_SHOWN = 10
_LIST = "declarations_application"
S = ApplicationState


def lines_for(user: User) -> list[Line]:
    if not user.has_perm("declarations.view_application"):
        return []
    return [*_to_check(user), *_to_decide(user), *_running(user)]


def _to_check(user: User) -> list[Line]:
    if not user.has_perm("declarations.review_application"):
        return []
    url = list_url(_LIST, stand="pruefen")
    return _one_by_one(DO, Application.objects.to_check(), "Prüfen", url, _what_to_check)


def _what_to_check(application: Application) -> str:
    answered = [answer for answer in application.answers.all() if answer.answered_at]
    if answered:
        return f"{application.municipality} hat auf die Rückfrage geantwortet"
    return f"Beitrittsantrag von {application.municipality} prüfen"


def _to_decide(user: User) -> list[Line]:
    if not user.has_perm("declarations.decide_application"):
        return []
    url = list_url(_LIST, stand="entscheiden")
    return _one_by_one(
        DECIDE,
        Application.objects.to_decide(),
        "Entscheiden",
        url,
        lambda application: f"Über den Beitritt von {application.municipality} entscheiden",
    )


def _one_by_one(group, applications: QuerySet[Application], label: str, url: str, text) -> list[Line]:
    """Applications one by one, so that one press leads to each; if there are many, the rest as a number."""
    oldest = list(applications.for_list().order_by("submitted_at")[:_SHOWN])
    lines = [
        Line(
            group,
            text(application),
            label,
            reverse("review_application", args=[application.pk]),
            since=timezone.localdate(application.standing.since),
        )
        for application in oldest
    ]
    if len(oldest) < _SHOWN:
        return lines
    rest = applications.exclude(pk__in=[application.pk for application in oldest])
    more = counted(group, rest, "weiterer Beitrittsantrag", "weitere Beitrittsanträge", label="Alle ansehen", url=url)
    return [*lines, *more]


def _running(user: User) -> list[Line]:
    applications = Application.objects
    lines = [
        (
            applications.drafts(),
            "Beitrittsantrag, den die Kommune ausfüllt",
            "Beitrittsanträge, die Kommunen ausfüllen",
            "entwurf",
            "created_at",
        ),
        (
            applications.queried(),
            "Rückfrage zum Beitritt, auf die eine Antwort fehlt",
            "Rückfragen zum Beitritt, auf die Antworten fehlen",
            "rueckfrage",
            "saved_at",
        ),
        (
            applications.to_sign(),
            "angenommener Beitritt ohne Unterschrift",
            "angenommene Beitritte ohne Unterschrift",
            "unterschrift",
            "ended_at",
        ),
    ]
    if not user.has_perm("declarations.decide_application"):
        lines.append(
            (
                applications.to_decide(),
                "Beitrittsantrag bei der Staatskanzlei",
                "Beitrittsanträge bei der Staatskanzlei",
                "entscheiden",
                "forwarded_at",
            )
        )
    return [
        line
        for rows, one, many, word, since in lines
        for line in counted(RUNNING, rows, one, many, label="Ansehen", url=list_url(_LIST, stand=word), since=since)
    ]
