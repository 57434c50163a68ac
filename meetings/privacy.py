"""Personal data around meetings, and how long they are kept (see `core.personal`)."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.dates import today
from core.personal import Activity, Fields, Record, Subject
from core.retention import Retention, Span, Unit
from meetings.models import (
    AgendaItem,
    Agreement,
    BriefingPaper,
    Build,
    CalendarLink,
    Chapter,
    Choice,
    Documentation,
    Invitation,
    InvitationCopy,
    Meeting,
    Photo,
    Registration,
    Reply,
    Slides,
)
from members.models import Person

# "Guests", counted from the last day of their last meeting.
GUESTS_KEPT = Span(12, Unit.MONTHS)
# What a guest has in the portal; whoever has anything else is more than a guest.
_A_GUESTS = (Registration, Invitation, CalendarLink, Reply)
# "Needs (access, food)", counted from the last day of the meeting.
NEEDS_KEPT = Span(14, Unit.DAYS)


def forget_needs() -> int:
    """Blank what was said about access and food of meetings that ended 14 days ago; return of how many."""
    over = Registration.objects.filter(meeting__last_day__lt=today() - NEEDS_KEPT.length)
    return over.exclude(access_needs="", food="").update(access_needs="", food="")


def guests_to_forget() -> QuerySet[Person]:
    """Return the guests whose last date lies 12 months back: persons who are in the portal only because they came."""
    since = today() - GUESTS_KEPT.length
    hers = [rows.objects.filter(person=OuterRef("pk")) for rows in (Registration, Invitation)]
    late = [Exists(rows.filter(meeting__last_day__gte=since)) for rows in hers]
    others = {
        relation.name: None
        for relation in Person._meta.related_objects
        if not relation.hidden and relation.related_model not in _A_GUESTS
    }
    guests = Person.objects.filter(Exists(hers[0]) | Exists(hers[1]), user=None, **others)
    return guests.exclude(last_name="").exclude(late[0] | late[1])


NEEDS = Retention(
    "meetings.needs",
    "Bedarf beim Zugang und beim Essen",
    f"{NEEDS_KEPT} nach dem Termin",
    forget=forget_needs,
)
REGISTRATIONS = Retention(
    "meetings.registrations",
    "wer zu welchem Termin eingeladen, angemeldet und anwesend war",
    "mit dem Löschen der Person",
    "die Zahl ohne Namen: „1 Person aus Rheine“",
)
TEXTS = Retention(
    "meetings.texts",
    "Texte und Mitwirkende eines Termins",
    "wenn die Geschäftsstelle sie ändert",
    "frühere Fassungen im Verlauf",
)
UNCONFIRMED = Retention(
    "meetings.unconfirmed",
    "Anmeldungen von Gästen, die sie nicht bestätigen",
    "48 Stunden nach dem Absenden",
)
SUBSCRIPTIONS = Retention(
    "meetings.subscriptions", "Kalender-Abonnement", "wenn die Person es beendet oder gelöscht wird"
)
DOCUMENTATIONS = Retention(
    "meetings.documentations",
    "Texte, Fotos und Verabredungen einer Dokumentation",
    "wenn die Geschäftsstelle sie ändert",
    "frühere Fassungen im Verlauf, erzeugte PDF",
)
PERIODS = (NEEDS, REGISTRATIONS, TEXTS, UNCONFIRMED, SUBSCRIPTIONS, DOCUMENTATIONS)

_OFFICES = "Geschäftsstelle und Staatskanzlei"
_AS_NUMBER = "als Zahl ohne Namen: „1 Person aus Rheine“"
MEETING = Activity(
    "Termine und Anmeldungen",
    purpose="zu Treffen und Workshops einladen, Plätze vergeben, Teilnahme bescheinigen und zählen",
    whose="Ansprechpersonen, Verwaltungsspitzen, Gäste und Mitwirkende",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW; Angaben zu Zugang und Essen und die "
    "Liste der Teilnehmenden: Einwilligung, Art. 6 Abs. 1 Buchst. a, Art. 9 Abs. 2 Buchst. a DSGVO",
    recipients="andere Teilnehmende, soweit jemand der Liste zugestimmt hat",
)

_READERS = "wer die Dokumentation sieht"
DOCUMENTING = Activity(
    "Dokumentation von Terminen",
    purpose="festhalten und weitergeben, was bei einem Termin besprochen und verabredet wurde",
    whose="Mitwirkende und Teilnehmende",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW; Fotos und die Liste der Teilnehmenden: "
    "Einwilligung, Art. 6 Abs. 1 Buchst. a DSGVO",
    recipients="alle; die interne Fassung nur Mitglieder und Teilnehmende",
)


def _hers(subject: Subject) -> Q:
    return Q(person_id__in=subject.ids("person"))


def _her_replies(subject: Subject) -> Q:
    """What she answered, what was answered for her, and where she is named as deputy."""
    ids = subject.ids("person")
    return Q(invitation__person_id__in=ids) | Q(deputy_id__in=ids) | Q(given_by_id__in=ids)


RECORDS = (
    Record(
        Registration,
        MEETING,
        _hers,
        (
            Fields("access_needs food", NEEDS, _OFFICES),
            Fields("topic_wish", REGISTRATIONS, _OFFICES, mentions=False),
            Fields("is_listed", REGISTRATIONS, _OFFICES, stays="als Nachweis"),
            Fields(
                "person municipality meeting mode state created_at cancelled_at present_at registered_by",
                REGISTRATIONS,
                _OFFICES,
                stays=_AS_NUMBER,
            ),
        ),
        impersonal="link_id",
    ),
    Record(
        Choice,
        MEETING,
        lambda subject: Q(registration__person_id__in=subject.ids("person")),
        (Fields("registration first second given", REGISTRATIONS, _OFFICES, stays=_AS_NUMBER),),
    ),
    Record(
        Invitation,
        MEETING,
        _hers,
        (
            Fields(
                "person municipality meeting invited_at declined_at by_mail by_letter reminded_at",
                REGISTRATIONS,
                _OFFICES,
                stays=_AS_NUMBER,
            ),
        ),
        impersonal="link_id",
    ),
    Record(
        InvitationCopy,
        MEETING,
        _hers,
        (Fields("person invitation", REGISTRATIONS, _OFFICES, stays=_AS_NUMBER),),
        impersonal="link_id",
    ),
    Record(
        Reply,
        MEETING,
        _her_replies,
        (
            Fields("topic_wish deputy_office", REGISTRATIONS, _OFFICES),
            Fields(
                "invitation answer way given_at given_by deputy registration",
                REGISTRATIONS,
                f"{_OFFICES}, die eingeladene Person und ihr Vorzimmer",
                stays=_AS_NUMBER,
            ),
        ),
    ),
    Record(
        BriefingPaper,
        MEETING,
        fields=(Fields("title", TEXTS, "wer zum Spitzentreffen kommt", mentions=True),),
        impersonal="file",
    ),
    Record(
        CalendarLink,
        MEETING,
        _hers,
        (Fields("person", SUBSCRIPTIONS, "niemand", stays="die Adresse gilt nicht mehr"),),
        impersonal="link_id",
    ),
    Record(
        Meeting,
        MEETING,
        fields=(
            Fields("title summary description access_note cancel_reason", TEXTS, "wer den Termin sieht", mentions=True),
        ),
        impersonal="kind slug state begin_time end_time venue place street town online_link audience uid",
    ),
    Record(
        AgendaItem,
        MEETING,
        fields=(
            Fields("title text speaker_text", TEXTS, "wer das Programm sieht", mentions=True),
            Fields(
                "speakers",
                TEXTS,
                "wer das Programm sieht",
                stays="ohne Namen, bis die Geschäftsstelle das Programm ändert",
            ),
        ),
        impersonal="begin_time end_time room",
    ),
    Record(Documentation, DOCUMENTING, fields=(Fields("overview", DOCUMENTATIONS, _READERS, mentions=True),)),
    Record(Chapter, DOCUMENTING, fields=(Fields("summary results", DOCUMENTATIONS, _READERS, mentions=True),)),
    Record(Agreement, DOCUMENTING, fields=(Fields("text who", DOCUMENTATIONS, _READERS, mentions=True),)),
    Record(
        Photo,
        DOCUMENTING,
        fields=(Fields("alt credit", DOCUMENTATIONS, _READERS, mentions=True),),
        impersonal="public_id file print_file consent",
    ),
    Record(
        Slides,
        DOCUMENTING,
        fields=(Fields("title credit", DOCUMENTATIONS, _READERS, mentions=True),),
        impersonal="public_id file consent",
    ),
    Record(
        Build,
        DOCUMENTING,
        fields=(Fields("html", DOCUMENTATIONS, _READERS, mentions=True),),
        actors="asked_by",
        impersonal="edition state file sha256 reason",
    ),
)
