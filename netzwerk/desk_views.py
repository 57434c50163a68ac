"""Working pages of the back office that span apps, and the deeds behind the buttons of "Heute"."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core import access as core_access
from core import actions as core_actions
from core.desk import staff_page


@staff_page("core.change_batch")
@require_POST
def take_back_batch(request, pk):
    batch = core_access.batch_for(pk)
    stopped = core_actions.take_back(batch, by=request.user)
    messages.success(request, f"„{batch.title}“ ist zurückgenommen. Nicht gesendete E-Mails: {stopped}.")
    return redirect("admin:index")
