"""The board of a summit: all answers at a glance, what comes next, papers, and the signing round."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.desk import staff_page
from meetings import summit as questions
from meetings import wishes
from meetings.summit_access import summit_for_staff
from meetings.summit_documents import LETTERS_A_FILE
from netzwerk import summit


@staff_page("meetings.view_meeting")
@require_safe
def board(request, pk):
    """Everything about a summit on one page; a fixed number of queries."""
    meeting = summit_for_staff(pk)
    shown = questions.board(meeting)
    letters = sum(row.invitation.by_letter for row in shown.rows)
    replies = [row.invitation.reply for row in shown.rows if row.invitation.answer]
    context = {
        "meeting": meeting,
        "board": shown,
        "signing": summit.signing_of(meeting, [row.invitation for row in shown.rows]),
        "untold": meeting.is_announced and meeting.told_sequence != meeting.sequence,
        "letters": letters,
        "letter_parts": range(1, -(-letters // LETTERS_A_FILE) + 1),
        "papers": meeting.papers.count(),
        "wishes": wishes.of_replies(replies),
    }
    return render(request, "netzwerk/summit/board.html", context)


@staff_page("declarations.add_signinground")
@require_POST
def plan_round(request, pk):
    """The signing round of this summit, ready to be filled."""
    meeting = summit_for_staff(pk)
    try:
        row = summit.plan_round(meeting)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("summit_board", pk)
    messages.success(request, "Unterzeichnungsrunde angelegt. Nehmen Sie jetzt die Kommunen auf.")
    return _filled(request, meeting) if "fuellen" in request.POST else redirect("signing_round", row.pk)


@staff_page("declarations.change_signinground")
@require_POST
def fill_round(request, pk):
    return _filled(request, summit_for_staff(pk))


def _filled(request, meeting):
    try:
        added, refused = summit.fill_round(meeting)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("summit_board", meeting.pk)
    if added:
        messages.success(request, f"{added} {'Kommune' if added == 1 else 'Kommunen'} in die Runde aufgenommen.")
    for sentence in refused:
        messages.warning(request, sentence)
    return redirect("summit_board", meeting.pk)
