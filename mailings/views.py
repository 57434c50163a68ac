"""The archive: public, in the own area, and what the portal has sent to oneself."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from core.logs import without_tokens
from mailings import access, enclosures
from mailings.blocks import Body
from mailings.models import Mailing

_PER_PAGE = 30


@require_safe
def public_mailings(request):
    rows = Paginator(Mailing.objects.public(), _PER_PAGE).get_page(request.GET.get("seite"))
    return render(request, "mailings/archive.html", {"mailings": rows, "own": False})


@require_safe
def public_mailing(request, pk):
    return _letter(request, access.public_mailing_for(pk), own=False)


@login_required
@require_safe
def own_mailings(request):
    """What was sent to all in the network, and to her."""
    found = access.archive_for(request.user, request.acting_person)
    rows = Paginator(found, _PER_PAGE).get_page(request.GET.get("seite"))
    return render(request, "mailings/archive.html", {"mailings": rows, "own": True})


@login_required
@require_safe
def own_mailing(request, pk):
    return _letter(request, access.archived_mailing_for(request.user, request.acting_person, pk), own=True)


@require_safe
def public_file(request, pk):
    return enclosures.send(request, access.file_of(access.public_mailing_for(pk)))


@login_required
@require_safe
def own_file(request, pk):
    mailing = access.archived_mailing_for(request.user, request.acting_person, pk)
    return enclosures.send(request, access.file_of(mailing))


def _letter(request, mailing, *, own):
    """The text as it went out, without any reader's name or links."""
    body = Body(mark_safe(mailing.body_html), mailing.body_text).for_reader("")  # noqa: S308 - written by `blocks.expand`
    return render(request, "mailings/letter.html", {"mailing": mailing, "body": body.html, "own": own})


@login_required
@require_safe
def own_mails(request):
    """Every mail of the portal to her, the newest first."""
    found = access.own_mails(request.acting_person).select_related("batch__mailing")
    rows = Paginator(found, _PER_PAGE).get_page(request.GET.get("seite"))
    return render(request, "mailings/own_mails.html", {"mails": rows})


@login_required
@require_safe
def own_mail(request, public_id):
    """The text of one of them; its personal links were cut out when it was sent."""
    mail = access.own_mail_for(request.acting_person, public_id)
    mailing = access.archive_for(request.user, request.acting_person).filter(batch=mail.batch_id).first()
    context = {"mail": mail, "text": without_tokens(mail.text), "mailing": mailing}
    return render(request, "mailings/own_mail.html", context)
