"""Personal data of accounts and of signing in, and how long they are kept (see `core.personal`)."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from core.personal import Activity, Fields, Record, Subject
from core.retention import Retention, Span, Unit
from users.models import AccessInvitation, User

# "Spuren der Anmeldung: 7 Tage" – unless the session still lives, whose owner sees it in her list of devices.
TRACES_KEPT = Span(7, Unit.DAYS)


def forget_sessions() -> int:
    """Delete sessions that are over; return how many."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]


def forget_traces() -> int:
    """Delete IP address and browser of sign-ins older than 7 days whose session has ended; return how many."""
    before = UserSession.objects.count()
    for session in UserSession.objects.filter(created_at__lt=TRACES_KEPT.ago()).select_related("user"):
        # No session of staff lives that long (users.middleware), but its row ends only with the next visit.
        if not session.purge() and session.user.is_staff:
            session.end()
    return before - UserSession.objects.count()


def forget_counters() -> int:
    """Delete rate limits that are over: they bear IP addresses, and Django drops them only when the table is full."""
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608 - the name is our own setting
        return cursor.rowcount


SESSIONS = Retention("users.sessions", "beendete Sitzungen", "in der nächsten Nacht", forget=forget_sessions)
TRACES = Retention(
    "users.traces",
    "IP-Adresse und Browser einer Anmeldung",
    f"{TRACES_KEPT} nach der Anmeldung; bei Ansprechpersonen frühestens mit dem Ende der Sitzung",
    forget=forget_traces,
)
COUNTERS = Retention(
    "users.counters",
    "Zähler gegen zu viele Versuche, in denen die IP-Adresse steht",
    "in der Nacht, nachdem sie abgelaufen sind",
    forget=forget_counters,
)
ACCOUNTS = Retention(
    "users.accounts", "Konto, zweiter Faktor und Einladung", "sobald die letzte Person des Kontos gelöscht wird"
)
PERIODS = (SESSIONS, TRACES, COUNTERS, ACCOUNTS)

_ADMINISTRATION = "Administration"
_NOBODY = "nur die Person selbst"
_NAMELESS = "im Verlauf, ohne Adresse"
SIGNING_IN = Activity(
    "Konten und Anmeldung",
    purpose="Personen sicher anmelden und vor fremdem Zugriff schützen",
    whose="Ansprechpersonen der Mitglieder, Mitarbeitende von Geschäftsstelle und Staatskanzlei",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW; Art. 32 DSGVO",
    recipients="keine",
)


def _of_account(subject: Subject) -> Q:
    return Q(user_id__in=subject.ids("user"))


def _address_of_account(subject: Subject) -> Q:
    return Q(email_address__user_id__in=subject.ids("user"))


RECORDS = (
    Record(
        User,
        SIGNING_IN,
        lambda subject: Q(id__in=subject.ids("user")),
        (
            Fields("email", ACCOUNTS, _ADMINISTRATION),
            Fields("office is_administrator is_active created_at", ACCOUNTS, _ADMINISTRATION, stays=_NAMELESS),
            Fields("last_login", ACCOUNTS, _ADMINISTRATION, "letzte Anmeldung"),
        ),
        impersonal="password",  # nobody has one: a random stamp that ends sessions
    ),
    Record(
        AccessInvitation,
        SIGNING_IN,
        _of_account,
        (Fields("user created_at sent_at accepted_at", ACCOUNTS, _ADMINISTRATION, stays=_NAMELESS),),
        actors="invited_by",
    ),
    Record(
        EmailAddress,
        SIGNING_IN,
        _of_account,
        (Fields("user email", ACCOUNTS, "niemand", "Konto, Adresse"),),
        title="Adresse der Anmeldung",
        whole=True,
    ),
    Record(
        EmailConfirmation,
        SIGNING_IN,
        _address_of_account,
        (Fields("email_address key", ACCOUNTS, "niemand", "Adresse, Kennzeichen"),),
        title="Bestätigung einer Adresse",
        whole=True,
    ),
    Record(
        Authenticator,
        SIGNING_IN,
        _of_account,
        (
            Fields("user type created_at last_used_at", ACCOUNTS, _NOBODY, "Art, eingerichtet, zuletzt benutzt"),
            Fields("data", ACCOUNTS, "niemand", "Geheimnis, verschlüsselt"),
        ),
        title="zweiter Faktor",
        whole=True,
    ),
    Record(
        UserSession,
        SIGNING_IN,
        _of_account,
        (
            Fields("user ip user_agent created_at last_seen_at", TRACES, _NOBODY, "IP-Adresse, Browser, Zeiten"),
            Fields("session_key data", TRACES, "niemand", "Kennzeichen der Sitzung"),
        ),
        title="Anmeldung",
        whole=True,
    ),
    Record(
        Session,
        SIGNING_IN,
        fields=(Fields("session_key session_data", SESSIONS, "niemand", "Kennzeichen und Inhalt der Sitzung"),),
        title="Sitzung",
    ),
)
