"""The page "Automatische E-Mails": what the portal sends by itself, and in which words."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import access, actions, mailtexts
from core.desk import staff_page
from core.headers import mail_in_sandbox
from core.letters import compose
from core.timeline import Source, timeline
from netzwerk import emails
from netzwerk.forms import MailTextForm


@staff_page("core.view_mailtext")
@require_safe
def mail_texts(request):
    return render(request, "netzwerk/mail_texts.html", {"lines": mailtexts.lines()})


@staff_page("core.change_mailtext")
@csp_replace({"frame-src": [SELF]})
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def mail_text(request, key):
    """Change a wording, or send it to oneself as it stands in the form, without storing it."""
    text = access.mail_text_for(key, to_change=request.method == "POST")
    form = MailTextForm(request.POST or None, text=text)
    if form.is_valid():
        if "test" in request.POST:
            emails.test_mail(key, form.wording, to=request.user)
            messages.success(request, f"Testmail an {request.user.email} abgeschickt. Gespeichert ist noch nichts.")
        elif not form.has_news(request.user):
            actions.change_mail_text(text, form.wording, is_off=form.is_off_now, by=request.user)
            messages.success(request, f"„{text}“ ist gespeichert und gilt ab der nächsten E-Mail.")
            return redirect("mail_text", key)
    versions = timeline([Source(text.history.all())], page=request.GET.get("verlauf")) if text.pk else []
    context = {"text": text, "form": form, "data": {"versions": versions}}
    return render(request, "netzwerk/mail_text.html", context)


@staff_page("core.change_mailtext")
@require_POST
@transaction.atomic
def mail_text_reset(request, key):
    text = access.mail_text_for(key, to_change=True)
    actions.change_mail_text(text, mailtexts.shipped(text.mail_kind), is_off=text.is_off, by=request.user)
    messages.success(request, f"„{text}“ wird wieder so gesendet, wie das Portal sie mitbringt.")
    return redirect("mail_text", key)


@staff_page("core.change_mailtext")
@mail_in_sandbox
@require_http_methods(["GET", "HEAD", "POST"])
def mail_text_preview(request, key, part):
    """The mail with made-up facts, into the frame of the page; after POST with what stands in the form."""
    text = access.mail_text_for(key)
    form = MailTextForm(request.POST or None, text=text)
    if form.is_bound and not form.is_valid():
        mistakes = "\n\n".join(error for errors in form.errors.values() for error in errors)
        return HttpResponse(mistakes, content_type="text/plain; charset=utf-8")
    letter = compose(key, text.mail_kind.sample(), wording=form.wording if form.is_bound else None)
    if part == "html":
        return HttpResponse(letter.html)
    return HttpResponse(f"Betreff: {letter.subject}\n\n{letter.text}", content_type="text/plain; charset=utf-8")
