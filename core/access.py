"""The doors to the mails and batches of the queue."""

from django.http import Http404

from core.models import Batch, OutgoingMail


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
