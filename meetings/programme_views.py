"""Working page of the back office: the programme of a meeting, item by item."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.desk import staff_page
from meetings import access, planning, programme
from meetings.programme_forms import ItemForm

_page = require_http_methods(["GET", "HEAD", "POST"])


@staff_page("meetings.change_agendaitem")
@_page
def programme_page(request, pk):
    """All items in order, and below them the form for the next one."""
    meeting = access.meeting_for_staff(pk)
    form = ItemForm(request.POST if request.method == "POST" else None, meeting=meeting)
    if form.is_bound and form.is_valid():
        _store(form)
        messages.success(request, f"„{form.instance.title}“ steht im Programm.")
        return redirect("meeting_programme", pk)
    return render(
        request, "meetings/desk/programme.html", {"meeting": meeting, "form": form, "days": programme.days(meeting)}
    )


@staff_page("meetings.change_agendaitem")
@_page
def item(request, pk, item):
    meeting = access.meeting_for_staff(pk)
    row = access.item_for(meeting, item)
    form = ItemForm(request.POST if request.method == "POST" else None, meeting=meeting, instance=row)
    if form.is_bound and form.is_valid():
        _store(form)
        messages.success(request, "Gespeichert.")
        return redirect("meeting_programme", pk)
    return render(request, "meetings/desk/item.html", {"meeting": meeting, "form": form, "item": row})


def _store(form) -> None:
    planning.save_item(form.instance, speakers=form.cleaned_data["persons"], bodies=form.cleaned_data["municipalities"])


@staff_page("meetings.delete_agendaitem")
@require_POST
def remove_item(request, pk, item):
    meeting = access.meeting_for_staff(pk)
    row = access.item_for(meeting, item)
    try:
        planning.remove_item(row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"„{row.title}“ steht nicht mehr im Programm.")
    return redirect("meeting_programme", pk)
