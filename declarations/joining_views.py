"""The way in for everybody: interest, all questions beforehand, templates for council and press, a new link."""

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core import pdf
from core.links import by_link
from core.page_cache import keep_page
from declarations import applying, specimens
from declarations.application_forms import BodyForm, InterestForm
from declarations.models.criteria import SECTIONS
from members.confirmation_forms import AddressForm
from members.directory import entries

# Each interest is a mail to a stranger; behind one IP address may sit a whole town hall.
INTERESTS = {"interest": "5/10m/ip"}
NEW_LINKS = {"new_application_link": "10/10m/ip"}
_ASKED = "Fast geschafft: Wir haben Ihnen einen Link geschickt. Öffnen Sie ihn und bestätigen Sie Ihre Anfrage."
_SENT = "Wenn mit dieser Adresse jemand an einem Antrag mitwirkt, ist ein neuer Link dorthin unterwegs."


@require_http_methods(["GET", "HEAD", "POST"])
def interest(request):
    initial = {} if request.method == "POST" else {"body": _name_of(BodyForm(request.GET).body())}
    form = InterestForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        if not ratelimit.consume(request, app="declarations", action="interest", config=INTERESTS):
            return render(request, "429.html", status=429)
        try:
            applying.ask(form.cleaned_data["body"], **form.values)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _ASKED)
            return redirect("join")
    return render(request, "declarations/interest.html", {"form": form, "bodies": entries()})


def _name_of(body) -> str:
    return body.name if body else ""


@require_safe
@keep_page()
def questions(request):
    """Everything that will be asked, before anybody begins."""
    return render(request, "declarations/questions.html", {"sections": SECTIONS})


@require_safe
@keep_page()
def questions_file(request):
    """The same as PDF; kept in memory, since making it takes a second."""
    try:
        content = pdf.from_template("declarations/pdf/questions.html", {"sections": SECTIONS})
    except ValidationError:  # the portal is busy; the page says the same
        return redirect("application_questions")
    return pdf.download(content, "beitrittsantrag-fragen")


@require_safe
def templates(request):
    """Council resolution and press text with the name of the body, to be copied."""
    form = BodyForm(request.GET)
    body = form.body()
    context = {"form": form, "body": body, "specimens": specimens.all_for(body), "bodies": entries()}
    return render(request, "declarations/templates.html", context)


@require_safe
def template_file(request, key):
    """The same as a text file, which every word processor opens."""
    body = BodyForm(request.GET).body()
    specimen = next((specimen for specimen in specimens.all_for(body) if specimen.key == key), None)
    if specimen is None:
        raise Http404
    name = f"{key}-{body.slug}.txt" if body else f"{key}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    # The mark at the beginning tells Windows programs that umlauts are UTF-8.
    content = f"\ufeff{specimen.text}\n".replace("\n", "\r\n")
    return HttpResponse(content, content_type="text/plain; charset=utf-8", headers=headers)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def request_link(request):
    """A new link to an application; the answer is the same for every address."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if not ratelimit.consume(request, app="declarations", action="new_application_link", config=NEW_LINKS):
            return render(request, "429.html", status=429)
        applying.send_links(form.cleaned_data["email"])
        messages.success(request, _SENT)
        return redirect("request_application_link")
    return render(request, "declarations/new_link.html", {"form": form, "gone": False})
