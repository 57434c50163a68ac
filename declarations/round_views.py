"""The office's pages of signing rounds: planning, the running order, one file to print, and recording the day."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import pdf
from core.dates import long_date, today
from core.desk import staff_page
from declarations import documents, rounds, signature_access
from declarations.models import SigningRound
from declarations.round_forms import HeadsForm, OtherSignatoryForm, RecordForm, RoundForm


@staff_page("declarations.view_signinground")
@require_safe
def all_rounds(request):
    rows = SigningRound.objects.for_list()
    return render(request, "declarations/rounds.html", {"rounds": rows})


@staff_page("declarations.add_signinground")
@require_http_methods(["GET", "HEAD", "POST"])
def plan_round(request):
    form = RoundForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            row = rounds.plan(form.save(commit=False))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "Runde angelegt. Fügen Sie jetzt die Kommunen hinzu.")
            return redirect("signing_round", row.pk)
    return render(request, "declarations/round_plan.html", {"form": form})


@staff_page("declarations.view_signinground")
@require_safe
def signing_round(request, pk):
    return _round(request, signature_access.round_for(pk))


def _round(request, row, heads_form=None, other_form=None, record_form=None):
    entries = list(row.entries.select_related("copy__municipality"))
    context = {
        "round": row,
        "entries": entries,
        "day_has_come": row.held_on <= today(),
        "signatures": row.signatures.valid().for_list().order_by("copy__entry__place"),
        "heads_form": heads_form or HeadsForm(),
        "other_form": other_form or OtherSignatoryForm(),
        "record_form": record_form or RecordForm(entries=entries),
    }
    return render(request, "declarations/round.html", context)


@staff_page("declarations.change_signinground")
@require_POST
def add_to_round(request, pk):
    """Many bodies by their names; who cannot be added is told, the others are in."""
    row, form = signature_access.round_for(pk), HeadsForm(request.POST)
    if not form.is_valid():
        return _round(request, row, heads_form=form)
    wanted = form.cleaned_data["bodies"]
    refused = rounds.add_heads(row, wanted)
    if added := len(wanted) - len(refused):
        messages.success(request, f"{added} {'Kommune' if added == 1 else 'Kommunen'} hinzugefügt.")
    for sentence in refused:
        messages.warning(request, sentence)
    return redirect("signing_round", pk)


@staff_page("declarations.change_signinground")
@require_POST
def add_other_to_round(request, pk):
    row, form = signature_access.round_for(pk), OtherSignatoryForm(request.POST)
    if form.is_valid():
        try:
            rounds.add(row, form.cleaned_data["body"], signatory=form.signatory())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"{form.cleaned_data['body']} hinzugefügt.")
            return redirect("signing_round", pk)
    return _round(request, row, other_form=form)


@staff_page("declarations.change_signinground")
@require_POST
def move_up(request, pk, entry):
    return _with_entry(request, pk, entry, rounds.move_up)


@staff_page("declarations.change_signinground")
@require_POST
def remove_from_round(request, pk, entry):
    return _with_entry(request, pk, entry, rounds.remove)


def _with_entry(request, pk, entry, verb):
    row = signature_access.round_for(pk)
    try:
        verb(signature_access.entry_for(row, entry))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("signing_round", pk)


@staff_page("declarations.view_signinground")
@require_safe
def print_round(request, pk):
    """One file: running order and all copies."""
    row = signature_access.round_for(pk)
    if not row.entries.exists():
        messages.warning(request, "Fügen Sie zuerst Kommunen hinzu.")
        return redirect("signing_round", pk)
    try:
        content = documents.round_print(row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("signing_round", pk)
    return pdf.download(content, f"{row.title} Druckmappe")


@staff_page("declarations.check_signature")
@require_POST
def record_round(request, pk):
    row = signature_access.round_for(pk)
    form = RecordForm(request.POST, entries=list(row.entries.select_related("copy")))
    if not form.is_valid():
        return _round(request, row, record_form=form)
    try:
        signed = rounds.record(row, form.results(), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        count = len(signed)
        word = "Unterzeichnung ist" if count == 1 else "Unterzeichnungen sind"
        begin = f"Wer noch nicht Mitglied war, ist es seit dem {long_date(row.held_on)}."
        messages.success(request, f"{count} {word} eingetragen. {begin}")
    return redirect("signing_round", pk)
