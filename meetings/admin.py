"""Back office of meetings: lists and plain records; the work is done on a meeting's board."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.shortcuts import redirect
from django.urls import reverse

from core.admin import LookOnlyAdmin
from core.backoffice import RecordAdmin
from meetings import planning
from meetings.models import AgendaItem, Meeting, Registration


class BoardList(ChangeList):
    """A list whose names lead to the board, where the office works; from there on to the record."""

    def url_for_result(self, result):
        return reverse("meeting_board", args=[result.pk])


@admin.register(Meeting)
class MeetingAdmin(RecordAdmin):
    list_display = ("title", "kind", "when", "where", "state")
    list_filter = ("kind", "state", "year")
    search_fields = ("title", "place", "town", "host__name")
    search_help_text = "Titel, Ort oder gastgebende Kommune"
    autocomplete_fields = ("host", "topics")
    export_columns = ("day", "audience", "register_until", "seats_on_site", "seats_online", "host")
    list_select_related = ("host",)
    fieldsets = (
        (None, {"fields": ("kind", "title", "summary", "description", "audience", "host", "topics")}),
        ("Wann", {"fields": ("day", "begin_time", "last_day", "end_time")}),
        ("Wo", {"fields": ("venue", "place", "street", "town", "access_note", "online_link")}),
        (
            "Anmeldung",
            {
                "fields": (
                    "takes_registrations", "register_until", "seats_on_site", "seats_online", "seats_per_body",
                    "more_per_body_from", "offer_hours", "slug",
                )
            },
        ),
    )  # fmt: skip

    @admin.display(description="Wann", ordering="begins_at")
    def when(self, obj):
        return obj.when

    @admin.display(description="Wo")
    def where(self, obj):
        return obj.where

    def get_changelist(self, request, **kwargs):
        return BoardList

    def save_model(self, request, obj, form, change):
        planning.save(obj)

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("meeting_board", obj.pk)

    def response_change(self, request, obj):
        return redirect("meeting_board", obj.pk)

    def has_delete_permission(self, request, obj=None):
        """A draft that nobody saw may go; all others stay for the figures and are called off."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or (obj.state == "draft" and not obj.registrations.exists()))


@admin.register(AgendaItem)
class AgendaItemAdmin(RecordAdmin):
    list_display = ("title", "meeting", "begin_time", "end_time", "room")
    list_filter = ("meeting__kind",)
    list_select_related = ("meeting",)
    search_fields = ("title", "meeting__title", "speaker_text")
    search_help_text = "Titel des Punkts oder des Termins, Mitwirkende"
    autocomplete_fields = ("meeting", "speakers", "bodies")
    fields = (
        "meeting", "day_number", "begin_time", "end_time", "title", "text", "room", "speakers", "speaker_text",
        "bodies", "choice_round", "seats",
    )  # fmt: skip

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("meeting_programme", obj.meeting_id)

    def response_change(self, request, obj):
        return redirect("meeting_programme", obj.meeting_id)


@admin.register(Registration)
class RegistrationAdmin(LookOnlyAdmin):
    """All registrations as a list to search and to export; changed on the board of their meeting."""

    list_display = ("person", "meeting", "body", "mode", "state", "present_at")
    list_filter = ("state", "mode", "meeting__kind", "meeting__year")
    list_select_related = ("person", "meeting", "municipality")
    search_fields = ("person__last_name", "person__first_name", "person__email", "meeting__title", "municipality__name")
    search_help_text = "Person, Kommune oder Termin"
    export_columns = ("person__email", "number", "created_at", "food", "access_needs", "is_listed", "topic_wish")

    @admin.display(description="Kommune oder Organisation")
    def body(self, obj):
        return obj.body_name
