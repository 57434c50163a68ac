"""Data protection: the Verzeichnis and erasing in the back office, one's own data in the own area."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core import exports
from core.dates import today
from core.desk import staff_page
from members.access import person_for
from members.privacy import subject_of
from netzwerk import disclosure, forgetting
from netzwerk.forms import EraseForm
from netzwerk.models import Erasure

# --- back office ----------------------------------------------------------------------------------------------------


@staff_page("netzwerk.view_erasure")
@require_safe
def register(request):
    """The Verzeichnis von Verarbeitungstätigkeiten, the requests to erase, and what the nights have deleted."""
    context = {
        "activities": disclosure.by_activity(),
        "nights": disclosure.nights(),
        "open": Erasure.objects.open().select_related("person"),
        "done": Erasure.objects.exclude(done_at=None).count(),
        "viewings": disclosure.viewings(),
    }
    return render(request, "netzwerk/privacy_register.html", context)


@staff_page("netzwerk.view_erasure")
@require_safe
def register_file(request, ending):
    if ending not in exports.Format.values:
        raise Http404
    return exports.download(disclosure.register_table(), ending)


@staff_page("netzwerk.view_erasure")
@require_safe
def erasure(request, pk):
    return _erasure_page(request, person_for(pk, erased_too=True), EraseForm())


def _erasure_page(request, person, form):
    request_ = Erasure.objects.open().filter(person=person).select_related("requested_by").first()
    context = {
        "person": person,
        "functions": person.contact_functions.select_related("municipality"),
        "erasure": request_,
        "is_own_request": bool(request_ and request_.requested_by_id == request.user.pk),
        "findings": disclosure.findings(person),
        "stays": disclosure.what_stays(subject_of(person)),
        "form": form,
    }
    return render(request, "netzwerk/erasure.html", context)


@staff_page("netzwerk.request_erasure")
@require_POST
def request_erasure(request, pk):
    person = person_for(pk, erased_too=True)
    try:
        forgetting.request_erasure(person, by=request.user)
        messages.success(request, f"Die Löschung von {person} ist beantragt. Die Administration bestätigt sie.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("erasure", pk)


@staff_page("netzwerk.view_erasure")
@require_POST
def withdraw_erasure(request, pk):
    if forgetting.withdraw_erasure(person_for(pk, erased_too=True)):
        messages.success(request, "Der Antrag ist zurückgezogen. Es wird nichts gelöscht.")
    return redirect("erasure", pk)


@staff_page("netzwerk.confirm_erasure")
@require_POST
def confirm_erasure(request, pk):
    person, form = person_for(pk, erased_too=True), EraseForm(request.POST)
    if not form.is_valid():
        return _erasure_page(request, person, form)
    try:
        forgetting.erase(person, by=request.user)
        messages.success(request, "Die Person ist gelöscht. Was ohne Namen zählt, ist geblieben.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("erasure", pk)
    return redirect("privacy_register")


# --- own area -------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def own_data(request):
    """What the portal holds about the signed-in person, what she released, and her way to have it erased."""
    person = request.acting_person
    subject = disclosure.subject_for(request.user, person)
    context = {
        "holdings": disclosure.holdings(subject),
        "releases": disclosure.releases(person) if person else [],
        "stays": disclosure.what_stays(subject),
        "may_ask": person is not None and not request.user.is_staff,
        "erasure": Erasure.objects.open().filter(person=person).first() if person else None,
    }
    return render(request, "netzwerk/own_data.html", context)


@login_required
@require_safe
def own_data_file(request):
    data = disclosure.as_json(disclosure.subject_for(request.user, request.acting_person))
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="Meine_Daten_{today():%d.%m.%Y}.json"'
    return response


@login_required
@require_POST
def ask_erasure(request):
    if request.acting_person is None:
        raise Http404
    try:
        forgetting.request_erasure(request.acting_person, by=request.user, own_wish=True)
        messages.success(request, "Ihr Verlangen ist bei der Administration. Sie löscht Ihre Daten und meldet sich.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("own_data")


@login_required
@require_POST
def keep_own_data(request):
    """Take one's own request back while nobody has carried it out."""
    if forgetting.withdraw_erasure(request.acting_person):
        messages.success(request, "Ihr Verlangen ist zurückgenommen. Ihre Daten bleiben.")
    return redirect("own_data")
