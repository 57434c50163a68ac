"""Unsubscribing from the foot of a mail, by the mail program's own button, and the page "Meine E-Mails"."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.links import by_link
from mailings import access, subscribing
from mailings.forms import SettingsForm
from mailings.models import Rubric

_page = require_http_methods(["GET", "HEAD", "POST"])


# The token is the permission: mail programs that unsubscribe for their reader (RFC 8058) know neither cookie nor form.
@csrf_exempt
@by_link
@_page
def unsubscribe(request, token):
    """GET shows and asks; POST unsubscribes. Who it is, the page does not say: the mail may have been forwarded."""
    subscriber, rubric, is_hers = access.unsubscribing_for(token)
    done = rubric in subscribing.unwanted(subscriber.person)
    if request.method == "POST":
        from_all = is_hers and "alle" in request.POST
        subscribing.unsubscribe(subscriber, Rubric.to_choose() if from_all else [rubric])
        if request.POST.get("List-Unsubscribe") == "One-Click":
            return HttpResponse("Abbestellt.\n", content_type="text/plain; charset=utf-8")
        return redirect("unsubscribe", token)
    return render(request, "mailings/unsubscribe.html", {"rubric": rubric, "done": done, "is_hers": is_hers})


@by_link
@_page
def mail_settings_by_link(request, token):
    if access.went_to_former_address(access.SETTINGS, token):
        return former_address(request)
    return _settings(request, access.subscriber_for(token), "mail_settings_by_link", token)


@login_required
@_page
def mail_settings(request):
    """The same for who is signed in; staff without a person of their own have nothing to choose."""
    person = request.acting_person
    if person is None:
        return redirect("home")
    return _settings(request, subscribing.subscriber_of(person), "mail_settings")


def former_address(request):
    """What a link says whose mail went to an address that is not hers any more: somebody else may read there."""
    return render(request, "mailings/former_address.html", status=404)


def _settings(request, subscriber, name, *args):
    unwanted = subscribing.unwanted(subscriber.person)
    wanted = [rubric.value for rubric in Rubric.to_choose() if rubric not in unwanted]
    form = SettingsForm(request.POST if request.method == "POST" else None, initial={"rubrics": wanted})
    if form.is_bound and form.is_valid():
        subscribing.choose(subscriber, form.cleaned_data["rubrics"])
        messages.success(request, "Gespeichert.")
        return redirect(name, *args)
    context = {"form": form, "person": subscriber.person, "own": not args}
    return render(request, "mailings/settings.html", context)
