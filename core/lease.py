"""The right to a connection to the mail server: never more senders at work than MAIL_CONNECTIONS."""

import datetime
import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.models import SenderSlot


class Lease:
    """The right to one connection to the mail server. It ends by itself soon after its holder's death."""

    # Three times the longest single word with the mail server (EMAIL_TIMEOUT); renewed between the words.
    LENGTH = datetime.timedelta(seconds=60)
    RENEW_AFTER = datetime.timedelta(seconds=10)

    def __init__(self) -> None:
        self.token = uuid.uuid4().hex
        self._held_until = timezone.now()

    def take(self) -> bool:
        """Take a free slot, if there is one among the MAIL_CONNECTIONS.

        RuntimeError within a transaction: what a sender writes down would vanish with it.
        """
        with transaction.atomic(durable=True):
            return any(self._take(number) for number in range(settings.MAIL_CONNECTIONS))

    def _take(self, number: int) -> bool:
        SenderSlot.objects.get_or_create(number=number)
        return self._hold(SenderSlot.objects.filter(number=number, held_until__lte=timezone.now()))

    def keep(self) -> bool:
        """Renew the lease when it has grown old; False if it has run out, even if nobody has taken the slot since.

        Then the sweep may have given up this sender's row and a person may have decided about it.
        """
        # By the clock on the wall: the monotonic one stands still while the machine sleeps.
        now = timezone.now()
        if now < self._held_until - self.LENGTH + self.RENEW_AFTER:
            return True
        return self._hold(SenderSlot.objects.filter(holder=self.token, held_until__gt=now))

    def others(self) -> bool:
        """Whether another sender holds a connection at this moment."""
        return SenderSlot.objects.filter(held_until__gt=timezone.now()).exclude(holder__in=["", self.token]).exists()

    def _hold(self, slots: QuerySet[SenderSlot]) -> bool:
        held_until = timezone.now() + self.LENGTH
        if not slots.update(holder=self.token, held_until=held_until):
            return False
        self._held_until = held_until
        return True

    def give_back(self) -> None:
        """Free the slot at once."""
        SenderSlot.objects.filter(holder=self.token).update(holder="", held_until=timezone.now(), set_aside=[])
