"""An application in the back office: read, ask back, give on, decide."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core import history
from core.desk import staff_page
from core.timeline import ITSELF, Source, timeline
from declarations import access, reviewing
from declarations.evidence import send_attachment
from declarations.models import Answer, Application, ApplicationState, Nominee, Review
from declarations.review_forms import CardForm, DecisionForm, QueryForm
from members import maps
from members.directory import entries
from members.models.municipalities import TOWN_KINDS

S = ApplicationState


@staff_page("declarations.view_application")
@require_safe
def application(request, pk):
    return _page(request, access.application_for(pk))


def _page(request, application, *, wrong=None, decision=None):
    """The working page. wrong: a form with errors of one card, by its criterion."""
    answers = list(application.answers.all())
    context = {
        "application": application,
        "standing": application.standing,
        "cards": [_card(application, answer, (wrong or {}).get(answer.criterion)) for answer in answers],
        "resolution_files": application.attachments.filter(section="beschluss"),
        "nominees": [nominee for nominee in application.nominees.all() if nominee.has_begun],
        "known": _known(application.municipality),
        "may_review": request.user.has_perm("declarations.review_application"),
        "may_decide": request.user.has_perm("declarations.decide_application") and application.state == S.FORWARDED,
        "may_forward": application.state == S.SUBMITTED and not application.is_queried,
        "decision": decision or DecisionForm(),
        "versions": timeline(_sources(application), page=request.GET.get("verlauf")),
    }
    return render(request, "declarations/review.html", context)


def _card(application, answer, form):
    return {
        "answer": answer,
        "seen": history.version_of(Answer, answer.pk),
        "attachments": [row for row in application.attachments.all() if row.section == answer.criterion],
        "form": form or QueryForm(auto_id=f"{answer.criterion}_%s"),
        "unfolded": bool(form),
    }


def _known(municipality) -> list[tuple[str, str]]:
    """What the portal knows anyway and the office compares."""
    everyone = entries()
    neighbours = [entry.name for entry in maps.neighbours_of(municipality, everyone) if entry.is_member]
    population = f"{municipality.population:,}".replace(",", ".") if municipality.population else ""
    return [
        ("Art und Lage", municipality.place),
        ("Gemeindeschlüssel" if municipality.kind in TOWN_KINDS else "Schlüssel", municipality.ags),
        ("Einwohner", population),
        ("Nachbarn im Netzwerk", ", ".join(neighbours) or "keine"),
        ("Frühere Mitgliedschaft", ", ".join(period.period_text() for period in municipality.memberships.all())),
    ]


def _sources(application):
    """Cards and persons come into being with the application; only what happens to them is of interest."""
    here = {"application_id": application.pk}
    return [
        Source(Application.history.filter(id=application.pk)),
        *(Source(model.history.filter(**here).exclude(history_type="+"), ITSELF) for model in (Answer, Nominee)),
    ]


@staff_page("declarations.view_application")
@require_safe
def attachment(request, pk, public_id):
    return send_attachment(request, access.attachment_for(access.application_for(pk), public_id))


@staff_page("declarations.review_application")
@require_POST
def query(request, pk, criterion):
    """Ask the body about one card."""
    application = access.application_for(pk)
    answer = access.answer_for(application, criterion)
    form = QueryForm(request.POST, auto_id=f"{criterion}_%s")
    if form.is_valid():
        told = f"Die Rückfrage zu „{answer.section.title}“ ist unterwegs."
        return _do(request, pk, told, reviewing.query, answer, **form.cleaned_data, by=request.user)
    return _page(request, application, wrong={criterion: form})


@staff_page("declarations.review_application")
@require_POST
def mark(request, pk, criterion, review):
    answer = access.answer_for(access.application_for(pk), criterion)
    form = CardForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else 0
    title = answer.section.title
    told = f"„{title}“ ist erfüllt." if review == Review.MET else f"„{title}“ ist wieder offen."
    return _do(request, pk, told, reviewing.mark, answer, review, seen=seen, by=request.user)


@staff_page("declarations.review_application")
@require_POST
def forward(request, pk):
    application = access.application_for(pk)
    told = "Alle fünf Voraussetzungen sind erfüllt. Der Antrag liegt jetzt der Staatskanzlei vor."
    return _do(request, pk, told, reviewing.forward, application, by=request.user)


@staff_page("declarations.decide_application")
@require_POST
def decide(request, pk):
    application = access.application_for(pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, application, decision=form)
    verb = reviewing.accept if form.accepts else reviewing.refuse
    told = _accepted(application) if form.accepts else "Abgelehnt. Die Kommune bekommt die Begründung per E-Mail."
    return _do(request, pk, told, verb, application, reason=form.cleaned_data["reason"], by=request.user)


def _accepted(application) -> str:
    return (
        f"Angenommen. {application.municipality} bekommt eine E-Mail, die Ansprechpersonen sind eingetragen, ihr "
        "Profil ist vorbereitet. Mit der geprüften Unterschrift beginnt die Mitgliedschaft."
    )


def _do(request, pk, told, verb, *args, **kwargs):
    try:
        verb(*args, **kwargs)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, told)
    return redirect("review_application", pk)
