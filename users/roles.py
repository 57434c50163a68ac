"""What each role may do: one table for the code, the back office and the handbook (docs/handbuch.md, tested).

Roles as the network has them: the Geschäftsstelle prepares everything, the Staatskanzlei decides on joinings and may
do all that the Geschäftsstelle does, administrators care for accounts and settings. A person may hold an office and
be administrator besides.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from django.db.models import TextChoices

if TYPE_CHECKING:
    from users.models import User


class Office(TextChoices):
    """The staff office of an account; none for contact persons."""

    NONE = "", "keine (Ansprechperson)"
    SECRETARIAT = "secretariat", "Geschäftsstelle"
    CHANCELLERY = "chancellery", "Staatskanzlei"


ADMINISTRATOR = "administrator"
_BOTH_OFFICES = frozenset({Office.SECRETARIAT, Office.CHANCELLERY})
_ALL_STAFF = _BOTH_OFFICES | {ADMINISTRATOR}


@dataclass(frozen=True)
class Duty:
    """One line of the table: German text, Django permissions ("app.action_model", * allowed), who has it."""

    text: str
    permissions: tuple[str, ...]
    roles: frozenset[str]


DUTIES = (
    Duty("Kommunen, Themen und Profile pflegen", ("members.*_profile", "members.*_topic"), _BOTH_OFFICES),
    Duty(
        "Register der Kommunen ansehen, Website, Anschrift und Nachfolge eintragen",
        ("members.view_municipality", "members.change_municipality"),
        _BOTH_OFFICES,
    ),
    Duty("Mitgliedschaften eintragen, ändern und beenden", ("members.*_membership",), _BOTH_OFFICES),
    Duty(
        "Interessierte Kommunen ansehen und eintragen",
        ("members.view_candidacy", "members.add_candidacy", "members.change_candidacy"),
        _BOTH_OFFICES,
    ),
    Duty(
        "Fassungen der Erklärung anlegen, Unterzeichnungen eintragen und prüfen, Runden vorbereiten",
        (
            "declarations.view_declaration",
            "declarations.add_declaration",
            "declarations.change_declaration",
            "declarations.view_signature",
            "declarations.add_signature",
            "declarations.change_signature",
            "declarations.check_signature",
            "declarations.view_signingcopy",
            "declarations.*_signinground",
        ),
        _BOTH_OFFICES,
    ),
    Duty("Für das Land gegenzeichnen", ("declarations.countersign_signature",), frozenset({Office.CHANCELLERY})),
    Duty(
        "Beitrittsanträge prüfen, Rückfragen stellen, zur Entscheidung geben",
        ("declarations.view_application", "declarations.review_application"),
        _BOTH_OFFICES,
    ),
    Duty("Über Beitritte entscheiden", ("declarations.decide_application",), frozenset({Office.CHANCELLERY})),
    Duty("Personen und Ansprechpersonen pflegen", ("members.*_person", "members.*_contactperson"), _BOTH_OFFICES),
    Duty(
        "Verwaltungsspitzen, Vorzimmer und Sprecherteam pflegen",
        ("members.*_headofadministration", "members.*_outeroffice", "members.*_spokespersonterm"),
        _BOTH_OFFICES,
    ),
    Duty("Notizen zu Kommunen schreiben und erledigen", ("members.*_note",), _BOTH_OFFICES),
    Duty(
        "Listen einlesen: Ansprechpersonen, Verwaltungsspitzen, Mitgliedschaften, Unterzeichnungen",
        ("members.view_importrun", "members.import_lists"),
        _BOTH_OFFICES,
    ),
    Duty(
        "Amtliches Gemeindeverzeichnis einlesen",
        ("members.view_importrun", "members.import_directory"),
        frozenset({ADMINISTRATOR}),
    ),
    Duty(
        "„Stimmt noch?“ fragen und sehen, wer geantwortet hat",
        ("members.view_confirmation", "members.ask_confirmation"),
        _BOTH_OFFICES,
    ),
    Duty("Hinweise zu Angaben ansehen und erledigen", ("members.view_hint", "members.change_hint"), _BOTH_OFFICES),
    Duty(
        "Termine planen, ankündigen und absagen, dazu einladen, Anmeldungen führen",
        ("meetings.*_meeting", "meetings.*_agendaitem", "meetings.view_registration", "meetings.change_registration"),
        _BOTH_OFFICES,
    ),
    Duty(
        "Informations-E-Mails schreiben, ausprobieren, freigeben (nicht die eigenen) und planen",
        ("mailings.*_mailing",),
        _BOTH_OFFICES,
    ),
    Duty("Ansprechpersonen Zugang geben", ("members.give_access",), _BOTH_OFFICES),
    Duty(
        "Zustellungen ansehen, anhalten, Ungewisses entscheiden, gesperrte Adressen freigeben",
        (
            "core.view_outgoingmail",
            "core.change_outgoingmail",
            "core.view_batch",
            "core.change_batch",
            "core.view_bounce",
            "core.change_bounce",
        ),
        _BOTH_OFFICES,
    ),
    Duty(
        "Texte automatischer E-Mails ändern, ausprobieren und E-Mails abschalten",
        ("core.view_mailtext", "core.change_mailtext"),
        _BOTH_OFFICES,
    ),
    Duty("Seiten und Texte bearbeiten", ("netzwerk.view_textpage", "netzwerk.change_textpage"), _BOTH_OFFICES),
    Duty(
        "Meldungen zur Barrierefreiheit beantworten",
        ("netzwerk.view_barrierreport", "netzwerk.change_barrierreport"),
        _BOTH_OFFICES,
    ),
    Duty("Portal als Ansprechperson ansehen", ("netzwerk.view_as_person",), _BOTH_OFFICES),
    Duty("Löschen einer Person beantragen", ("netzwerk.request_erasure",), _BOTH_OFFICES),
    Duty("Verzeichnis zum Datenschutz ansehen", ("netzwerk.view_erasure",), _ALL_STAFF),
    Duty("Löschen einer Person bestätigen", ("netzwerk.confirm_erasure",), frozenset({ADMINISTRATOR})),
    Duty("In der Verwaltung suchen, was die Rolle sehen darf", ("netzwerk.use_search",), _ALL_STAFF),
    Duty("Gestaltung ansehen", ("netzwerk.view_styleguide",), _ALL_STAFF),
    Duty(
        "Konten anlegen, ändern, einladen und sperren",
        ("users.view_*", "users.add_user", "users.change_user"),
        frozenset({ADMINISTRATOR}),
    ),
)


def roles_of(user: "User") -> frozenset[str]:
    """Return the roles of an active account; empty for contact persons and blocked accounts."""
    if not user.is_active:
        return frozenset()
    return frozenset(filter(None, (user.office, ADMINISTRATOR if user.is_administrator else "")))


def may(user: "User", permission: str) -> bool:
    """Answer whether the account may do this ("members.add_membership"), by the table above."""
    roles = roles_of(user)
    return any(
        roles & duty.roles and any(fnmatchcase(permission, pattern) for pattern in duty.permissions) for duty in DUTIES
    )


def may_in_app(user: "User", app_label: str) -> bool:
    """Answer whether the account may do anything in this app; the back office then shows it."""
    roles = roles_of(user)
    return any(
        roles & duty.roles and any(pattern.startswith(f"{app_label}.") for pattern in duty.permissions)
        for duty in DUTIES
    )
