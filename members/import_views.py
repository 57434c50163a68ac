"""Reading in lists: from the file over columns and bodies to the report, and at last all rows or none."""

from functools import partial, wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.backoffice import for_each
from core.desk import staff_page
from core.exports import download
from members import access, actions
from members.import_forms import BodiesForm, ColumnsForm, ReportForm, UploadForm
from members.imports import files, runs
from members.imports.lines import State
from members.models import ImportKind, ImportRun

ROWS_PER_PAGE = 100
form_page = require_http_methods(["GET", "HEAD", "POST"])
importer = staff_page("members.view_importrun")


def step(view):
    """A step of an open import; where a colleague was quicker, the way leads back to all of them."""

    @wraps(view)
    def careful(request, pk):
        try:
            return view(request, pk)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("imports")

    return careful


# What each list is for, and what it must hold; shown before anything is handed in.
ABOUT = {
    ImportKind.CONTACTS: "Wer in welcher Kommune für das Thema zuständig ist und wie man die Person erreicht.",
    ImportKind.HEADS: "Wer welche Kommune leitet, mit Amtsbezeichnung und dem ersten Tag im Amt.",
    ImportKind.MEMBERSHIPS: "Welche Kommunen Mitglied sind oder waren und seit wann, so genau es bekannt ist.",
    ImportKind.SIGNATURES: "Wer wann für welche Kommune die Gemeinsame Erklärung unterzeichnet hat, soweit bekannt.",
    ImportKind.DIRECTORY: "Einwohner, Fläche und Postleitzahl aller Kommunen aus der amtlichen Datei.",
}


@importer
@require_safe
def overview(request):
    kinds = access.import_kinds_for(request.user)
    recent = ImportRun.objects.filter(kind__in=kinds).defer("rows", "headings", "answers").select_related("created_by")
    context = {
        "kinds": [{"kind": kind, "about": ABOUT[kind], "has_template": kind in runs.KINDS} for kind in kinds],
        "recent": Paginator(recent, 20).get_page(request.GET.get("seite")),
    }
    return render(request, "members/imports/overview.html", context)


@importer
@form_page
def start(request, kind):
    if kind not in access.import_kinds_for(request.user):
        raise Http404
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, kind=kind)
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["file"].name
        return redirect(runs.open_run(kind, file_name=name, table=form.table, by=request.user))
    fields = runs.KINDS[kind].fields if kind in runs.KINDS else ()
    context = {"form": form, "kind": kind, "about": ABOUT[kind], "fields": fields}
    return render(request, "members/imports/start.html", context)


@importer
@require_safe
def empty_list(request, kind):
    """A file with the right headings and nothing below, to fill in."""
    if kind not in runs.KINDS or kind not in access.import_kinds_for(request.user):
        raise Http404
    return download(files.empty_list(kind), "xlsx")


@importer
@form_page
@step
def columns(request, pk):
    import_run = _open(request, pk)
    if import_run.kind == ImportKind.DIRECTORY:
        return redirect(import_run)
    form = ColumnsForm(request.POST if request.method == "POST" else None, run=import_run)
    if form.is_bound and form.is_valid():
        runs.settle_columns(import_run, form.columns())
        return redirect(import_run)
    return render(request, "members/imports/columns.html", {"run": import_run, "form": form})


@importer
@form_page
@step
def bodies(request, pk):
    import_run = _open(request, pk)
    plan = runs.plan_for(import_run)
    if import_run.columns is None or not plan.questions:
        return redirect(import_run)
    form = BodiesForm(
        request.POST if request.method == "POST" else None, questions=plan.questions, rows=plan.rows_of_questions
    )
    if form.is_bound and form.is_valid():
        runs.answer(import_run, form.answers())
        return redirect(import_run)
    return render(request, "members/imports/bodies.html", {"run": import_run, "form": form, "plan": plan})


@importer
@require_safe
def run(request, pk):
    """Where the import stands: on to the open step, the report, or the result."""
    import_run = access.import_run_for(request.user, pk)
    if import_run.imported_at:
        return _result(request, import_run)
    if import_run.columns is None:
        return redirect("import_columns", pk)
    plan = runs.plan_for(import_run)
    if plan.questions:
        return redirect("import_bodies", pk)
    return _report(request, import_run, plan, UploadForm(kind=import_run.kind))


def _result(request, import_run):
    persons = runs.invitable(import_run)
    context = {
        "run": import_run,
        "counts": _named(import_run.counts),
        "persons": persons,
        "not_invitable": runs.count_without_access(import_run) - len(persons),
    }
    return render(request, "members/imports/result.html", context)


def _report(request, import_run, plan, upload):
    state = ReportForm(request.GET).state(plan)
    lines = [line for line in plan.lines if not state or line.state == state]
    context = {
        "run": import_run,
        "plan": plan,
        "state": state,
        "counts": _named(plan.counts),
        "page": Paginator(lines, ROWS_PER_PAGE).get_page(request.GET.get("seite")),
        "form": upload,
    }
    return render(request, "members/imports/report.html", context)


def _named(counts):
    """Value, label and number of each state that any row is in."""
    return [(state.value, state.label, counts[state]) for state in State if counts.get(state)]


@importer
@require_safe
def report_file(request, pk):
    import_run = _open(request, pk)
    return download(files.report(import_run, runs.plan_for(import_run).lines), "xlsx")


@importer
@require_POST
@step
def replace_file(request, pk):
    import_run = _open(request, pk)
    form = UploadForm(request.POST, request.FILES, kind=import_run.kind)
    if not form.is_valid():
        return _report(request, import_run, runs.plan_for(import_run), form)
    runs.replace_file(import_run, file_name=form.cleaned_data["file"].name, table=form.table)
    return redirect(import_run)


@importer
@require_POST
def carry_out(request, pk):
    import_run = access.import_run_for(request.user, pk)
    try:
        runs.carry_out(import_run, expected=request.POST.get("expected", ""), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(import_run)


@staff_page("members.give_access")
@require_POST
def invite(request, pk):
    import_run = access.import_run_for(request.user, pk)
    persons = runs.invitable(import_run)
    for_each(request, persons, partial(actions.give_access, by=request.user), done="Eingeladen")
    return redirect(import_run)


@importer
@require_POST
@step
def discard(request, pk):
    import_run = _open(request, pk)
    runs.discard(import_run)
    messages.success(request, f"„{import_run.file_name}“ ist verworfen. Nichts wurde eingelesen.")
    return redirect("imports")


def _open(request, pk):
    """An import that is not read in yet; of a finished one there is only its result."""
    import_run = access.import_run_for(request.user, pk)
    if import_run.imported_at:
        raise Http404
    return import_run
