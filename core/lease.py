"""The right to a connection to the mail server: never more senders at work than MAIL_CONNECTIONS."""

import datetime
import time
import uuid

from django.conf import settings
from django.utils import timezone

from core.models import SenderSlot


class Lease:
    """The right to one connection to the mail server. It ends by itself soon after its holder's death."""

    # Three times the longest single word with the mail server (EMAIL_TIMEOUT); renewed between the words.
    LENGTH = datetime.timedelta(seconds=60)
    RENEW_SECONDS = 10.0

    def __init__(self) -> None:
        self.token = uuid.uuid4().hex
        self._renewed = 0.0

    def take(self) -> bool:
        """Take a free slot, if there is one among the MAIL_CONNECTIONS."""
        return any(self._take(number) for number in range(settings.MAIL_CONNECTIONS))

    def _take(self, number: int) -> bool:
        SenderSlot.objects.get_or_create(number=number)
        now = timezone.now()
        free = SenderSlot.objects.filter(number=number, held_until__lte=now)
        self._renewed = time.monotonic()
        return free.update(holder=self.token, held_until=now + self.LENGTH) == 1

    def keep(self) -> bool:
        """Renew the lease when it has grown old; False if somebody else has taken the slot meanwhile."""
        if time.monotonic() - self._renewed < self.RENEW_SECONDS:
            return True
        self._renewed = time.monotonic()
        mine = SenderSlot.objects.filter(holder=self.token)
        return mine.update(held_until=timezone.now() + self.LENGTH) == 1

    def give_back(self) -> None:
        SenderSlot.objects.filter(holder=self.token).update(holder="", held_until=timezone.now())
