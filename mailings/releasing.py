"""Verbs of sending: a second person releases, at once or for a time; then a batch of core carries it to each."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core.actions import queue_batch
from core.models import Batch
from mailings import access, actions, audiences, blocks, emails
from mailings.models import Mailing, MailingState, Subscriber
from meetings import planning
from users.models import User

# "Empfängerzahl über 500 wird getippt" (M-17).
TYPED_ABOVE = 500
# So far ahead somebody still knows what she planned.
LATEST_PLAN = datetime.timedelta(days=366)
NOBODY = "Wählen Sie aus, wer die E-Mail bekommen soll. Zurzeit ist das niemand."
OTHER_NUMBER = "Die Auswahl hat sich geändert: {now} statt {before}. Prüfen Sie sie noch einmal."


@transaction.atomic
def release(
    mailing: Mailing,
    *,
    by: User,
    expected: int,
    seen_at: datetime.datetime,
    planned_for: datetime.datetime | None = None,
) -> Mailing:
    """Release a mailing: it goes out after a minute, or at the planned time.

    expected: the number of recipients that was shown; seen_at: `changed_at` of the text that was shown. Of two who
    release at once the second is told. ValidationError (German) for the author herself (`access.can_release`), for
    what has changed since, for nobody, and as `actions.check`.
    """
    mailing = actions.locked(mailing)
    if not mailing.can_be_changed:
        who = f" von {mailing.released_by}" if mailing.released_by and mailing.released_by != by else ""
        raise ValidationError(f"Die E-Mail ist schon freigegeben{who}.")
    if not access.can_release(by, mailing):
        raise ValidationError("Bitten Sie eine zweite Person um die Freigabe: Sie haben die E-Mail selbst verfasst.")
    if mailing.changed_at != seen_at:
        raise ValidationError("Lesen Sie die E-Mail noch einmal: Sie ist inzwischen geändert.")
    actions.check(mailing)
    count = audiences.select(mailing).count
    if not count:
        raise ValidationError(NOBODY)
    if count != expected:
        raise ValidationError(OTHER_NUMBER.format(now=count, before=expected))
    if mailing.invites_to and not mailing.invites_to.takes_more:
        raise ValidationError(planning.CLOSED)
    mailing.released_by, mailing.released_at, mailing.problem = by, timezone.now(), ""
    mailing.planned_for = planned_for
    if planned_for and planned_for > timezone.now():
        mailing.state = MailingState.RELEASED
        mailing.save()
        return mailing
    return _hand_over(mailing, by=by)


def _hand_over(mailing: Mailing, *, by: User | None) -> Mailing:
    """Give it to the queue, its blocks as they are now. ValidationError (German) if that cannot be."""
    body = blocks.expand(mailing.text, inviting_to=mailing.invites_to)
    readers = audiences.select(mailing).readers
    if not readers:
        raise ValidationError(NOBODY)
    mailing.body_html, mailing.body_text = str(body.html), body.text
    mailing.batch = _batch(mailing, readers, by)
    mailing.state = MailingState.SENT
    mailing.save()
    return mailing


def _batch(mailing: Mailing, readers: list[audiences.Reader], by: User | None) -> Batch:
    kind = emails.kind_of(mailing)
    persons = {reader.person.pk: reader.person for reader in readers}
    known = set(Subscriber.objects.filter(person__in=persons).values_list("person", flat=True))
    Subscriber.objects.bulk_create(Subscriber(person=row) for key, row in persons.items() if key not in known)
    if mailing.invites_to:
        guests = [(reader.person, reader.body) for reader in readers]
        data = emails.data_of(mailing)
        return planning.invite_persons(mailing.invites_to, guests, title=mailing.subject, by=by, kind=kind, data=data)
    recipients = [emails.recipient(reader, mailing) for reader in readers]
    return queue_batch(kind, recipients, title=mailing.subject, by=by)


def send_planned() -> None:
    """Hand over what is due, every minute. What cannot go out waits for a person, with the reason."""
    for key in Mailing.objects.due().values_list("pk", flat=True):
        with transaction.atomic():
            _send_one(key)


def _send_one(key: int) -> None:
    rows = Mailing.objects.due().select_for_update(of=("self",), skip_locked=True)
    mailing = rows.select_related("invites_to", "released_by").filter(pk=key).first()
    if mailing is None:  # another clock has it, or somebody took it out of the plan
        return
    try:
        with transaction.atomic():
            _hand_over(mailing, by=mailing.released_by)
    except ValidationError as error:
        mailing = Mailing.objects.get(pk=key)
        mailing.problem = " ".join(error.messages)[:300]
        mailing.state = MailingState.SUBMITTED
        mailing.released_by = mailing.released_at = mailing.planned_for = None
        mailing.save()
