"""Personal data of the mail queue and of the history, and how long they are kept (see `core.personal`)."""

from django.db.models import Q

from core.models import Batch, Bounce, MailService, MailText, OutgoingMail, SenderSlot
from core.personal import Activity, Fields, Record, Subject
from core.retention import Retention, Span, Unit
from core.uploads import remove_orphans

# "Adresse in einer Zustellung: 12 Monate; die Zahlen bleiben", and as long the letter itself.
KEPT = Span(12, Unit.MONTHS)
# The mail server's words may quote the address; the key stays, which keeps a recipient once in her batch.
FORGOTTEN = {
    "to_address": "",
    "to_name": "",
    "subject": "",
    "text": "",
    "html": "",
    "attachments": [],
    "data": {},
    "reason": "",
}


def forget_recipients() -> int:
    """Clear address, name and letter of mails settled more than 12 months ago; return of how many.

    State, kind and times stay, so that every count stays true.
    """
    old = OutgoingMail.objects.filter(settled_at__lt=KEPT.ago()).exclude(**FORGOTTEN)
    return old.update(**FORGOTTEN)


RECIPIENTS = Retention(
    "core.recipients",
    "Adresse, Name und Text jeder Zustellung",
    f"{KEPT} nach der Zustellung",
    "Art, Stand und Zeit, damit die Zahlen stimmen",
    forget_recipients,
)


def forget_bounces() -> int:
    """Delete what mail servers reported more than 12 months ago; return how much."""
    return Bounce.objects.filter(happened_at__lt=KEPT.ago()).delete()[0]


BOUNCES = Retention(
    "core.bounces",
    "Meldungen, dass eine E-Mail nicht ankam",
    f"{KEPT} nach der Meldung",
    forget=forget_bounces,
)
SIGN_IN_LETTERS = Retention("core.sign_in_letters", "Text einer Anmelde-E-Mail", "beim Versand", "Adresse und Zeit")
VERSIONS = Retention(
    "core.versions",
    "frühere Fassungen im Verlauf",
    "zusammen mit den Angaben, von denen sie stammen",
    "wann sich etwas geändert hat, ohne Namen",
)
ORPHANS = Retention(
    "core.orphans",
    "Dateien, zu denen es keinen Eintrag (mehr) gibt",
    "in der Nacht, wenn sie älter als einen Tag sind",
    forget=remove_orphans,
)
PERIODS = (RECIPIENTS, BOUNCES, SIGN_IN_LETTERS, VERSIONS, ORPHANS)

_OFFICES = "Geschäftsstelle und Staatskanzlei"
DELIVERY = Activity(
    "E-Mails zustellen",
    purpose="Einladungen, Bescheide und Anmeldecodes zuverlässig zustellen und nachweisen, was ankam",
    whose="alle, denen das Portal eine E-Mail schickt",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW",
    recipients="der Mailserver, über den das Portal versendet",
)
# Stands for all tables of the history: who changed what, on whose behalf (core.history).
HISTORY = Activity(
    "Verlauf der Änderungen",
    purpose="nachvollziehen, wer wann was geändert hat, und Versehen rückgängig machen",
    whose="alle, die sich anmelden und etwas ändern",
    basis="Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit § 3 Abs. 1 DSG NRW; Art. 5 Abs. 2 und Art. 32 DSGVO",
    recipients="keine",
)
HISTORY_FIELDS = Fields("history_user actor_key actor_name history_date", VERSIONS, _OFFICES, "handelnde Person, Zeit")


def mail_of(subject: Subject) -> Q:
    """Mails to her or to an address that is hers alone."""
    return Q(recipient_key__in=subject.keys) | subject.has_address("to_address")


RECORDS = (
    Record(
        OutgoingMail,
        DELIVERY,
        mail_of,
        (
            Fields("to_address to_name", RECIPIENTS, _OFFICES),
            Fields("subject text data reason", RECIPIENTS, _OFFICES, "Betreff, Text, Angaben", mentions=True),
            Fields("attachments", RECIPIENTS, "niemand", "Kalenderdatei, bis zum Versand", mentions=True),
            Fields("html", RECIPIENTS, "niemand", "derselbe Text mit Gestaltung", mentions=True),
            Fields(
                "state created_at settled_at",
                RECIPIENTS,
                _OFFICES,
                stays="damit die Zahl der gesendeten E-Mails stimmt",
            ),
            Fields(
                "recipient_key",
                RECIPIENTS,
                "niemand",
                "Kennzeichen ohne Namen",
                stays="damit niemand dieselbe E-Mail zweimal bekommt",
            ),
        ),
        actors="decided_by",
        impersonal="public_id kind mail_class message_id claim",
    ),
    Record(
        Batch,
        DELIVERY,
        fields=(Fields("title", VERSIONS, _OFFICES, mentions=True),),
        actors="created_by",
        impersonal="kind pause_reason",
    ),
    Record(
        Bounce,
        DELIVERY,
        lambda subject: subject.has_address("address"),
        (
            Fields("address", BOUNCES, _OFFICES),
            Fields("report", BOUNCES, _OFFICES, "Meldung des Mailservers", mentions=True),
            Fields("points happened_at", BOUNCES, _OFFICES, stays="Zahl ohne Namen"),
        ),
        actors="cleared_by",
        impersonal="mail status",
    ),
    Record(MailService, impersonal="away_reason stop_reason bounces_error"),
    Record(
        MailText,
        DELIVERY,
        fields=(Fields("subject opening closing", VERSIONS, _OFFICES, mentions=True),),
        impersonal="kind",
    ),
    Record(SenderSlot, impersonal="holder set_aside"),
)
