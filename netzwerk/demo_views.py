"""The Postausgang: every message of the demonstration as HTML, text and source, and the staff's second factors."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.access import mail_for
from core.headers import mail_in_sandbox
from core.letters import build_message, files_of
from core.models import OutgoingMail
from users.demo import current_codes

_PER_PAGE = 50


@never_cache
@require_safe
def outbox(request):
    mails = Paginator(OutgoingMail.objects.defer("text", "html"), _PER_PAGE).get_page(request.GET.get("seite"))
    return render(request, "netzwerk/outbox.html", {"mails": mails, "codes": current_codes()})


@never_cache
@csp_replace({"frame-src": [SELF]})
@require_safe
def message(request, public_id):
    mail = mail_for(public_id)
    names = [*(file["name"] for file in mail.attachments), *(file.name for file in files_of(mail))]
    return render(request, "netzwerk/outbox_message.html", {"mail": mail, "names": names})


@never_cache
@mail_in_sandbox
@require_safe
def message_html(request, public_id):
    return HttpResponse(mail_for(public_id).html)


@never_cache
@require_safe
def message_source(request, public_id):
    mail = mail_for(public_id)
    response = HttpResponse(build_message(mail).message().as_bytes(), content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="{mail.public_id}.eml"'
    return response
