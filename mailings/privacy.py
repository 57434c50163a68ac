"""Personal data around mailings, and how long they are kept (see `core.personal`)."""

from django.db.models import Q

from core.personal import Activity, Fields, Record, Subject
from core.retention import Retention, Span, Unit
from mailings.models import EnclosedFile, Mailing, MailingState, OptOut, PassedOn, Subscriber

# "Unsent drafts: 12 months", counted from the last change.
DRAFTS_KEPT = Span(12, Unit.MONTHS)


def forget_drafts() -> int:
    """Throw away drafts that nobody has touched for 12 months; return of how many."""
    old = Mailing.objects.filter(state=MailingState.DRAFT, changed_at__lt=DRAFTS_KEPT.ago())
    count = len(rows := list(old))
    for row in rows:
        row.delete()
    return count


DRAFTS = Retention(
    "mailings.drafts",
    "nicht versandte Informations-E-Mails",
    f"{DRAFTS_KEPT} nach der letzten Änderung",
    forget=forget_drafts,
)
TEXTS = Retention(
    "mailings.texts", "versandte Informations-E-Mails", "bleiben im Archiv, ohne Namen der Empfängerinnen und Empfänger"
)
CHOICES = Retention(
    "mailings.choices", "wer welche Informationen abbestellt hat", "wenn die Person es ändert oder gelöscht wird"
)
PERIODS = (DRAFTS, TEXTS, CHOICES)

_OFFICES = "Geschäftsstelle und Staatskanzlei"
WRITING = Activity(
    "Informations-E-Mails",
    purpose="einladen, um Antwort bitten und über Themen des Netzwerks informieren",
    whose="Ansprechpersonen, Verwaltungsspitzen, Teilnehmende von Terminen",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW; Widerspruch gegen Informationen mit "
    "einem Klick, Art. 21 DSGVO",
    recipients="der Mailserver, über den das Portal versendet",
)


def _hers(subject: Subject) -> Q:
    return Q(person_id__in=subject.ids("person"))


def _given_or_got(subject: Subject) -> Q:
    persons = subject.ids("person")
    return Q(giver_id__in=persons) | Q(receiver_id__in=persons)


RECORDS = (
    Record(
        Mailing,
        WRITING,
        fields=(
            Fields("subject text", TEXTS, "wer sie bekommt, und im Archiv wer sie dort sieht", mentions=True),
            Fields("body_html body_text", TEXTS, "niemand", "derselbe Text, wie er hinausging", mentions=True),
            Fields("added left_out", TEXTS, _OFFICES, stays="bis zur nächsten Änderung, ohne Namen"),
        ),
        actors="author released_by",
        impersonal="groups kinds bezirke signing rubric archive state problem",
    ),
    Record(
        EnclosedFile,
        WRITING,
        fields=(Fields("name", TEXTS, "wer die E-Mail bekommt oder im Archiv findet", mentions=True),),
        impersonal="content_type file",
    ),
    Record(
        OptOut,
        WRITING,
        _hers,
        (Fields("person rubric created_at", CHOICES, _OFFICES, stays="ohne Namen, für die Zahl der Abbestellungen"),),
    ),
    Record(
        PassedOn,
        WRITING,
        _given_or_got,
        (
            Fields(
                "giver receiver declined created_at", TEXTS, _OFFICES, stays="ohne Namen, für die Zahl der Weitergaben"
            ),
        ),
    ),
    Record(
        Subscriber,
        WRITING,
        _hers,
        (Fields("person", CHOICES, "niemand", stays="führt ins Leere"),),
        impersonal="link_id",
    ),
)
