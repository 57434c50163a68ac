"""The doors to the mails and batches of the queue, and to the wording of each kind."""

from django.http import Http404

from core.mailkinds import kind_for
from core.models import Batch, MailText, OutgoingMail


def mail_for(public_id: str) -> OutgoingMail:
    """Return the mail with this address in the Postausgang, where the demonstration shows all; Http404 else."""
    mail = OutgoingMail.objects.filter(public_id=public_id).first()
    if mail is None:
        raise Http404
    return mail


def batch_for(pk: int) -> Batch:
    """Return the batch with this number; Http404 else. For pages of staff who may decide about batches."""
    batch = Batch.objects.filter(pk=pk).first()
    if batch is None:
        raise Http404
    return batch


def mail_text_for(key: str, *, to_change: bool = False) -> MailText:
    """Return the text of the kind with this key, an unsaved one if nobody changed it yet.

    to_change: inside a transaction, with the row there and locked. Http404 if no such kind is registered, or one
    whose wording cannot be changed.
    """
    try:
        kind = kind_for(key)
    except KeyError as error:
        raise Http404 from error
    if kind.sample is None:
        raise Http404
    texts = MailText.objects.all()
    if to_change:
        MailText.objects.bulk_create([MailText(kind=key)], ignore_conflicts=True)
        texts = texts.select_for_update()
    return texts.filter(kind=key).first() or MailText(kind=key)
