"""The office's pages of a summit: whom to invite, letters, reminding, answers for those who call, papers to read.

The board itself, with the signing round, is a page of `netzwerk` ("summit_board").
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import pdf, uploads
from core.desk import staff_page
from core.exports import Format, download
from core.history import version_of
from core.pdf_files import CONTENT_TYPE
from meetings import exports, summit, summit_access, summit_answering, summit_documents, summit_inviting
from meetings.models import Reply
from meetings.summit_answering import Said
from meetings.summit_documents import LETTERS_A_FILE
from meetings.summit_forms import ChosenForm, PageForm, PaperForm, QuickAnswerForm, RecordForm

_page = require_http_methods(["GET", "HEAD", "POST"])
_IN_A_MINUTE = "Die E-Mails gehen in einer Minute hinaus; bis dahin lässt es sich unter „Heute“ zurücknehmen."


# --- inviting and reminding ---------------------------------------------------------------------------------------


@staff_page("meetings.change_meeting")
@_page
def invite(request, pk):
    """The list of heads with the way in which each is invited, all ticked; one press invites."""
    meeting = summit_access.summit_for_staff(pk)
    guests = summit.guests(meeting)
    rows = [guest.head.pk for guest in guests.to_invite]
    form = ChosenForm(request.POST if request.method == "POST" else None, rows=rows)
    if form.is_bound and form.is_valid() and _invited(request, meeting, form):
        return redirect("summit_board", pk)
    for message in form.errors.get("row", []):
        messages.warning(request, message)
    context = {"meeting": meeting, "guests": guests, "form": form, "chosen": _ticked(form, rows)}
    return render(request, "meetings/summit/invite.html", context)


def _ticked(form, rows) -> list[int]:
    """What is ticked when the page is shown: everybody at first, then what was chosen."""
    return form.cleaned_data.get("row", rows) if form.is_bound and form.is_valid() else rows


def _invited(request, meeting, form) -> bool:
    try:
        rows, batch = summit_inviting.invite(
            meeting, form.chosen, letters_for_all=form.cleaned_data["briefe_fuer_alle"], by=request.user
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    letters = sum(row.by_letter for row in rows)
    told = [f"Eingeladen: {len(rows)}.", _IN_A_MINUTE if batch else ""]
    told.append(f"Briefe zu drucken: {letters}." if letters else "")
    messages.success(request, " ".join(filter(None, told)))
    return True


@staff_page("meetings.change_meeting")
@_page
def remind(request, pk):
    """Those who have not answered, all ticked; whom no mail reaches stands below, with a number to call."""
    meeting = summit_access.summit_for_staff(pk)
    board = summit.board(meeting)
    reached = {row.pk for row in summit_inviting.remindable(meeting)}
    rows = [row for row in board.silent if row.invitation.pk in reached]
    form = ChosenForm(request.POST if request.method == "POST" else None, rows=[row.invitation.pk for row in rows])
    if form.is_bound and form.is_valid() and _reminded(request, meeting, form):
        return redirect("summit_board", pk)
    for message in form.errors.get("row", []):
        messages.warning(request, message)
    to_call = [row for row in board.silent if row.invitation.pk not in reached]
    chosen = _ticked(form, [row.invitation.pk for row in rows])
    context = {"meeting": meeting, "rows": rows, "to_call": to_call, "chosen": chosen}
    return render(request, "meetings/summit/remind.html", context)


def _reminded(request, meeting, form) -> bool:
    try:
        batch = summit_inviting.remind(meeting, form.chosen, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    messages.success(request, f"Empfänger der Erinnerung: {batch.recipients}. {_IN_A_MINUTE}")
    return True


@staff_page("meetings.change_meeting")
@require_POST
def withdraw(request, pk, invitation):
    meeting = summit_access.summit_for_staff(pk)
    row = summit_access.invitation_for_staff(meeting, invitation)
    also = " Die Person hatte zugesagt und bekommt dazu eine E-Mail." if summit_inviting.withdraw(row) else ""
    messages.success(request, f"Die Einladung an {row.person.name} ist zurückgezogen.{also}")
    return redirect("summit_board", pk)


@staff_page("meetings.view_registration")
@require_safe
def letters(request, pk):
    """Letters to print, in parts of a size that a printer and the portal can stand."""
    meeting = summit_access.summit_for_staff(pk)
    part = PageForm(request.GET).value("teil") or 1
    rows = summit.letters(meeting)[(part - 1) * LETTERS_A_FILE : part * LETTERS_A_FILE]
    if not rows:
        messages.warning(request, "Briefe gibt es noch keine: Eingeladen ist niemand auf diesem Weg.")
        return redirect("summit_board", pk)
    return _pdf(request, pk, lambda: summit_documents.letters(meeting, rows), f"Einladungen_Briefe_{part}")


@staff_page("meetings.view_registration")
@require_safe
def sample_letter(request, pk, head):
    """The letter as somebody of the list would get it; nobody is invited by looking."""
    meeting = summit_access.summit_for_staff(pk)
    row = next((guest.head for guest in summit.guests(meeting).everyone if guest.head and guest.head.pk == head), None)
    if row is None:
        raise Http404
    return _pdf(request, pk, lambda: summit_documents.sample_letter(meeting, row), "Einladung_Vorschau")


@staff_page("meetings.view_registration")
@require_safe
def seating(request, pk):
    meeting = summit_access.summit_for_staff(pk)
    return _pdf(request, pk, lambda: summit_documents.seating(meeting), f"Sitzordnung_{meeting.day:%d.%m.%Y}")


def _pdf(request, pk, make, name):
    try:
        return pdf.download(make(), name)
    except ValidationError as error:  # the portal makes too many of them at the moment
        messages.error(request, " ".join(error.messages))
        return redirect("summit_board", pk)


TABLES = {"sitzordnung": exports.seating, "rueckmeldungen": exports.answers}


@staff_page("meetings.view_registration")
@require_safe
def table(request, pk, word, ending):
    if ending not in Format:
        raise Http404
    return download(TABLES[word](summit_access.summit_for_staff(pk)), ending)


# --- answers for those who call or write --------------------------------------------------------------------------


@staff_page("meetings.change_registration")
@_page
def record(request, pk, invitation):
    """All that an answer may say; yes and no alone need only a button on the board (`record_quickly`)."""
    meeting = summit_access.summit_for_staff(pk)
    row = summit_access.invitation_for_staff(meeting, invitation)
    reply = getattr(row, "reply", None)
    version = version_of(Reply, reply.pk) if reply else 0
    chosen = PageForm(request.GET).value("antwort") or ""
    values = {"invitation": row, "version": version, "own": False, "chosen": chosen}
    form = RecordForm(request.POST if request.method == "POST" else None, **values)
    if form.is_bound and form.is_valid():
        seen = form.cleaned_data["stand"] or 0
        if _recorded(request, row, form.said, form.cleaned_data["way"], seen):
            return redirect("summit_board", pk)
        return redirect("record_answer", pk, invitation)
    return render(request, "meetings/summit/record.html", {"meeting": meeting, "invitation": row, "form": form})


@staff_page("meetings.change_registration")
@require_POST
def record_quickly(request, pk, invitation):
    """Yes or no at the press of a button."""
    meeting = summit_access.summit_for_staff(pk)
    row = summit_access.invitation_for_staff(meeting, invitation)
    form = QuickAnswerForm(request.POST)
    if not form.is_valid():
        return redirect("record_answer", pk, invitation)
    reply = getattr(row, "reply", None)
    said = Said(form.cleaned_data["antwort"], topic_wish=reply.topic_wish if reply else "")
    _recorded(request, row, said, form.cleaned_data["way"], None)
    return redirect("summit_board", pk)


def _recorded(request, row, said, way, seen) -> bool:
    try:
        reply = summit_answering.answer(row, said, by=None, way=way, seen=seen)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    told = "Die Bestätigung geht in einer Minute hinaus; bis dahin nimmt „Rückgängig“ alles zurück."
    messages.success(request, f"{row.person.name} {reply.text}. {told}")
    return True


@staff_page("meetings.change_registration")
@require_POST
def undo(request, pk, invitation):
    row = summit_access.invitation_for_staff(summit_access.summit_for_staff(pk), invitation)
    try:
        told = summit_answering.undo(row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        also = " Die Bestätigung war schon hinaus: Wer sie bekam, bekommt auch dazu eine E-Mail." if told else ""
        messages.success(request, f"Die Antwort für {row.person.name} ist zurückgenommen.{also}")
    return redirect("summit_board", pk)


# --- papers to read beforehand ------------------------------------------------------------------------------------


@staff_page("meetings.change_meeting")
@_page
def papers(request, pk):
    meeting = summit_access.summit_for_staff(pk)
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    if form.is_bound and form.is_valid():
        try:
            uploads.save_with_file(form.paper(meeting))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Eingestellt. Alle mit Zusage und ihre Vertretungen können die Datei lesen.")
            return redirect("summit_papers", pk)
    context = {"meeting": meeting, "form": form, "papers": meeting.papers.in_order()}
    return render(request, "meetings/summit/desk_papers.html", context)


@staff_page("meetings.view_meeting")
@require_safe
def paper(request, pk, paper):
    row = summit_access.paper_for_staff(summit_access.summit_for_staff(pk), paper)
    return uploads.attachment(request, uploads.read(row.file), CONTENT_TYPE, f"{row.title}.pdf")


@staff_page("meetings.change_meeting")
@require_POST
def remove_paper(request, pk, paper):
    row = summit_access.paper_for_staff(summit_access.summit_for_staff(pk), paper)
    file = row.file
    row.delete()
    uploads.remove_after_commit(file)
    messages.success(request, f"„{row.title}“ ist entfernt.")
    return redirect("summit_papers", pk)
