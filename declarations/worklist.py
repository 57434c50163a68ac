"""What joining asks of the office: applications and signatures to check, to decide, and where others have the word."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.worklist import DECIDE, DO, MOST, RUNNING, Group, Line, counted, list_url, one_by_one
from declarations.models import Application, Signature, SigningRound
from users.models import User

_LIST = "declarations_application"


def lines_for(user: User) -> list[Line]:
    applications = (_to_check, _to_decide, _running) if user.has_perm("declarations.view_application") else ()
    signatures = (_signed, _incomplete, _rounds) if user.has_perm("declarations.check_signature") else ()
    return [line for part in (*applications, *signatures) for line in part(user)]


def _to_check(user: User) -> list[Line]:
    if not user.has_perm("declarations.review_application"):
        return []
    return _applications(Application.objects.to_check(), _what_to_check, stand="pruefen")


def _what_to_check(application: Application) -> Line:
    text = f"Beitrittsantrag von {application.municipality} prüfen"
    if any(answer.answered_at for answer in application.answers.all()):
        text = f"{application.municipality} hat auf die Rückfrage geantwortet"
    return _application(DO, application, text, "Prüfen")


def _to_decide(user: User) -> list[Line]:
    if not user.has_perm("declarations.decide_application"):
        return []
    return _applications(Application.objects.to_decide(), _what_to_decide, stand="entscheiden")


def _what_to_decide(application: Application) -> Line:
    return _application(
        DECIDE, application, f"Über den Beitritt von {application.municipality} entscheiden", "Entscheiden"
    )


def _application(group: Group, application: Application, text: str, label: str) -> Line:
    since = timezone.localdate(application.standing.since)
    return Line(group, text, label, reverse("review_application", args=[application.pk]), since=since)


def _applications(rows: QuerySet[Application], line: Callable[[Application], Line], *, stand: str) -> list[Line]:
    return one_by_one(
        rows.for_list().order_by("submitted_at"),
        line,
        one="weiterer Beitrittsantrag",
        many="weitere Beitrittsanträge",
        url=list_url(_LIST, stand=stand),
    )


def _running(user: User) -> list[Line]:
    """Where others have the word; a decision of the Staatskanzlei for those who do not decide themselves."""
    rows = Application.objects
    decides = user.has_perm("declarations.decide_application")
    return [
        *_waiting(
            rows.drafts(),
            "Beitrittsantrag, den die Kommune ausfüllt",
            "Beitrittsanträge, die Kommunen ausfüllen",
            stand="entwurf",
            since="created_at",
        ),
        *_waiting(
            rows.queried(),
            "Rückfrage zum Beitritt, auf die eine Antwort fehlt",
            "Rückfragen zum Beitritt, auf die Antworten fehlen",
            stand="rueckfrage",
            since="saved_at",
        ),
        *_waiting(
            rows.to_sign(),
            "angenommener Beitritt ohne Unterschrift",
            "angenommene Beitritte ohne Unterschrift",
            stand="unterschrift",
            since="ended_at",
        ),
        *_waiting(
            rows.none() if decides else rows.to_decide(),
            "Beitrittsantrag bei der Staatskanzlei",
            "Beitrittsanträge bei der Staatskanzlei",
            stand="entscheiden",
            since="forwarded_at",
        ),
    ]


def _waiting(rows: QuerySet[Application], one: str, many: str, *, stand: str, since: str) -> list[Line]:
    return counted(RUNNING, rows, one, many, label="Ansehen", url=list_url(_LIST, stand=stand), since=since)


def _signed(user: User) -> list[Line]:
    """Signatures to check."""
    return one_by_one(
        Signature.objects.to_check().order_by("recorded_at"),
        _signature,
        one="weitere Unterschrift",
        many="weitere Unterschriften",
        url=list_url("declarations_signature", stand="pruefen"),
    )


def _signature(signature: Signature) -> Line:
    text = f"Unterschrift von {signature.body_name} prüfen"
    since = timezone.localdate(signature.recorded_at)
    return Line(DECIDE, text, "Prüfen", reverse("signature", args=[signature.pk]), since=since)


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
        for row in SigningRound.objects.to_record()[:MOST]
    ]
