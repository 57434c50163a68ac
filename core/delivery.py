"""The sender: it claims a row, hands its mail to the mail server, and settles the row.

The claim is on the disk before the content is handed over, so whatever happens afterwards nobody gets a mail twice: a
row whose sender died is uncertain, and a person decides. Every change of state names the state it starts from and
counts; so it holds with any number of processes on both engines.
"""

import contextlib
import datetime
import logging
import time
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Exists, Func, OuterRef, QuerySet, TextField, Value
from django.db.models.lookups import Exact
from django.utils import timezone

from core import bouncing, pausing
from core.claiming import UNWRITABLE, Claim, Claiming
from core.closing import TAKEN_BACK, closing, fit_to_keep
from core.content import content_of
from core.lease import Lease
from core.letters import build_message
from core.models import Bounce, MailService, MailState, OutgoingMail, SenderSlot
from core.statements import Given, Update
from core.transport import Outcome, Result, ServerAwayError, ServerRefusesError, transport_for

logger = logging.getLogger(__name__)

# A run is a task; it stays far below the task time limit and lets other tasks have their turn.
RUN_ROWS = 200
RUN_SECONDS = 50
# How long a sender waits before it looks again when only the rate holds mail back.
PAUSE_SECONDS = 1.0
# How long a sender may not know yet that all sending has stopped.
ASK_SECONDS = 1.0
# So many connections in a row that end before a content was taken mean that the server is away.
INTERRUPTIONS = 3
# "4xx: 1, 5, 15, 60 Minuten, dann stündlich bis 72 Stunden" – the patience that RFC 5321, 4.5.4.1 suggests.
RETRY_MINUTES = (1, 5, 15, 60)
GIVE_UP_AFTER = datetime.timedelta(hours=72)

REFUSED = "vom Mailserver abgelehnt: {reply}"
LATER = "vom Mailserver vertagt: {reply}"
GIVEN_UP = "72 Stunden lang vergeblich versucht, zuletzt: {reply}"
CUT_OFF = "Die Verbindung brach ab, als der Inhalt schon übergeben war. Ob die E-Mail ankam, ist ungewiss. ({reply})"
SENDER_DIED = "Der Versand wurde mitten in dieser E-Mail unterbrochen. Ob sie ankam, ist ungewiss."

# A condition that always holds: in passing it sets synchronous_commit for the transaction, here the one statement.
_SETTING = Func(Value("synchronous_commit"), Value("off"), Value(True), function="set_config", output_field=TextField())
_WITHOUT_WAITING = Exact(_SETTING, Value("off"))


def _held() -> "QuerySet[OutgoingMail]":
    """The one row, if this sender holds it; also if the sweep has given it up and nobody has decided yet."""
    given = {name: Given(OutgoingMail, name) for name in ("id", "claim")}
    held = OutgoingMail.objects.filter(**given, state__in=[MailState.SENDING, MailState.UNKNOWN])
    return held.filter(_WITHOUT_WAITING) if connection.vendor == "postgresql" else held


_settling = Update(_held)


def run_sender() -> bool:
    """Send what is due, sign-in mail first; answer whether another run should follow at once.

    Does nothing if all connections are in use or sending waits (see `core.pausing`). Ends after RUN_ROWS mails or
    RUN_SECONDS, when nothing is due, or when the mail server takes nothing.
    """
    lease = Lease()
    if not MailService.now().lets_send or not OutgoingMail.objects.ready().exists() or not lease.take():
        return False
    try:
        run = _Run(lease)
        with contextlib.closing(run.transport):
            run.go()
    except ServerRefusesError as error:
        pausing.stop_all(str(error))
        return False
    except ServerAwayError as error:
        # With another sender at work the server is there, and only wants no second connection.
        if not lease.others():
            pausing.note_away(str(error))
        return False
    finally:
        if not connection.in_atomic_block:  # as in tests
            # It may have been cut; the next sender need not wait for it until the lease ends by itself.
            connection.close_if_unusable_or_obsolete()
        lease.give_back()
    # Asked after the slot is free again: a mail queued a moment ago may have found no free slot.
    return OutgoingMail.objects.ready().exists()


