""" "Stimmt noch?" by personal link: reading, confirming, correcting, and a new link for an old one."""

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.dates import long_date
from core.links import by_link, token_for
from members import access, confirming
from members.confirmation_forms import AddressForm, CorrectionForm

# Behind one IP address may sit a whole town hall.
NEW_LINKS = {"new_link": "10/10m/ip"}
_SENT = "Wenn zu dieser Adresse eine Ansprechperson eingetragen ist, ist ein neuer Link dorthin unterwegs."


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request, token):
    """What is stored, two ways on: "Alles stimmt", or a form for what has changed."""
    asked = access.confirmation_for(token)
    if asked is None or not asked.is_open:
        return _no_longer(request, asked, token)
    form = CorrectionForm(request.POST if request.method == "POST" else None, confirmation=asked)
    if form.is_bound and form.is_valid() and _corrected(request, asked, form):
        return redirect("confirmation", token)
    context = {"asked": asked, "contact": asked.contact, "form": form, "token": token, **_standing(asked)}
    return render(request, "members/confirmation.html", context | {"unfolded": "aendern" in request.GET or form.errors})


def _corrected(request, asked, form) -> bool:
    try:
        confirming.correct(asked, form.changes)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    changed = f"Geändert: {', '.join(form.changed_labels)}." if form.changed_labels else "Sie haben nichts geändert."
    messages.success(request, f"{changed} Alles andere ist bestätigt.")
    return True


def _standing(asked) -> dict[str, str]:
    """How it stands, in two sentences; "" as long as nobody of the body has answered."""
    again = f"Wir fragen im {confirming.next_round()} wieder nach."
    if asked.confirmed_at:
        return {"done": f"Danke, bestätigt am {_day(asked.confirmed_at)}.", "remark": again}
    if other := asked.answer_of_others():
        done = (
            f"{other.contact.person.name} hat am {_day(other.confirmed_at)} für {asked.contact.municipality} bestätigt."
        )
        return {"done": done, "remark": "Stimmt auch, was über Sie selbst eingetragen ist?"}
    return {"done": "", "remark": ""}


def _day(moment) -> str:
    return long_date(timezone.localdate(moment))


@by_link
@require_POST
def confirm(request, token):
    asked = access.confirmation_for(token)
    if asked is None or not asked.is_open:
        return _no_longer(request, asked, token)
    try:
        confirming.confirm(asked)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("confirmation", token)


def _no_longer(request, asked, token):
    """An old link offers a new one with one press, one that leads nowhere asks for the address."""
    context = {"asked": asked, "token": token, "form": AddressForm()}
    return render(request, "members/confirmation_link.html", context, status=410 if asked else 404)


@by_link
@require_POST
def renew_link(request, token):
    """A new link for an old one, to the address that is stored."""
    asked = access.confirmation_for(token)
    if asked is None:
        return _no_longer(request, asked, token)
    confirming.send_new_link(asked.contact)
    messages.success(request, "Ein neuer Link ist unterwegs, an die Adresse, die bei uns eingetragen ist.")
    return redirect("request_link")


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def request_link(request):
    """A new link for whoever has none; the answer is the same for every address."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if not ratelimit.consume(request, app="members", action="new_link", config=NEW_LINKS):
            return render(request, "429.html", status=429)
        for contact in access.functions_at(form.cleaned_data["email"]):
            confirming.send_new_link(contact)
        messages.success(request, _SENT)
        return redirect("request_link")
    return render(request, "members/confirmation_link.html", {"asked": None, "token": "", "form": form})


@login_required
@require_safe
def own_confirmation(request, pk):
    """From the own area to the page that her mail leads to; the link itself stands on no page."""
    asked = access.own_confirmation_for(request.acting_person, pk)
    return redirect("confirmation", token_for(asked, access.CONFIRMING))
