"""Which row a sender takes next. It claims one at a time, durably, before that row's mail sets out.

So whatever happens afterwards nobody gets a mail twice, and a sender that dies leaves one single row uncertain.
Before that, a few rows are set aside for it, so that two senders do not write the same letter. That is a word among
senders only: it stands in the sender's slot and soon lapses, and the rows know nothing of it. Should two take the
same row nevertheless, one of them finds it claimed.
"""

import datetime
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from core import pausing
from core.closing import closing
from core.letters import SUBJECT_LENGTH
from core.mailkinds import Letter, MailClass, MailKind, kind_for
from core.mailtexts import is_off
from core.models import MailState, OutgoingMail, SenderSlot
from core.statements import Given, Update
from core.text import clean_text, one_line

logger = logging.getLogger(__name__)

# What is set aside at once grows from one to this as long as all of it sets out within a second, after which a sender
# looks anew: a sign-in code must not wait behind mails chosen before it.
MOST_ROWS = 64
GROWTH = 4
LOOK_ANEW_SECONDS = 1.0
# So long others leave it alone, but no longer: its sender may be dead, or caught in a slow conversation.
LEFT_ALONE = datetime.timedelta(seconds=2)

UNWRITABLE = "Die E-Mail ließ sich nicht erstellen ({error})."
SWITCHED_OFF = "Diese automatische E-Mail ist abgeschaltet."
STOPPED_ADDRESS = "An diese Adresse kam mehrmals nichts an. Bitte klären und unter „Rückläufer“ wieder freigeben."


def _claimable() -> "QuerySet[OutgoingMail]":
    """The one row, if it still may go out, and to the address that the letter was written for."""
    given = {name: Given(OutgoingMail, name) for name in ("id", "to_address")}
    return OutgoingMail.objects.ready(Given(OutgoingMail, "due_at")).filter(**given)


_claim = Update(_claimable)


class Claim:
    """A row that one sender takes. mail: already as the row becomes; before: how it was."""

    def __init__(self, mail: OutgoingMail, changes: dict[str, Any]) -> None:
        self.mail = mail
        self.before = {name: getattr(mail, name) for name in changes}
        self._changes = changes
        self._end: Callable[[], int] | None = None
        self._is_held: bool | None = None
        _set(mail, changes)

    def begin(self) -> None:
        """Send the claim to the database, where there is something to do while its disk writes; then ask `is_held`.

        Nothing else may ask the database in between. One statement and so a transaction of its own, it asks once more
        whether the row may go out.
        """
        if self._end is None:
            mail, now = self.mail, timezone.now()
            self._end = _claim.begin(self._changes, id=mail.pk, to_address=mail.to_address, due_at=now)

    def is_held(self) -> bool:
        """Whether the row is this sender's, for good; waits until that is on the disk."""
        if self._is_held is None:
            self._is_held = False  # should the question fail
            self.begin()
            assert self._end is not None  # noqa: S101 - begun above
            self._is_held = bool(self._end())
        return self._is_held


