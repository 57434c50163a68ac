"""What all lists and records of the back office share."""

from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin


class RecordAdmin(SimpleHistoryAdmin):
    """A record with its history. Two people saving what cannot both be true: the second is told, her input stays."""

    list_per_page = 50
    show_full_result_count = False

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Run the form again when the database refuses the row: by then the form sees what the other person saved."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            return super().changeform_view(request, object_id, form_url, extra_context)
