"""Personal data of those who answer for municipalities, and how long they are kept (see `core.personal`)."""

from django.db.models import Exists, OuterRef, Q

from core.personal import Activity, Fields, Record, Subject
from core.retention import Retention, Span, Unit
from members.models import (
    Candidacy,
    Confirmation,
    ContactPerson,
    HeadOfAdministration,
    Hint,
    ImportRun,
    Membership,
    Municipality,
    Note,
    OuterOffice,
    Person,
    Profile,
    ProfileDraft,
    ProfilePicture,
    SpokespersonTerm,
    Topic,
)
from members.models.people import FormOfAddress
from users.models import User

# A shorter number may stand in any text for something else.
_SHORTEST_PHONE = 6


def subject_of(person: Person) -> Subject:
    """Return how the portal knows this person, with the accounts of hers that nobody else uses or used."""
    versions = [person, *person.history.all()]
    others = Person.objects.exclude(pk=person.pk)
    accounts = _accounts_of(person, {version.user_id for version in versions} - {None})
    addresses = {version.email for version in versions} | set(
        User.history.filter(id__in=accounts).values_list("email", flat=True)
    )
    return Subject(
        keys=frozenset({person.key, *(f"user:{account}" for account in accounts)}),
        addresses=frozenset(address for address in addresses - {""} if not others.filter(email__iexact=address)),
        names=frozenset(name for version in versions for name in _spellings(version)) - _names_of_others(person),
        phones=frozenset(version.phone for version in versions if len(version.phone) >= _SHORTEST_PHONE),
        surnames=frozenset(version.last_name for version in versions if version.first_name),
    )


def _accounts_of(person: Person, accounts: set[int]) -> set[int]:
    """Leave out accounts that others share or shared: a mailbox stays theirs until they are erased, too."""
    others = Person.objects.exclude(pk=person.pk).filter(user_id__in=accounts)
    once = Person.history.exclude(id=person.pk).filter(user_id__in=accounts)
    return accounts - set(others.values_list("user_id", flat=True)) - set(once.values_list("user_id", flat=True))


def _spellings(version: Person) -> list[str]:
    """The ways in which texts name a person; never the surname alone, which may be a word or a town."""
    first, last, title = version.first_name, version.last_name, version.title
    if not first:
        return []
    forms = {FormOfAddress.MS: ("Frau",), FormOfAddress.MR: ("Herr", "Herrn")}.get(version.form_of_address, ())
    polite = [f"{form} {name}" for form in forms for name in (last, f"{title} {last}".strip())]
    return [f"{first} {last}", f"{last}, {first}", *polite]


def _names_of_others(person: Person) -> frozenset[str]:
    """What would hit her namesakes, too."""
    namesakes = Person.objects.filter(last_name__in={version.last_name for version in [person, *person.history.all()]})
    return frozenset(name for other in namesakes.exclude(pk=person.pk) for name in _spellings(other))


# "Notizen: 3 Jahre", from the day they were written, their versions and those of deleted notes included.
NOTES_KEPT = Span(3, Unit.YEARS)


def forget_notes() -> int:
    """Delete notes that are three years old, with all their versions; return how many notes."""
    old = {"created_at__lt": NOTES_KEPT.ago()}
    count = Note.objects.filter(**old).count()
    # As rows alone: deleting them one by one would write a last version of each.
    Note.objects.filter(**old)._raw_delete(using="default")
    Note.history.filter(**old).delete()
    return count


PERSONS = Retention(
    "members.persons",
    "Name, Adresse und Telefon einer Person",
    "wenn die Person es verlangt oder niemand sie mehr braucht: Die Geschäftsstelle löscht sie",
    "die Funktion ohne Namen: „1 Person aus Rheine“",
)
RELEASED = Retention(
    "members.released",
    "Freigabe von Name, Adresse und Telefon",
    "sofort, wenn die Person sie zurücknimmt, und mit dem Ende der Funktion",
    "wann die Freigabe galt, solange die Person im Portal steht",
)
SELF_PORTRAITS = Retention(
    "members.self_portraits",
    "Angaben im Profil einer Kommune",
    "wenn die Kommune oder die Geschäftsstelle sie ändert",
    "frühere Fassungen im Verlauf",
)
DRAFTS_KEPT = Span(12, Unit.MONTHS)
# So long a replaced picture can be brought back with the profile's earlier state.
PICTURES_KEPT = Span(3, Unit.MONTHS)


def forget_drafts() -> int:
    """Delete drafts of profiles that nobody touched for 12 months; return how many."""
    return ProfileDraft.objects.filter(saved_at__lt=DRAFTS_KEPT.ago()).delete()[0]


def forget_pictures() -> int:
    """Delete pictures that for three months no profile shows and no draft holds, with their files; return how many."""
    used = Profile.objects.filter(Q(picture=OuterRef("pk")) | Q(crest=OuterRef("pk")))
    drafted = ProfileDraft.objects.filter(Q(picture=OuterRef("pk")) | Q(crest=OuterRef("pk")))
    since = Q(unused_since__lt=PICTURES_KEPT.ago()) | Q(unused_since=None, created_at__lt=PICTURES_KEPT.ago())
    old = ProfilePicture.objects.filter(since).exclude(Exists(used)).exclude(Exists(drafted))
    return old.delete()[0]