class _Run:
    """One sender at work."""

    _claim: Claim

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self.transport = transport_for(self._may_go_on)
        self._claiming = Claiming(lease.token)
        self._interruptions = 0
        self._interrupted: int | None = None
        self._look_around()

    def _look_around(self) -> None:
        """Read what other processes may have found out; once a second is often enough, and each mail would cost."""
        self._service = MailService.now()
        self._stopped = Bounce.objects.all_stopped()
        self._asked_at = time.monotonic()

    def go(self) -> None:
        ends = time.monotonic() + RUN_SECONDS
        rows = 0
        while rows < RUN_ROWS and time.monotonic() < ends and not self._is_stopped():
            self.transport.open()
            # Asked after the opening, which may have taken longer than a lease lasts.
            if not self._lease.keep():
                return
            claim = self._claiming.claim_next(self._stopped)
            if claim is not None:
                rows += 1
                self._deliver(claim)
            elif OutgoingMail.objects.ready().exists():
                time.sleep(PAUSE_SECONDS)
            else:
                return

    def _is_stopped(self) -> bool:
        """Whether another worker has met a server that will not have us; asked once a second."""
        if time.monotonic() - self._asked_at > ASK_SECONDS:
            self._look_around()
        return self._service.stopped_at is not None

    def _deliver(self, claim: Claim) -> None:
        mail, self._claim = claim.mail, claim
        if mail.state != MailState.SENDING:
            return
        try:
            message = build_message(mail)
            claim.begin()
            content = content_of(message)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            logger.exception("mail %s (%s) cannot be built", mail.pk, mail.kind)
            if claim.is_held():
                _fail(mail, UNWRITABLE.format(error=type(error).__name__))
            return
        try:
            outcome = self.transport.send(message, content)
        finally:
            held = claim.is_held()  # whatever happened: its answer is read before anything else asks the database
        if not held:
            return
        if outcome.result in (Result.INTERRUPTED, Result.AWAY, Result.BARRED):
            self._not_taken(claim, outcome)
        else:
            self._interruptions, self._interrupted = 0, None
            self._is_back()
            settle(mail, outcome)

    def _may_go_on(self) -> bool:
        """Asked by the transport before each word of a conversation: no content is handed over without the claim."""
        return self._claim.is_held() and self._lease.keep()

    def _is_back(self) -> None:
        if self._service.away_since is not None:
            pausing.note_back()
            self._service.away_since = None

    def _not_taken(self, claim: Claim, outcome: Outcome) -> None:
        """The server broke off before the content: nobody's fault, unless the same row does it twice running."""
        if outcome.result == Result.INTERRUPTED and claim.mail.pk == self._interrupted:
            settle(claim.mail, Outcome(Result.LATER, outcome.reply))
        else:
            _release(claim)
            self._claiming.put_back(claim)
        self._interrupted = claim.mail.pk
        self._interruptions += 1
        if outcome.result == Result.BARRED:
            raise ServerRefusesError(outcome.reply)
        if outcome.result == Result.AWAY or self._interruptions >= INTERRUPTIONS:
            raise ServerAwayError(outcome.reply)


def settle(mail: OutgoingMail, outcome: Outcome) -> None:
    """Write down what became of a claimed row."""
    match outcome.result:
        case Result.SENT:
            _close(mail, MailState.SENT, "")
        case Result.REFUSED:
            _fail(mail, REFUSED.format(reply=outcome.reply))
            bouncing.note_refusal(mail, outcome.reply)
        case Result.UNKNOWN:
            _close(mail, MailState.UNKNOWN, CUT_OFF.format(reply=outcome.reply))
        case _:
            _postpone(mail, outcome.reply)


def _postpone(mail: OutgoingMail, reply: str) -> None:
    now = timezone.now()
    last = (mail.first_tried_at or now) + GIVE_UP_AFTER
    if now >= last:
        _fail(mail, GIVEN_UP.format(reply=reply))
        bouncing.note_refusal(mail, reply)
        return
    minutes = RETRY_MINUTES[min(mail.attempts, len(RETRY_MINUTES)) - 1]
    due_at = min(now + datetime.timedelta(minutes=minutes), last)
    _update(
        mail, state=MailState.PENDING, claim="", due_at=due_at, reason=LATER.format(reply=reply), **fit_to_keep(mail)
    )


def _release(claim: Claim) -> None:
    """Put a row back as if it had never been touched."""
    _update(claim.mail, **claim.before)


def _fail(mail: OutgoingMail, reason: str) -> None:
    _close(mail, MailState.FAILED, reason)
    if mail.batch_id:
        pausing.pause_if_refused(mail.batch_id)


def _close(mail: OutgoingMail, state: MailState, reason: str) -> None:
    _update(mail, **closing(mail, state, reason))


def _update(mail: OutgoingMail, **changes: Any) -> None:
    """Change a row that this sender holds, also if the sweep has given it up meanwhile and nobody has decided yet.

    Without waiting for the disk: if a crash of the database loses this, the row is still *sending* and becomes
    uncertain, which is true. (The claim waits, or a row could be sent twice.)
    """
    if not _settling.run(changes, id=mail.pk, claim=mail.claim):
        logger.error("mail %s is no longer held by its sender, it stays as it is", mail.pk)


def sweep() -> int:
    """Give up rows whose sender is dead, skip what came back to wait in a batch that was taken back meanwhile.

    Returns how many senders should be woken for what is due.
    """
    alive = SenderSlot.objects.filter(holder=OuterRef("claim"), held_until__gt=timezone.now())
    for mail in OutgoingMail.objects.filter(~Exists(alive), state=MailState.SENDING):
        logger.error("mail %s is uncertain: its sender died", mail.pk)
        _close(mail, MailState.UNKNOWN, SENDER_DIED)
    stranded = OutgoingMail.objects.filter(state=MailState.PENDING, batch__taken_back_at__isnull=False)
    for mail in stranded:
        stranded.filter(pk=mail.pk).update(**closing(mail, MailState.SKIPPED, TAKEN_BACK))
    if not MailService.now().lets_send:
        return 0
    return min(OutgoingMail.objects.ready().count(), settings.MAIL_CONNECTIONS)
