"""The people of one's own body: who answers, who sees what of them, adding, changing and removing."""

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members import access


@login_required
@require_safe
def colleagues(request):
    """Everyone who answers for the same bodies, she herself first."""
    me = request.acting_person
    rows = sorted(
        access.colleagues_of(me), key=lambda row: (row.municipality.sort_key, row.person != me, row.is_deputy)
    )
    bodies = [(body, list(contacts)) for body, contacts in groupby(rows, key=lambda row: row.municipality)]
    return render(request, "members/colleagues.html", {"bodies": bodies, "me": me})
