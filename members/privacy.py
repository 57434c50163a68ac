"""Personal data of those who answer for municipalities, and how long they are kept (see `core.personal`)."""

from django.db.models import Q

from core.personal import Activity, Fields, Record, Subject
from core.retention import Retention
from members.models import (
    ContactPerson,
    HeadOfAdministration,
    Membership,
    Municipality,
    OuterOffice,
    Person,
    Profile,
    SpokespersonTerm,
    Topic,
)

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
PERIODS = (PERSONS, RELEASED, SELF_PORTRAITS)

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
PORTRAITS = Activity(
    "Mitglieder und ihre Profile",
    purpose="zeigen, welche Kommunen dabei sind und was sie für bürgerschaftliches Engagement tun",
    whose="wer in einem Text über die Kommune genannt ist",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW",
    recipients="die Öffentlichkeit",
)


def _of_function(subject: Subject) -> Q:
    return Q(person_id__in=subject.ids("person"))


RECORDS = (
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
            Fields("person municipality is_deputy started_on ended_on", PERSONS, _WHO_SEES_NAME, stays=_AS_NUMBER),
        ),
    ),
    Record(
        HeadOfAdministration,
        LEADING,
        _of_function,
        (
            Fields("address_line salutation", PERSONS, _OFFICES),
            Fields(
                "person municipality office_title protocol_rank started_on ended_on",
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
        Profile,
        PORTRAITS,
        fields=(
            Fields("summary office_name office_place recognition alliances", SELF_PORTRAITS, "alle", mentions=True),
            Fields("office_email office_phone", SELF_PORTRAITS, "alle", mentions=True),
        ),
        impersonal="office_website strategy_status strategy_url volunteer_card",
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
    Record(Topic, impersonal="name slug sort_key"),
)
