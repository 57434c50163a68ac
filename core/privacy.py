"""How long the queue remembers whom it wrote to and what.

The table of all periods, with the handbook's page about them, comes with the pages on data protection; until then
each period stands beside its rule and in docs/betrieb.md ("Löschfristen").
"""

import datetime

from django.utils import timezone

from core.models import OutgoingMail

# "Adresse in einer Zustellung: 12 Monate; die Zahlen bleiben", and as long the letter itself.
KEPT = datetime.timedelta(days=365)
# The mail server's words may quote the address; the key stays, which keeps a recipient once in her batch.
_FORGOTTEN = {"to_address": "", "to_name": "", "subject": "", "text": "", "html": "", "data": {}, "reason": ""}


def forget_recipients() -> int:
    """Clear address, name and letter of mails settled more than 12 months ago; return of how many.

    State, kind and times stay, so that every count stays true.
    """
    old = OutgoingMail.objects.filter(settled_at__lt=timezone.now() - KEPT).exclude(**_FORGOTTEN)
    return old.update(**_FORGOTTEN)
