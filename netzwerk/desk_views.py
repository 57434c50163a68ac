"""Working pages of the back office that span apps, and the deeds behind the buttons of "Heute"."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.dates import long_date
from core.desk import staff_page
from members import access, noting
from members.directory import entries
from members.forms import NoteForm
from netzwerk.dossier import columns_for


@staff_page("members.view_municipality")
@require_safe
def dossier(request, slug):
    municipality = access.municipality_for(request.user, slug)
    return _dossier(request, municipality, NoteForm(municipality=municipality))


def _dossier(request, municipality, form):
    context = {
        "municipality": municipality,
        "entry": entries().by_ags[municipality.ags],
        "candidacy": municipality.candidacy(),
        "columns": columns_for(municipality, request),
        "form": form,
    }
    return render(request, "netzwerk/dossier.html", context)


@staff_page("members.add_note")
@require_POST
def write_note(request, slug):
    municipality = access.municipality_for(request.user, slug)
    form = NoteForm(request.POST, municipality=municipality)
    if not form.is_valid():
        return _dossier(request, municipality, form)
    note = noting.write_note(municipality, **form.cleaned_data, by=request.user)
    messages.success(request, f"Notiz gespeichert.{_comes_back(note)}")
    return redirect("dossier", slug)


def _comes_back(note) -> str:
    return f" Am {long_date(note.follow_up_on)} steht sie in „Heute“." if note.is_waiting else ""


@staff_page("members.change_note")
def change_note(request, pk):
    note = access.own_note_for(request.user, pk)
    follow_up = {"follow_up": NoteForm.ON_DAY, "day": note.follow_up_on} if note.follow_up_on else {}
    initial = {"text": note.text, "person": note.person, **follow_up}
    form = NoteForm(request.POST or None, initial=initial, municipality=note.municipality)
    if not form.is_valid():
        return render(request, "netzwerk/note.html", {"note": note, "form": form})
    noting.change_note(note, **form.cleaned_data, by=request.user)
    messages.success(request, f"Notiz geändert.{_comes_back(note)}")
    return redirect("dossier", note.municipality.slug)


@staff_page("members.change_note")
@require_POST
def finish_note(request, pk):
    """Settle a follow-up, whoever wrote it; back to where the button stood."""
    note = access.note_for(request.user, pk)
    noting.finish_follow_up(note, by=request.user)
    messages.success(request, f"Wiedervorlage zu {note.municipality} erledigt.")
    return redirect("dossier", note.municipality.slug) if "im_dossier" in request.POST else redirect("admin:index")


@staff_page("members.delete_note")
@require_POST
def delete_note(request, pk):
    note = access.own_note_for(request.user, pk)
    noting.delete_note(note, by=request.user)
    messages.success(request, "Notiz gelöscht.")
    return redirect("dossier", note.municipality.slug)
