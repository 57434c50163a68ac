"""Personal data of those who apply or sign for a body, and how long they are kept (see `core.personal`)."""

from django.db import transaction
from django.db.models import Q, QuerySet

from core.personal import Activity, Fields, Record, Subject
from core.retention import Retention, Span, Unit
from declarations.models import (
    Answer,
    Applicant,
    Application,
    ApplicationState,
    Attachment,
    Declaration,
    Nominee,
    RoundEntry,
    Signature,
    SigningCopy,
    SigningRound,
)
from members import candidacies

S = ApplicationState
# Long enough for a mailbox that is read after a holiday, short enough for a stranger's address.
REQUESTS_KEPT = Span(7, Unit.DAYS)
# "unsent drafts: 12 months", "withdrawn or refused applications: 6 months".
DRAFTS_KEPT = Span(12, Unit.MONTHS)
ENDED_KEPT = Span(6, Unit.MONTHS)
# What was decided and why can be asked for as long as claims against an administration usually are (§ 195 BGB).
ACCEPTED_KEPT = Span(3, Unit.YEARS)


def forget_requests() -> int:
    """Delete interests that nobody confirmed within seven days; return how many."""
    return _forget(Application.objects.filter(state=S.REQUESTED, created_at__lt=REQUESTS_KEPT.ago()))


@transaction.atomic
def forget_drafts() -> int:
    """Delete applications that nobody touched for 12 months and end their candidacies; return how many."""
    old = Application.objects.drafts().filter(saved_at__lt=DRAFTS_KEPT.ago())
    for application in old.select_related("municipality"):
        candidacies.end(application.municipality)
    return _forget(old)


def forget_ended() -> int:
    """Delete what was refused or withdrawn six months ago, files and all versions included; return how many."""
    return _forget(Application.objects.filter(state__in=(S.REFUSED, S.WITHDRAWN), ended_at__lt=ENDED_KEPT.ago()))


def forget_accepted() -> int:
    """Delete applications accepted three years ago; signature and membership stay. Return how many."""
    return _forget(Application.objects.filter(state=S.ACCEPTED, ended_at__lt=ACCEPTED_KEPT.ago()))


@transaction.atomic
def _forget(applications: QuerySet[Application]) -> int:
    """Delete them with cards, persons and files, and every version of these: deleting alone would write a last one."""
    keys = list(applications.values_list("pk", flat=True))
    for model in (Answer, Nominee):
        model.objects.filter(application__in=keys)._raw_delete(using="default")
        model.history.filter(application_id__in=keys).delete()
    Attachment.objects.filter(application__in=keys).delete()
    Applicant.objects.filter(application__in=keys).delete()
    Application.objects.filter(pk__in=keys)._raw_delete(using="default")
    Application.history.filter(id__in=keys).delete()
    return len(keys)


# So long a copy may lie in a council's calendar; nobody signs an older one.
COPIES_KEPT = Span(12, Unit.MONTHS)


def forget_copies() -> int:
    """Delete copies that nobody signed within 12 months, with their files; return how many."""
    old = SigningCopy.objects.filter(created_at__lt=COPIES_KEPT.ago(), signatures=None, entry=None)
    return old.delete()[0]


REQUESTS = Retention(
    "declarations.requests",
    "Interesse am Beitritt, das niemand bestätigt hat",
    f"{REQUESTS_KEPT} nach der Nachricht",
    forget=forget_requests,
)
DRAFTS = Retention(
    "declarations.drafts",
    "Beitrittsanträge, die niemand eingereicht hat",
    f"{DRAFTS_KEPT} nach der letzten Bearbeitung",
    "wann die Kommune interessiert war",
    forget_drafts,
)
ENDED = Retention(
    "declarations.ended",
    "abgelehnte und zurückgezogene Beitrittsanträge mit allen Anlagen",
    f"{ENDED_KEPT} nach der Entscheidung",
    "wann ein Antrag lief",
    forget_ended,
)
ACCEPTED = Retention(
    "declarations.accepted",
    "angenommene Beitrittsanträge mit allen Anlagen",
    f"{ACCEPTED_KEPT} nach der Entscheidung",
    "Unterzeichnung und Mitgliedschaft",
    forget_accepted,
)
SIGNATURES = Retention(
    "declarations.signatures",
    "Unterzeichnungen der Gemeinsamen Erklärung",
    "gar nicht: Sie weisen nach, worauf die Mitgliedschaft beruht, auch nach dem Ende einer Amtszeit",
    "alles, wie es unterzeichnet wurde",
)
COPIES = Retention(
    "declarations.copies",
    "Exemplare zum Unterzeichnen, die niemand unterzeichnet hat",
    f"{COPIES_KEPT} nach dem Vorbereiten",
    forget=forget_copies,
)
PERIODS = (REQUESTS, DRAFTS, ENDED, ACCEPTED, SIGNATURES, COPIES)

