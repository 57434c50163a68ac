"""How mail leaves the house: the page of a batch with its accounts, and the page that says why all mail waits."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core import access, actions, pausing
from core.desk import staff_page
from core.models import MailService, MailState, OutgoingMail
from core.repeating import worth_repeating
from core.timeline import Source, timeline
from core.worklist import list_url, moment

MAY_LOOK, MAY_DECIDE = "core.view_batch", "core.change_batch"


@staff_page(MAY_LOOK)
@require_safe
def batch(request, pk):
    return render(request, "netzwerk/batch.html", _standing(access.batch_for(pk)))


@staff_page(MAY_LOOK)
@require_safe
def batch_state(request, pk):
    """What of the page changes while mail goes out; static/js/live.js asks for it."""
    return render(request, "netzwerk/batch_state.html", _standing(access.batch_for(pk)))


def _standing(batch):
    counts, service = batch.counts(), MailService.now()
    phase = batch.phase(counts)
    of_batch = {"batch__id__exact": str(batch.pk)}
    waits = phase == "running" and not service.is_well
    return {
        "batch": batch,
        "phase": phase,
        "waits": waits,
        "status": _service_status(service) if waits else _status(batch, phase),
        "figures": [
            (state.label, count, list_url("core_outgoingmail", state__exact=state, **of_batch))
            for state, count in counts.items()
        ],
        "list_url": list_url("core_outgoingmail", **of_batch),
        "done": batch.recipients - counts[MailState.PENDING] - counts[MailState.SENDING],
        "sent": counts[MailState.SENT],
        "failed": counts[MailState.FAILED],
        "deeds": list(_deeds(batch, phase)),
    }


def _status(batch, phase):
    """Return variant, sentence and text of the page's first line."""
    match phase:
        case "held":
            when = f"am {moment(batch.send_at)}" if batch.send_at else "in weniger als einer Minute"
            return "neutral", f"Geht {when} hinaus", "Bis dahin lässt sich alles zurücknehmen."
        case "paused":
            return "warning", "Angehalten", batch.pause_reason or "Was schon gesendet ist, bleibt gesendet."
        case "stopped":
            return "neutral", "Zurückgenommen", "Was noch wartete, wird nicht mehr gesendet."
        case "done":
            return "success", "Alle E-Mails sind erledigt", ""
        case _:
            return "neutral", "Wird versandt", ""


def _service_status(service):
    if service.stopped_at:
        return "warning", "Der Mailserver weist das Portal ab", "Alle E-Mails warten, bis jemand fortsetzt."
    text = "Was wartet, geht von selbst hinaus, sobald er wieder antwortet."
    return "warning", "Der Mailserver ist nicht erreichbar", text


def _deeds(batch, phase):
    """Yield label and address of each button that makes sense now."""
    repeatable = 0 if phase == "stopped" else len(worth_repeating(batch))
    rest = "Zurücknehmen" if phase == "held" else "Abbrechen: Rest nicht senden"
    possible = (
        ("pause_batch", "Anhalten", phase in ("held", "running")),
        ("resume_batch", "Fortsetzen", phase == "paused"),
        ("take_back_batch", rest, phase in ("held", "running", "paused")),
        ("repeat_batch", f"Nicht zustellbare ({repeatable}) noch einmal senden", repeatable),
    )
    for name, label, makes_sense in possible:
        if makes_sense:
            yield label, reverse(name, args=[batch.pk])


@staff_page(MAY_DECIDE)
@require_POST
def pause_batch(request, pk):
    return _do(request, pk, actions.pause, "ist angehalten. Was gerade unterwegs ist, kommt noch an.")


@staff_page(MAY_DECIDE)
@require_POST
def resume_batch(request, pk):
    return _do(request, pk, actions.resume, "geht weiter.")


@staff_page(MAY_DECIDE)
@require_POST
def take_back_batch(request, pk):
    response = _do(request, pk, actions.take_back, "ist zurückgenommen. Nicht gesendete E-Mails: {}.")
    return response if "auf_der_seite" in request.POST else redirect("admin:index")


@staff_page(MAY_DECIDE)
@require_POST
def repeat_batch(request, pk):
    return _do(request, pk, actions.send_failed_again, "noch einmal in den Versand gegeben: {}.")


def _do(request, pk, verb, done):
    """Do a verb to a batch and say so on its page; done: what follows its title, {} for what the verb answered."""
    batch = access.batch_for(pk)
    try:
        answer = verb(batch, by=request.user)
        messages.success(request, f"„{batch.title}“ {done.format(answer)}")
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    return redirect("batch", pk)


@staff_page(MAY_LOOK)
@require_safe
def mail_service(request):
    service = MailService.now()
    context = {
        "service": service,
        "waiting": OutgoingMail.objects.filter(state=MailState.PENDING).count(),
        "waiting_url": list_url("core_outgoingmail", state__exact=MailState.PENDING),
        "is_disturbed": not service.is_well,
        "data": {"versions": timeline([Source(MailService.history.all())], page=request.GET.get("verlauf"))},
    }
    return render(request, "netzwerk/mail_service.html", context)


@staff_page(MAY_DECIDE)
@require_POST
def resume_mail(request):
    if pausing.resume_all(by=request.user):
        messages.success(request, "Der Versand geht weiter. Ob der Mailserver mitmacht, sehen Sie hier gleich.")
    else:
        messages.info(request, "Der Versand lief schon wieder.")
    return redirect("mail_service")
