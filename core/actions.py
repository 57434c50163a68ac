"""Verbs of the mail queue: queue a mail, queue a batch, take it back, pause it, decide about an uncertain row."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from core.closing import RECIPIENT_ERASED, TAKEN_BACK, closing
from core.jobs import DELIVER_MAIL, wake
from core.mailkinds import MailClass, kind_for
from core.mailtexts import Wording, shipped
from core.models import BAD_ADDRESS, Batch, MailState, MailText, OutgoingMail
from core.personal import Subject
from core.privacy import mail_of
from core.repeating import worth_repeating
from core.text import one_line

RESTORED = "Aus einer Sicherung zurückgeholt. Ob die E-Mail seitdem hinausging, ist ungewiss."
RESTORED_CODE = "Aus einer Sicherung zurückgeholt. Wer sich anmelden will, fordert einen neuen Code an."
_ADDRESS_LENGTH, _NAME_LENGTH = 254, 200
_followers: list[Callable[[Batch], None]] = []


@dataclass(frozen=True)
class Recipient:
    """One recipient of a batch. key: opaque and unique within the batch ("person:17"); data: what render() needs."""

    key: str
    address: str
    name: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def queue_mail(
    kind: str,
    *,
    to_address: str,
    to_name: str = "",
    recipient_key: str,
    data: dict[str, Any] | None = None,
    batch: Batch | None = None,
    hold: bool = False,
) -> OutgoingMail:
    """Write one mail into the queue, in the caller's transaction; the sender is woken after the commit.

    kind: key of a registered kind (KeyError otherwise). data: plain JSON values that render() needs beside the
    database; it is kept until the mail is gone. An address that cannot be one makes a row that has failed, so the
    caller's page goes on and the office sees the reason. With a batch, a recipient already in it keeps her one row;
    ValidationError if the batch was taken back. hold: as long as a batch is held, so that a deed by mistake can be
    undone; the kind's `refuse` then says so.
    """
    recipient = Recipient(recipient_key, to_address, to_name, data or {})
    mail = _row(kind, recipient, batch)
    if hold:
        mail.due_at = timezone.now() + Batch.HOLD
    if batch is not None:
        return _join(batch, mail)
    mail.save()
    wake(DELIVER_MAIL, after=Batch.HOLD.total_seconds() + 1 if hold else 0)
    return mail


@transaction.atomic
def _join(batch: Batch, mail: OutgoingMail) -> OutgoingMail:
    _open_batch(batch)  # locked, so that the same recipient cannot be added twice at the same moment
    known = OutgoingMail.objects.filter(batch=batch, recipient_key=mail.recipient_key).first()
    if known is not None:
        return known
    Batch.objects.filter(pk=batch.pk).update(recipients=F("recipients") + 1)
    mail.save()
    wake(DELIVER_MAIL)
    return mail


@transaction.atomic
def queue_batch(
    kind: str,
    recipients: Iterable[Recipient],
    *,
    title: str,
    by: AbstractBaseUser | None,
    send_at: datetime.datetime | None = None,
) -> Batch:
    """Queue one kind of mail for many; nothing leaves before the hold of 60 seconds is over.

    kind: any but those that sign in (ValueError). send_at: a planned time; until then all of it can be taken back. A
    recipient given twice (same key) counts once. Nobody at all is a mistake and raises ValidationError.
    """
    unique = {recipient.key: recipient for recipient in reversed(list(recipients))}
    if not unique:
        raise ValidationError("Wählen Sie aus, wer die E-Mail bekommen soll. Noch ist niemand ausgewählt.")
    soonest = timezone.now() + Batch.HOLD
    held_until = max(send_at, soonest) if send_at else soonest
    batch = Batch(title=one_line(title, 200), kind=kind, send_at=send_at, held_until=held_until, recipients=len(unique))
    _save(batch, by, created_by=by)
    rows = [_row(kind, recipient, batch) for recipient in reversed(unique.values())]
    OutgoingMail.objects.bulk_create(rows, batch_size=500)
    if held_until == soonest:  # what is planned is found by the sweep: no broker need remember it for days
        wake(DELIVER_MAIL, after=Batch.HOLD.total_seconds() + 1)
    return batch


def _row(kind: str, recipient: Recipient, batch: Batch | None) -> OutgoingMail:
    mail_class = kind_for(kind).mail_class
    if batch is not None and mail_class == MailClass.ACCESS:
        # What is taken back keeps its data, and a code is asked for by one person.
        raise ValueError(f"{kind} is a sign-in mail and cannot be part of a batch")
    address = one_line(recipient.address, 1000)
    mail = OutgoingMail(
        batch=batch,
        kind=kind,
        mail_class=mail_class,
        to_address=address[:_ADDRESS_LENGTH],
        to_name=one_line(recipient.name, _NAME_LENGTH),
        recipient_key=recipient.key,
        data=recipient.data,
    )
    if batch is not None:
        mail.due_at = batch.held_until
    try:
        validate_email(address)
    except ValidationError:
        for name, value in closing(mail, MailState.FAILED, BAD_ADDRESS).items():
            setattr(mail, name, value)
    return mail


def when_taken_back(follow: Callable[[Batch], None]) -> None:
    """Let an app above undo what went along with a batch, in the same transaction; called once at start-up."""
    _followers.append(follow)


@transaction.atomic
def take_back(batch: Batch, *, by: AbstractBaseUser | None) -> int:
    """Take a batch back: what has not gone out is skipped. Return how many mails were stopped.

    Within the hold that is all of them. Taking back twice changes nothing. What else the deed had changed is undone by
    the apps that said so (`when_taken_back`).
    """
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if locked.taken_back_at is None:
        _save(locked, by, taken_back_at=timezone.now())
        for follow in _followers:
            follow(locked)
    waiting = OutgoingMail.objects.filter(batch=locked, state=MailState.PENDING)
    return waiting.update(state=MailState.SKIPPED, reason=TAKEN_BACK, settled_at=timezone.now())


@transaction.atomic
def pause(batch: Batch, *, by: AbstractBaseUser | None) -> None:
    """Stop the batch until somebody resumes it; mails being sent at this moment still arrive."""
    locked = _open_batch(batch)
    if locked.paused_at is None:
        _save(locked, by, paused_at=timezone.now(), pause_reason="")


@transaction.atomic
def resume(batch: Batch, *, by: AbstractBaseUser | None) -> None:
    """Let a paused batch go on."""
    locked = _open_batch(batch)
    if locked.paused_at is not None:
        _save(locked, by, paused_at=None, pause_reason="", resumed_at=timezone.now())
        wake(DELIVER_MAIL)


@transaction.atomic
def send_failed_again(batch: Batch, *, by: AbstractBaseUser | None) -> int:
    """Give what failed into the queue once more, and nothing else; return how many mails.

    Who has another address by now gets it there. Uncertain rows stay: about each of them a person decides by itself
    (`settle_unknown`). Rows whose address is still stopped or none stay, too. ValidationError if the batch was taken
    back.
    """
    locked = _open_batch(batch)
    found = worth_repeating(locked)
    rows = OutgoingMail.objects.filter(pk__in=found, state=MailState.FAILED)
    for mail in rows.only("to_address"):
        if mail.to_address != found[mail.pk]:
            OutgoingMail.objects.filter(pk=mail.pk).update(to_address=found[mail.pk])
    repeated = rows.update(claim="", decided_by=by, **_once_more())
    if repeated:
        # What was refused before says nothing about the second try.
        _save(locked, by, resumed_at=timezone.now())
        wake(DELIVER_MAIL)
    return repeated


def _open_batch(batch: Batch) -> Batch:
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if locked.taken_back_at is not None:
        raise ValidationError(
            "Diese Sammelsendung ist zurückgenommen und lässt sich nicht mehr anhalten, fortsetzen oder ergänzen. "
            "Stellen Sie bei Bedarf eine neue zusammen."
        )
    return locked


def _save(row: Batch | MailText, by: AbstractBaseUser | None, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row._history_user = by  # type: ignore[union-attr]
    row.save()


@transaction.atomic
def settle_unknown(mail: OutgoingMail, *, arrived: bool, by: AbstractBaseUser | None) -> None:
    """Decide about an uncertain row: it arrived (then it counts as sent), or it is sent once more.

    The second sending bears the same Message-ID. ValidationError if the row is no longer uncertain, or if it must not
    be sent again: a sign-in mail, whose content is gone, one whose address is forgotten, or one of a batch that was
    taken back.
    """
    if not arrived and (reason := _why_not_again(mail)):
        raise ValidationError(reason)
    changes = _arrived() if arrived else _once_more()
    unknown = OutgoingMail.objects.filter(pk=mail.pk, state=MailState.UNKNOWN)
    # Without its claim the row no longer obeys a sender that was only asleep.
    if not unknown.update(claim="", decided_by=by, **changes):
        raise ValidationError("Über diese E-Mail ist schon entschieden. Laden Sie die Seite neu.")
    if not arrived:
        wake(DELIVER_MAIL)


def _why_not_again(mail: OutgoingMail) -> str:
    if mail.mail_class == MailClass.ACCESS:
        return (
            "Anmelde-E-Mails lassen sich nicht noch einmal senden. Die Person fordert auf der Anmeldeseite einen neuen "
            "Code an."
        )
    if not mail.to_address:
        return (
            "Adresse und Text dieser E-Mail sind nach zwölf Monaten gelöscht. Sie lässt sich nicht noch einmal senden."
        )
    if mail.batch_id and Batch.objects.select_for_update().get(pk=mail.batch_id).taken_back_at:
        return "Die Sammelsendung ist zurückgenommen. Aus ihr lässt sich nichts noch einmal senden."
    return ""


def _arrived() -> dict[str, Any]:
    return {"state": MailState.SENT, "reason": "von Hand als zugestellt vermerkt", "settled_at": timezone.now()}


def _once_more() -> dict[str, Any]:
    return {
        "state": MailState.PENDING,
        "reason": "von Hand noch einmal in den Versand gegeben",
        "settled_at": None,
        "due_at": timezone.now(),
        "first_tried_at": None,
        "attempts": 0,
    }


def stop_mail_to(subject: Subject) -> int:
    """Skip what still waits for a person who is being erased; return how many mails."""
    waiting = OutgoingMail.objects.filter(mail_of(subject), state=MailState.PENDING)
    return waiting.update(state=MailState.SKIPPED, reason=RECIPIENT_ERASED, settled_at=timezone.now())


@transaction.atomic
def change_mail_text(text: MailText, wording: Wording, *, is_off: bool, by: AbstractBaseUser | None) -> None:
    """Send a kind of mail in these words from now on, or not at all; the shipped words are not kept as own ones.

    is_off: only an optional kind can be switched off. What changes nothing leaves no trace in the history.
    """
    own = wording if wording != shipped(text.mail_kind) else Wording("", "", "")
    values = {**asdict(own), "is_off": is_off and text.mail_kind.optional}
    if any(getattr(text, name) != value for name, value in values.items()):
        _save(text, by, **values)


@transaction.atomic
def hold_unfinished() -> tuple[int, int]:
    """After a restore: nothing goes out by itself that may have gone out since the backup.

    Batches with mail still to go are paused. Single mails, and all that a sender held, become uncertain, so that a
    person decides; sign-in mails that waited are skipped. Return how many batches and how many mails.
    """
    unfinished = OutgoingMail.objects.filter(state__in=[MailState.PENDING, MailState.SENDING])
    batches = Batch.objects.filter(pk__in=unfinished.values("batch"), paused_at=None, taken_back_at=None)
    paused = [pause(batch, by=None) for batch in batches]
    loose = list(unfinished.filter(Q(batch=None) | Q(state=MailState.SENDING)))
    for mail in loose:
        stale = mail.state == MailState.PENDING and mail.mail_class == MailClass.ACCESS
        values = (
            closing(mail, MailState.SKIPPED, RESTORED_CODE) if stale else closing(mail, MailState.UNKNOWN, RESTORED)
        )
        OutgoingMail.objects.filter(pk=mail.pk).update(claim="", **values)
    return len(paused), len(loose)
