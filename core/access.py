"""The door to a mail of the queue."""

from django.http import Http404

from core.models import OutgoingMail


def mail_for(public_id: str) -> OutgoingMail:
    """Return the mail with this address in the Postausgang, where the demonstration shows all; Http404 else."""
    mail = OutgoingMail.objects.filter(public_id=public_id).first()
    if mail is None:
        raise Http404
    return mail