DRAFTS = Retention(
    "members.drafts",
    "Entwürfe von Profilen, die niemand veröffentlicht hat",
    f"{DRAFTS_KEPT} nach dem letzten Zwischenspeichern",
    forget=forget_drafts,
)
PICTURES = Retention(
    "members.pictures",
    "Bilder und Wappen, die kein Profil mehr zeigt",
    f"{PICTURES_KEPT}, nachdem sie ersetzt, entfernt oder nicht veröffentlicht wurden",
    "Bildbeschreibung im Verlauf des Profils",
    forget_pictures,
)
NOTES = Retention("members.notes", "Notizen zu Kommunen", f"{NOTES_KEPT} nach dem Schreiben", forget=forget_notes)
# As long as mending a file may take.
RUNS_KEPT = Span(30, Unit.DAYS)


def forget_import_runs() -> int:
    """Delete lists handed in more than 30 days ago, read in or not; return of how many. What was read in stays."""
    deleted, _ = ImportRun.objects.filter(created_at__lt=RUNS_KEPT.ago()).delete()
    return deleted


IMPORT_RUNS = Retention(
    "members.import_runs",
    "Listen zum Einlesen, mit allen Zeilen",
    f"die Zeilen mit dem Einlesen, alles Übrige {RUNS_KEPT} nach dem Hochladen",
    forget=forget_import_runs,
)
# Long enough to see who stayed silent in the rounds before.
CONFIRMATIONS_KEPT = Span(2, Unit.YEARS)


def forget_confirmations() -> int:
    """Delete answers to "Stimmt noch?" that are two years old; return of how many. The profile keeps its day."""
    deleted, _ = Confirmation.objects.filter(asked_at__lt=CONFIRMATIONS_KEPT.ago()).delete()
    return deleted


CONFIRMATIONS = Retention(
    "members.confirmations",
    "wer wann nach „Stimmt noch?“ gefragt wurde und geantwortet hat",
    f"{CONFIRMATIONS_KEPT} nach der Frage",
    forget=forget_confirmations,
)
HINTS_KEPT = Span(12, Unit.MONTHS)


def forget_hints() -> int:
    """Delete hints of visitors that are a year old; return of how many."""
    deleted, _ = Hint.objects.filter(created_at__lt=HINTS_KEPT.ago()).delete()
    return deleted


HINTS = Retention(
    "members.hints", "Hinweise zu den Angaben einer Kommune", f"{HINTS_KEPT} nach dem Eingang", forget=forget_hints
)
PERIODS = (PERSONS, RELEASED, SELF_PORTRAITS, NOTES, IMPORT_RUNS, CONFIRMATIONS, HINTS, DRAFTS, PICTURES)

_OFFICES = "Geschäftsstelle und Staatskanzlei"
_WHO_SEES_NAME = "wer den Namen sieht"
_AS_NUMBER = "als Zahl ohne Namen: „1 Person aus Rheine“"
_CHOSEN = "wie die Person es freigibt: öffentlich, im Netzwerk oder nur Geschäftsstelle"
ANSWERING = Activity(
    "Ansprechpersonen der Mitglieder",
    purpose="die Zusammenarbeit im Netzwerk: wer in welcher Kommune für Engagement zuständig und wie erreichbar ist",
    whose="Ansprechpersonen und ihre Vertretungen, Gäste",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW; "
    "was öffentlich ist: Einwilligung, Art. 6 Abs. 1 Buchst. a DSGVO",
    recipients="Mitglieder des Netzwerks; die Öffentlichkeit, soweit freigegeben",
)
LEADING = Activity(
    "Verwaltungsspitzen und Vorzimmer",
    purpose="zu Terminen und Beitritt einladen und richtig anschreiben",
    whose="Leitungen der Kommunen und ihre Vorzimmer",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW",
    recipients="keine",
)
SPEAKING = Activity(
    "Sprecherteam",
    purpose="zeigen, wer für das Netzwerk spricht",
    whose="Mitglieder des Sprecherteams",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW",
    recipients="die Öffentlichkeit",
)
REMEMBERING = Activity(
    "Notizen zu Kommunen",
    purpose="Absprachen aus Telefonaten festhalten und Zugesagtes erledigen",
    whose="wer mit der Geschäftsstelle oder der Staatskanzlei gesprochen hat; wer die Notiz schrieb",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW",
    recipients="keine",
)
IMPORTING = Activity(
    "Listen einlesen",
    purpose="Ansprechpersonen, Verwaltungsspitzen und Mitgliedschaften aus Listen der Geschäftsstelle übernehmen",
    whose="alle, die in einer Liste stehen",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW",
    recipients="keine",
)
PORTRAITS = Activity(
    "Mitglieder und ihre Profile",
    purpose="zeigen, welche Kommunen dabei sind und was sie für bürgerschaftliches Engagement tun",
    whose="wer in einem Text über die Kommune genannt ist",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW",
    recipients="die Öffentlichkeit",
)
HINTING = Activity(
    "Hinweise von Besucherinnen und Besuchern",
    purpose="veraltete Angaben berichtigen und auf Wunsch antworten",
    whose="wer einen Hinweis schreibt oder darin genannt ist",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW",
    recipients="Ansprechpersonen der Kommune, um die es geht",
)


