"""Pages about who stands where: "Wer sind Sie?" at a shared mailbox."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from members.forms import ChoosePersonForm
from members.middleware import PERSON


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_person(request):
    """ "Wer sind Sie?" The session keeps the answer, and the page that was asked for opens."""
    wanted = {"next": request.GET.get("next", "")}
    form = ChoosePersonForm(request.POST if request.method == "POST" else None, persons=request.persons, initial=wanted)
    if not form.is_valid():
        return render(request, "netzwerk/choose_person.html", {"form": form})
    request.session[PERSON] = form.cleaned_data["person"]
    return redirect(form.cleaned_data["next"] or "home")
