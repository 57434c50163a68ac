"""What joining asks of the office: applications and signatures to check, to decide, and where others have the word."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.worklist import DECIDE, DO, RUNNING, Line, counted, list_url
from declarations.models import Application, ApplicationState, Signature, SigningRound
from users.models import User

# More at once than these are no longer read one by one.
_SHOWN = 10
_LIST = "declarations_application"
S = ApplicationState


def lines_for(user: User) -> list[Line]:
    applications = (_to_check, _to_decide, _running) if user.has_perm("declarations.view_application") else ()
    signatures = (_signed, _incomplete, _rounds) if user.has_perm("declarations.check_signature") else ()
    return [line for part in (*applications, *signatures) for line in part(user)]


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


def _signed(user: User) -> list[Line]:
    """Signatures to check, one by one; if there are many, the rest as a number."""
    rows = Signature.objects.to_check()
    oldest = list(rows.order_by("recorded_at")[:_SHOWN])
    lines = [
        Line(
            DECIDE,
            f"Unterschrift von {signature.body_name} prüfen",
            "Prüfen",
            reverse("signature", args=[signature.pk]),
            since=timezone.localdate(signature.recorded_at),
        )
        for signature in oldest
    ]
    rest = rows.exclude(pk__in=[signature.pk for signature in oldest])
    url = list_url("declarations_signature", stand="pruefen")
    more = counted(DECIDE, rest, "weitere Unterschrift", "weitere Unterschriften", label="Alle ansehen", url=url)
    return [*lines, *(more if len(oldest) == _SHOWN else [])]


def _incomplete(user: User) -> list[Line]:
    """What is missing of signatures that count: the paper, and for the Staatskanzlei to do, the Land's signature."""
    countersigns = user.has_perm("declarations.countersign_signature")
    return [
        *counted(
            DO,
            Signature.objects.without_original(),
            "Unterzeichnung, deren Original fehlt",
            "Unterzeichnungen, deren Originale fehlen",
            label="Nachfragen",
            url=list_url("declarations_signature", stand="original"),
            since="checked_at",
        ),
        *counted(
            DO if countersigns else RUNNING,
            Signature.objects.without_countersignature(),
            "Unterzeichnung, die das Land noch nicht gegengezeichnet hat",
            "Unterzeichnungen, die das Land noch nicht gegengezeichnet hat",
            label="Gegenzeichnen" if countersigns else "Ansehen",
            url=list_url("declarations_signature", stand="gegenzeichnung"),
            since="signed_on",
        ),
    ]


def _rounds(user: User) -> list[Line]:
    """Rounds whose day has come."""
    return [
        Line(
            DO,
            f"Eintragen, wer bei „{row.title}“ unterzeichnet hat",
            "Eintragen",
            reverse("signing_round", args=[row.pk]),
            since=row.held_on,
        )
        for row in SigningRound.objects.to_record()[:_SHOWN]
    ]
