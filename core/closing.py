"""What a row of the queue becomes when its mail has met its fate; sign-in mails are emptied on the way."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from core.logs import without_tokens
from core.mailkinds import MailClass, kind_for
from core.models import MailState, OutgoingMail
from core.text import one_line

TAKEN_BACK = "zurückgenommen"
RECIPIENT_ERASED = "Person gelöscht"
_REASON_LENGTH = OutgoingMail._meta.get_field("reason").max_length or 0
_SUBJECT_LENGTH = OutgoingMail._meta.get_field("subject").max_length or 0


def closing(mail: OutgoingMail, state: MailState, reason: str) -> dict[str, Any]:
    """Return the values of a row that is settled now. reason: German, for the office; cut to what fits."""
    values: dict[str, Any] = {"state": state, "reason": one_line(reason, _REASON_LENGTH), "settled_at": timezone.now()}
    return values | fit_to_keep(mail) | ({"data": {}} if _is_secret(mail) else {})


def fit_to_keep(mail: OutgoingMail) -> dict[str, Any]:
    """Return the values that a letter changes once it is handed over: a sign-in mail is emptied, of all others the
    personal link is cut out, by which whoever reads the queue could answer in another's name; attachments go."""
    if settings.DEMO:
        return {}
    if _is_secret(mail):
        return {"subject": mail.kind_name[:_SUBJECT_LENGTH], "text": "", "html": ""}
    if _is_kept_elsewhere(mail):
        return {"text": "", "html": "", "attachments": []}
    letter = {"text": mail.text, "html": mail.html}
    cut = {name: short for name, written in letter.items() if (short := without_tokens(written)) != written}
    return cut | ({"attachments": []} if mail.attachments else {})


def _is_kept_elsewhere(mail: OutgoingMail) -> bool:
    """ "Bodies of information mails are stored once per mailing": thousands of rows need not hold the same text."""
    try:
        return kind_for(mail.kind).kept_elsewhere
    except KeyError:
        return False


def _is_secret(mail: OutgoingMail) -> bool:
    """Sign-in mails are emptied on sending, their subject becomes neutral; the demonstration keeps all of it."""
    return mail.mail_class == MailClass.ACCESS and not settings.DEMO
