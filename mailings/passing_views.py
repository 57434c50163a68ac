"""The page behind "an eine Kollegin oder einen Kollegen weitergeben" in the foot of Dienstliches."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.history import Actor, acting_as
from core.links import by_link
from mailings import access, audiences, passing_on
from mailings.forms import PassOnForm
from mailings.subscription_views import former_address


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request, pk, token):
    """GET asks to whom; POST sends it there."""
    if access.went_to_former_address(access.passing_on(pk), token):
        return former_address(request)
    mailing, giver = access.passing_on_for(pk, token)
    colleagues = audiences.colleagues_of(giver, mailing)
    has_it = passing_on.who_has_it(mailing, [function.person for function in colleagues])
    functions = [function for function in colleagues if function.person_id not in has_it]
    form = PassOnForm(request.POST if request.method == "POST" else None, functions=functions)
    if form.is_bound and form.is_valid():
        receiver = form.cleaned_data["receiver"]
        try:
            with acting_as(Actor(giver.key, giver.name)):
                passing_on.pass_on(mailing, giver=giver, receiver=receiver)
        except ValidationError as error:
            form.add_error("receiver", error)
        else:
            messages.success(request, f"Weitergegeben an {receiver.name}.")
            return redirect("pass_on", pk, token)
    context = {"mailing": mailing, "giver": giver, "form": form, "functions": functions}
    context["given"] = mailing.passed_on.standing().filter(giver=giver).select_related("receiver")
    context["others"] = [function.person.name for function in colleagues if function.person_id in has_it]
    return render(request, "mailings/pass_on.html", context)
