"""When sending waits, and who lets it go on.

The mail server is away: nobody is to blame, sending tries again by itself. The server will not have us (login,
certificate, sender): all sending stops until a person resumes. One batch is refused row after row: it is paused until
a person resumes. In none of these does a row become anything else than it was.
"""

import datetime
import logging

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from core.jobs import DELIVER_MAIL, wake
from core.models import Batch, MailService, MailState, OutgoingMail
from core.text import one_line

logger = logging.getLogger(__name__)

# Seconds between the tries: short at first, since most outages are restarts, and never so long that a sign-in code
# (20 minutes) lapses while the server is back.
PAUSES = (15, 30, 60, 120, 300)
# "20 refused rows in a row pause the batch"
REFUSALS_IN_A_ROW = 20
REFUSED_IN_A_ROW = f"{REFUSALS_IN_A_ROW} E-Mails hintereinander waren nicht zustellbar, zuletzt: {{reason}}"
# Begins the reason of a row that the server had taken: it was not refused.
RETURNED = "unzustellbar zurückgekommen"
_REASON_LENGTH = 300


def note_away(reason: str) -> None:
    """The mail server takes nothing: wait, longer from try to try. Two workers that notice it at once count once."""
    with transaction.atomic():
        service = _locked()
        if service.is_waiting:
            return
        pause = PAUSES[min(service.tries, len(PAUSES) - 1)]
        now = timezone.now()
        _update(
            away_since=service.away_since or now,
            away_reason=one_line(reason, _REASON_LENGTH),
            tries=min(service.tries + 1, len(PAUSES)),
            retry_at=now + datetime.timedelta(seconds=pause),
        )
    logger.warning("mail server away, mail waits %s s: %s", pause, reason)
    wake(DELIVER_MAIL, after=pause)


def note_back() -> None:
    """The mail server has taken or judged a message: the next outage begins with a short pause."""
    _update(away_since=None, away_reason="", tries=0, retry_at=None)


@transaction.atomic
def stop_all(reason: str) -> None:
    """The mail server will not have us: no mail goes out until a person resumes."""
    service = _locked()
    if service.stopped_at is None:
        logger.error("all mail is stopped: %s", reason)
        _save(service, None, stopped_at=timezone.now(), stop_reason=one_line(reason, _REASON_LENGTH))
    note_back()


@transaction.atomic
def resume_all(*, by: AbstractBaseUser) -> bool:
    """Let mail go out again, or try at once where the server was away; answer whether anything had waited.

    The history of `MailService` says who and when.
    """
    service = _locked()
    waited = not service.lets_send
    if service.stopped_at is not None:
        _save(service, by, stopped_at=None, stop_reason="")
    _update(retry_at=None)
    wake(DELIVER_MAIL)
    return waited


def pause_if_refused(batch_id: int) -> None:
    """Pause a batch whose last rows were all refused since it began or was last resumed."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        if batch.paused_at or batch.taken_back_at:
            return
        last = _last_tried(batch)
        refused = [reason for state, reason in last if state == MailState.FAILED and not reason.startswith(RETURNED)]
        if len(refused) < REFUSALS_IN_A_ROW:
            return
        batch.paused_at = timezone.now()
        batch.pause_reason = one_line(REFUSED_IN_A_ROW.format(reason=refused[0]), _REASON_LENGTH)
        batch.save()
    logger.error("batch %s is paused: %s", batch_id, batch.pause_reason)


def _last_tried(batch: Batch) -> list[tuple[str, str]]:
    """Return state and reason of the rows that were settled last; those with an impossible address never set out."""
    begun = batch.resumed_at or batch.held_until
    settled = OutgoingMail.objects.filter(
        batch=batch, state__in=[MailState.SENT, MailState.FAILED, MailState.UNKNOWN], settled_at__gte=begun
    )
    return list(settled.order_by("-settled_at", "-pk").values_list("state", "reason")[:REFUSALS_IN_A_ROW])


def service_row() -> None:
    """Make sure that the one row is there."""
    MailService.objects.get_or_create(pk=MailService.KEY)


def _locked() -> MailService:
    service_row()
    return MailService.objects.select_for_update().get(pk=MailService.KEY)


def _update(**values: object) -> None:
    MailService.objects.filter(pk=MailService.KEY).update(**values)


def _save(service: MailService, by: AbstractBaseUser | None, **values: object) -> None:
    for name, value in values.items():
        setattr(service, name, value)
    service._history_user = by  # type: ignore[attr-defined]
    service.save(update_fields=values.keys())