def _set(mail: OutgoingMail, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(mail, name, value)


class Claiming:
    """The rows that one sender takes, one after the other. token: that of its lease."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._aside: deque[OutgoingMail] = deque()
        self._size = 0
        self._looked_at = time.monotonic()

    def claim_next(self, stopped: frozenset[str] = frozenset()) -> Claim | None:
        """Write the letter of the next row in its order, for the caller to claim; None if nothing may go out now.

        stopped: addresses in small letters that get nothing but sign-in mail.
        Its mail is *sending*, and then the caller claims it; or *skipped* or *failed*, if its kind refused it or could
        not write it, and then that is done.
        """
        mail = self._next_row()
        if mail is None:
            return None
        claim = Claim(mail, _written(mail, self._token, stopped))
        if mail.state != MailState.SENDING and claim.is_held() and mail.state == MailState.FAILED and mail.batch_id:
            pausing.pause_if_refused(mail.batch_id)
        return claim

    def put_back(self, claim: Claim) -> None:
        """Take a row once more as the next one; it is as if it had never been claimed."""
        _set(claim.mail, claim.before)
        self._aside.appendleft(claim.mail)

    def _next_row(self) -> OutgoingMail | None:
        only_access = _rate_reached()
        if only_access:
            self._aside = deque(mail for mail in self._aside if mail.mail_class == MailClass.ACCESS)
        if not self._aside or time.monotonic() - self._looked_at > LOOK_ANEW_SECONDS:
            self._set_aside(only_access=only_access)
        return self._aside.popleft() if self._aside else None

    def _set_aside(self, *, only_access: bool) -> None:
        """Set the next rows aside that no other sender has."""
        was_quick = time.monotonic() - self._looked_at <= LOOK_ANEW_SECONDS
        self._size = min(GROWTH * self._size or 1, MOST_ROWS) if was_quick else 1
        with transaction.atomic():
            # Locked, so that two senders look one after the other.
            slots = list(SenderSlot.objects.select_for_update().order_by("number"))
            now = timezone.now()
            others = [slot for slot in slots if slot.holder != self._token and slot.set_aside_until > now]
            mails = OutgoingMail.objects.ready(now).in_order()
            mails = mails.exclude(pk__in=[key for slot in others for key in slot.set_aside])
            if only_access:
                mails = mails.filter(mail_class=MailClass.ACCESS)
            self._aside = deque(mails[: self._size])
            keys = [mail.pk for mail in self._aside]
            own = SenderSlot.objects.filter(holder=self._token)
            own.update(set_aside=keys, set_aside_until=now + LEFT_ALONE)
        self._looked_at = time.monotonic()


def _rate_reached() -> bool:
    """Whether MAIL_PER_MINUTE is used up (0: no limit). Senders count apart, so it may be passed by their number."""
    if not settings.MAIL_PER_MINUTE:
        return False
    minute = timezone.now() - datetime.timedelta(minutes=1)
    return OutgoingMail.objects.filter(claimed_at__gt=minute).count() >= settings.MAIL_PER_MINUTE


def _written(mail: OutgoingMail, token: str, stopped: frozenset[str]) -> dict[str, Any]:
    """Ask the kind once more and let it write; return what the row becomes."""
    now = timezone.now()
    try:
        kind = kind_for(mail.kind)
        if reason := _objection(mail, kind, stopped):
            return closing(mail, MailState.SKIPPED, reason)
        letter = _storable(kind.render(mail))
    except (OperationalError, InterfaceError):
        raise  # the database is in trouble, not this mail: the row stays as it was
    except Exception as error:
        logger.exception("mail %s (%s) cannot be written", mail.pk, mail.kind)
        return closing(mail, MailState.FAILED, UNWRITABLE.format(error=type(error).__name__))
    return {
        "state": MailState.SENDING,
        "claim": token,
        "claimed_at": now,
        "first_tried_at": mail.first_tried_at or now,
        "attempts": mail.attempts + 1,
        "reason": "",
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "attachments": [asdict(attachment) for attachment in letter.attachments],
    }


def _objection(mail: OutgoingMail, kind: MailKind, stopped: frozenset[str]) -> str:
    """Return why the mail must not go out any more, "" if it may. A sign-in code goes also to a stopped address."""
    if is_off(kind):
        return SWITCHED_OFF
    if mail.mail_class != MailClass.ACCESS and mail.to_address.lower() in stopped:
        return STOPPED_ADDRESS
    return kind.refuse(mail)


def _storable(letter: Letter) -> Letter:
    """Clean what a kind has written: a NUL or an endless subject would otherwise stop the claim and so all mail."""
    return replace(
        letter,
        subject=one_line(letter.subject, SUBJECT_LENGTH),
        text=clean_text(letter.text),
        html=clean_text(letter.html),
    )