_OFFICES = "Geschäftsstelle und Staatskanzlei, wer am Antrag mitwirkt"
_AS_PROOF = "als Nachweis, worüber entschieden wurde"
JOINING = Activity(
    "Beitritt",
    purpose="über den Beitritt einer Kommune entscheiden und ihn mit ihr vorbereiten",
    whose="wer in einer Kommune am Antrag mitwirkt oder darin benannt ist",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW",
    recipients="keine",
)


_STAFF = "Geschäftsstelle und Staatskanzlei"
_PROOF = "Eine Unterzeichnung ist ein öffentlicher Akt der Kommune und bleibt als Nachweis"
SIGNING = Activity(
    "Gemeinsame Erklärung",
    purpose="nachweisen, welche Kommune wann durch wen beigetreten ist, und das öffentlich zeigen",
    whose="wer für eine Kommune oder das Land unterzeichnet",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW; "
    "keine Löschung: Art. 17 Abs. 3 Buchst. b DSGVO",
    recipients="die Öffentlichkeit: Name und Amt, nicht die Datei",
)


def _of_applicant(subject: Subject) -> Q:
    return Q(id__in=subject.ids("applicant")) | subject.has_address("email")


RECORDS = (
    Record(
        Application,
        JOINING,
        fields=(
            Fields("message reason", ENDED, _OFFICES, mentions=True),
            Fields("signatory_name signatory_office", ENDED, _OFFICES, mentions=True),
            Fields("resolution_body resolution_result", ENDED, _OFFICES, mentions=True),
        ),
        actors="forwarded_by decided_by",
        impersonal="state signatory_role",
    ),
    Record(
        Applicant,
        JOINING,
        _of_applicant,
        (
            Fields("name office email", ENDED, _OFFICES),
            Fields("application created_at", ENDED, _OFFICES, stays="als Zahl ohne Namen"),
        ),
        impersonal="link_id",
    ),
    Record(
        Answer,
        JOINING,
        fields=(Fields("text comment", ENDED, _OFFICES, mentions=True),),
        actors="reviewed_by",
        impersonal="criterion volunteer_card review",
    ),
    Record(
        Nominee,
        JOINING,
        lambda subject: subject.has_address("email"),
        (
            Fields("form_of_address title first_name last_name position email phone", ENDED, _OFFICES),
            Fields("application is_deputy", ENDED, _OFFICES, stays="als Zahl ohne Namen"),
        ),
    ),
    Record(
        Attachment,
        JOINING,
        fields=(
            Fields("name added_by", ENDED, _OFFICES, mentions=True),
            Fields("file created_at", ENDED, _OFFICES, "Datei", stays=_AS_PROOF),
        ),
        impersonal="public_id section content_type",
    ),
    Record(
        Declaration,
        SIGNING,
        fields=(Fields("land_name land_office note", SIGNATURES, "alle", stays=_PROOF),),
        impersonal="title text land_authority cosigners",
    ),
    Record(
        Signature,
        SIGNING,
        fields=(
            Fields("signatory_name signatory_office in_deputy countersigned_by", SIGNATURES, "alle", stays=_PROOF),
            Fields("file report", SIGNATURES, _STAFF, "Scan oder signierte Datei, Prüfbericht", stays=_PROOF),
            Fields("recorded_by checked_by_name withdrawn_reason note", SIGNATURES, _STAFF, stays=_PROOF),
        ),
        actors="checked_by",
        impersonal="body_name text_sha256 method precision place source public_id file_sha256",
    ),
    Record(
        SigningCopy,
        SIGNING,
        fields=(
            Fields("signatory_name signatory_office in_deputy", COPIES, _STAFF, stays="bis zum Ende der Frist"),
            Fields("file", COPIES, _STAFF, "Exemplar", stays="bis zum Ende der Frist"),
        ),
        impersonal="body_name public_id sha256",
    ),
    Record(SigningRound, impersonal="title place"),
    Record(RoundEntry),
)
