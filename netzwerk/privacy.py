"""Personal data of the portal's own pages, and how long they are kept (see `core.personal`)."""

from django.contrib.admin.models import LogEntry
from django.db.models import Q

from core.personal import Activity, Fields, Record, Subject
from core.retention import Retention, Span, Unit
from meetings.privacy import GUESTS_KEPT
from netzwerk.models import BarrierReport, Erasure, TextPage, TidyRun, Viewing

# As long as the address in a delivery row; the report itself names no person and stays for the next statement.
ADDRESS_KEPT = Span(12, Unit.MONTHS)
# Django's back office keeps beside our history a list of its own, which shows an account its latest changes.
LATEST_KEPT = Span(12, Unit.MONTHS)
VIEWINGS_KEPT = Span(12, Unit.MONTHS)
NIGHTS_KEPT = Span(3, Unit.YEARS)


def forget_reporters() -> int:
    """Clear the addresses of barrier reports older than 12 months, in the history, too; return of how many reports."""
    BarrierReport.history.filter(created_at__lt=ADDRESS_KEPT.ago()).exclude(address="").update(address="")
    old = BarrierReport.objects.filter(created_at__lt=ADDRESS_KEPT.ago())
    return old.exclude(address="").update(address="")


def forget_latest_changes() -> int:
    """Delete lines of the back office's list of latest changes; the history stays. Return how many."""
    return LogEntry.objects.filter(action_time__lt=LATEST_KEPT.ago()).delete()[0]


def forget_viewings() -> int:
    """Delete the log of who looked through whose eyes; return how many."""
    return Viewing.objects.filter(started_at__lt=VIEWINGS_KEPT.ago()).delete()[0]


def forget_nights() -> int:
    """Delete old lines of the nightly task's own log; return how many."""
    return TidyRun.objects.filter(started_at__lt=NIGHTS_KEPT.ago()).delete()[0]


REPORTERS = Retention(
    "netzwerk.reporters",
    "E-Mail-Adresse in der Meldung einer Barriere, auch in ihrem Verlauf",
    f"{ADDRESS_KEPT} nach der Meldung",
    "die Meldung selbst",
    forget_reporters,
)
LATEST_CHANGES = Retention(
    "netzwerk.latest_changes",
    "Liste „Zuletzt bearbeitet“ der Verwaltung",
    f"{LATEST_KEPT} nach der Änderung",
    "der Verlauf jedes Eintrags",
    forget_latest_changes,
)
NIGHTS = Retention(
    "netzwerk.nights", "Protokoll der nächtlichen Löschungen", f"{NIGHTS_KEPT} nach der Nacht", forget=forget_nights
)
VIEWINGS = Retention(
    "netzwerk.viewings",
    "Protokoll, wer von den Mitarbeitenden das Portal als welche Person angesehen hat",
    f"{VIEWINGS_KEPT} nach dem Ansehen",
    forget=forget_viewings,
)
ERASURES = Retention(
    "netzwerk.erasures",
    "Antrag auf Löschung",
    "gar nicht: Er weist nach, dass gelöscht wurde, und nennt niemanden mehr",
    "wann und durch wen gelöscht wurde",
)
# Forgotten by a verb over all apps (`netzwerk.forgetting`), which is named where the period is registered.
GUESTS = Retention(
    "netzwerk.guests",
    "Gäste, die nur als Teilnehmende im Portal stehen",
    f"{GUESTS_KEPT} nach ihrem letzten Termin",
    "die Teilnahme ohne Namen: „1 Person“",
)
TEXTS = Retention(
    "netzwerk.texts", "Texte der Seiten", "wenn die Geschäftsstelle sie ändert", "frühere Fassungen im Verlauf"
)
PERIODS = (REPORTERS, LATEST_CHANGES, NIGHTS, VIEWINGS, ERASURES, TEXTS)

_OFFICES = "Geschäftsstelle und Staatskanzlei"
_DUTY = "Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW"
BARRIERS = Activity(
    "Meldungen zur Barrierefreiheit",
    purpose="Barrieren beseitigen und den Meldenden antworten",
    whose="wer eine Barriere meldet",
    basis="Art. 6 Abs. 1 Buchst. c DSGVO in Verbindung mit § 10b BGG NRW",
    recipients="keine; auf Verlangen die Ombudsstelle",
)
PAGES = Activity(
    "Seiten und Texte",
    purpose="das Netzwerk vorstellen und die vorgeschriebenen Angaben machen",
    whose="wer in einem Text genannt ist",
    basis=_DUTY,
    recipients="die Öffentlichkeit",
)
RIGHTS = Activity(
    "Rechte der betroffenen Personen",
    purpose="Verlangen nach Löschung erfüllen und das nachweisen",
    whose="wer gelöscht werden will oder soll",
    basis="Art. 6 Abs. 1 Buchst. c DSGVO in Verbindung mit Art. 17 und Art. 5 Abs. 2 DSGVO",
    recipients="keine",
)
BACK_OFFICE = Activity(
    "Arbeit in der Verwaltung",
    purpose="Mitarbeitenden ihre letzten Änderungen zeigen; am Telefon helfen, indem sie sehen, was die Person sieht",
    whose="Mitarbeitende; Personen, deren Einträge geändert wurden",
    basis=_DUTY,
    recipients="keine",
)


def _reports_of(subject: Subject) -> Q:
    return subject.has_address("address")


RECORDS = (
    Record(
        BarrierReport,
        BARRIERS,
        _reports_of,
        (
            Fields("address", REPORTERS, _OFFICES),
            Fields("what where answer", REPORTERS, _OFFICES, stays="ohne Adresse", mentions=True),
        ),
    ),
    Record(
        TextPage,
        PAGES,
        fields=(Fields("own_title own_text", TEXTS, "alle", mentions=True),),
        impersonal="key",
    ),
    Record(
        LogEntry,
        BACK_OFFICE,
        lambda subject: Q(user_id__in=subject.ids("user")),
        (
            Fields("user action_time", LATEST_CHANGES, _OFFICES, "handelndes Konto, Zeit"),
            Fields("object_repr change_message", LATEST_CHANGES, _OFFICES, "Eintrag, Änderung", mentions=True),
        ),
        title="letzte Änderung",
        whole=True,
        impersonal="object_id action_flag",
    ),
    Record(
        Erasure,
        RIGHTS,
        lambda subject: Q(person_id__in=subject.ids("person")),
        (Fields("person own_wish requested_at done_at withdrawn_at", ERASURES, _OFFICES, stays="als Nachweis"),),
        actors="requested_by done_by",
    ),
    Record(
        Viewing,
        BACK_OFFICE,
        lambda subject: Q(person_id__in=subject.ids("person")),
        (Fields("person started_at ended_at", VIEWINGS, _OFFICES, stays="bis zum Ende der Frist, ohne Namen"),),
        actors="viewer",
    ),
    Record(TidyRun, impersonal="key error"),
)