def _of_function(subject: Subject) -> Q:
    return Q(person_id__in=subject.ids("person"))


RECORDS = (
    Record(
        Hint,
        HINTING,
        lambda subject: subject.has_address("address"),
        (
            Fields("text", HINTS, _OFFICES, mentions=True),
            Fields("address", HINTS, _OFFICES),
            Fields("municipality created_at done_at", HINTS, _OFFICES, stays="damit die Zahl der Hinweise stimmt"),
        ),
        actors="done_by",
    ),
    Record(
        Person,
        ANSWERING,
        lambda subject: Q(id__in=subject.ids("person")),
        (
            Fields("form_of_address title first_name last_name", PERSONS, _CHOSEN),
            Fields("email phone", PERSONS, _CHOSEN),
            Fields("organisation user", PERSONS, _OFFICES),
            Fields("sort_key", PERSONS, "niemand", "Name in der Schreibweise zum Sortieren"),
        ),
    ),
    Record(
        ContactPerson,
        ANSWERING,
        _of_function,
        (
            Fields("position", PERSONS, _WHO_SEES_NAME),
            Fields("name_visibility email_visibility phone_visibility", RELEASED, _OFFICES, stays="als Nachweis"),
            Fields(
                "person municipality is_deputy follows started_on ended_on", PERSONS, _WHO_SEES_NAME, stays=_AS_NUMBER
            ),
        ),
    ),
    Record(
        Confirmation,
        ANSWERING,
        lambda subject: Q(contact__person_id__in=subject.ids("person")),
        (Fields("contact asked_at reminders confirmed_at", CONFIRMATIONS, _OFFICES, stays=_AS_NUMBER),),
        impersonal="link_id",
    ),
    Record(
        HeadOfAdministration,
        LEADING,
        _of_function,
        (
            Fields("address_line salutation", PERSONS, _OFFICES),
            Fields(
                "person municipality office_title protocol_rank wants_letters started_on ended_on",
                PERSONS,
                _OFFICES,
                stays=_AS_NUMBER,
            ),
        ),
    ),
    Record(
        OuterOffice,
        LEADING,
        _of_function,
        (
            Fields("note", PERSONS, _OFFICES),
            Fields("person municipality started_on ended_on", PERSONS, _OFFICES, stays=_AS_NUMBER),
        ),
    ),
    Record(
        SpokespersonTerm,
        SPEAKING,
        _of_function,
        (Fields("person municipality role started_on ended_on", PERSONS, "alle", stays=_AS_NUMBER),),
    ),
    Record(
        Note,
        REMEMBERING,
        _of_function,
        (
            Fields("person municipality created_at follow_up_on done_at", NOTES, _OFFICES, stays=_AS_NUMBER),
            Fields("text", NOTES, _OFFICES, mentions=True),
            Fields("author_name", NOTES, _OFFICES, mentions=True),
        ),
        actors="author",
    ),
    Record(
        Profile,
        PORTRAITS,
        fields=(
            Fields("summary office_name office_place recognition alliances", SELF_PORTRAITS, "alle", mentions=True),
            Fields("office_email office_phone", SELF_PORTRAITS, "alle", mentions=True),
        ),
        impersonal="office_website strategy_status strategy_url volunteer_card",
    ),
    Record(
        ProfilePicture,
        PORTRAITS,
        fields=(
            Fields("alt credit", SELF_PORTRAITS, "alle", mentions=True),
            Fields("file", PICTURES, "alle", "Bild", stays="Die Kommune oder die Geschäftsstelle entfernt es"),
        ),
        impersonal="public_id",
    ),
    Record(
        ProfileDraft,
        PORTRAITS,
        _of_function,
        (
            Fields("person saved_at", DRAFTS, "die Person selbst"),
            Fields("typed", DRAFTS, "die Person selbst", mentions=True),
        ),
        whole=True,
    ),
    Record(
        Membership,
        PORTRAITS,
        fields=(Fields("end_reason note", SELF_PORTRAITS, _OFFICES, mentions=True),),
        impersonal="precision source",
    ),
    Record(
        Municipality,
        impersonal="ags ars name kind regierungsbezirk slug sort_key postcode website letter_name street letter_town",
    ),
    Record(
        ImportRun,
        IMPORTING,
        fields=(
            Fields("file_name sheet other_sheets headings rows answers", IMPORT_RUNS, _OFFICES, mentions=True),
            Fields("person_ids", IMPORT_RUNS, "niemand", "Nummern der Personen einer Liste", stays="ohne Namen"),
        ),
        actors="created_by",
        impersonal="kind columns counts",
    ),
    Record(Topic, impersonal="name slug sort_key"),
    Record(Candidacy, impersonal="stage"),
)
