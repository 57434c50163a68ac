""" "Als diese Person ansehen": beginning and ending (what happens between: netzwerk.middleware)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.desk import staff_page
from members.access import person_for, viewable_person
from netzwerk import actions
from netzwerk.middleware import VIEWING


@staff_page("netzwerk.view_as_person")
@require_http_methods(["GET", "HEAD", "POST"])
def view_as(request, pk):
    """Say what will happen, and begin."""
    person = person_for(pk)
    viewable = viewable_person(request.user, pk)
    if request.method != "POST" or viewable is None:
        return render(request, "netzwerk/view_as.html", {"person": person, "viewable": viewable is not None})
    actions.start_viewing(viewable, by=request.user)
    request.session[VIEWING] = viewable.pk
    return redirect("home")


@login_required
@require_POST
def stop_viewing(request):
    """Be oneself again; also called where nothing is looked at, from a page that was left open."""
    pk = request.session.pop(VIEWING, None)
    if pk is None:
        return redirect("home")
    actions.stop_viewing(pk, by=request.user)
    messages.success(request, "Sie sehen das Portal wieder mit Ihrem eigenen Konto.")
    return redirect("admin:members_person_change", pk)
