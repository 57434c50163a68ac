"""What becomes of a mail that did not arrive, and of an address that has failed too often."""

import logging

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from core import bounce_reports, mailbox
from core.bounce_reports import Report, Verdict
from core.closing import closing
from core.models import Bounce, MailService, MailState, OutgoingMail
from core.pausing import RETURNED, service_row
from core.return_paths import mail_named_in
from core.text import one_line

logger = logging.getLogger(__name__)

_POINTS = {Verdict.HARD: Bounce.HARD, Verdict.SOFT: Bounce.SOFT}
# What needs nobody's eyes once it is read; the rest stays in the mailbox for a person.
_DONE_WITH = frozenset({Verdict.HARD, Verdict.SOFT, Verdict.DELAYED, Verdict.DELIVERED})


def note_refusal(mail: OutgoingMail, reply: str) -> None:
    """The mail server refused the recipient at once: that counts like a bounce."""
    verdict = Verdict.HARD if bounce_reports.is_hard(reply) else Verdict.SOFT
    _note(mail, Report(verdict, words=reply))


@transaction.atomic
def take_in(raw: bytes) -> bool:
    """Read one message from the mailbox for bounces; answer whether it is done with and may be deleted there.

    Only a report that came to a return path with our signature does anything: the mail counts as failed, its address
    gets its points. What is forged, unclear, or written by a person changes nothing and stays in the mailbox.
    """
    report = bounce_reports.read(raw)
    mail = mail_named_in(raw)
    if mail is None or report.verdict not in _DONE_WITH:
        return False
    if report.verdict in _POINTS:
        _return(mail, report)
        _note(mail, report)
    return True


def _return(mail: OutgoingMail, report: Report) -> None:
    """A bounce moves sent to failed; uncertain, too, for now it is certain."""
    reason = f"{RETURNED}: {report.words or report.status or 'ohne Angabe von Gründen'}"
    values = closing(mail, MailState.FAILED, reason)
    OutgoingMail.objects.filter(pk=mail.pk, state__in=[MailState.SENT, MailState.UNKNOWN]).update(**values)


def _note(mail: OutgoingMail, report: Report) -> None:
    if not mail.to_address:  # forgotten after a year
        return
    values = {
        "address": mail.to_address.lower(),
        "points": _POINTS[report.verdict],
        "status": report.status[:12],
        "report": one_line(report.words, 500),
    }
    Bounce.objects.get_or_create(mail=mail, defaults=values)


@transaction.atomic
def release(bounce: Bounce, *, by: AbstractBaseUser) -> int:
    """Let mail go to this address again: all its bounces so far no longer count. Return how many that were."""
    counting = Bounce.objects.counting().filter(address=bounce.address)
    return counting.update(cleared_at=timezone.now(), cleared_by=by)


def read_mailbox() -> int:
    """Take in what lies in the mailbox for bounces; return how many messages were done with.

    Nothing, where no mailbox is set. An error is noted for "Heute" and not raised: the next turn tries again.
    """
    if not mailbox.is_set():
        return 0
    service_row()
    try:
        done = mailbox.go_through(take_in)
    except (OSError, *mailbox.ERRORS) as error:
        logger.warning("cannot read the mailbox for bounces: %s", error)
        MailService.objects.filter(pk=MailService.KEY).update(
            bounces_error=one_line(str(error) or type(error).__name__, 300)
        )
        return 0
    MailService.objects.filter(pk=MailService.KEY).update(bounces_error="", bounces_read_at=timezone.now())
    return done
