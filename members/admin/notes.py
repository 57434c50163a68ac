"""What the office keeps in mind, and what visitors tell it."""

from django.contrib import admin
from django.utils.text import Truncator

from core.admin import LookOnlyAdmin
from core.backoffice import RecordAdmin
from members.admin.lists import NameSearch
from members.list_filters import (
    FollowUpFilter,
)
from members.models import (
    Hint,
    Note,
)


@admin.register(Note)
class NoteAdmin(NameSearch, RecordAdmin):
    """All notes to look through; they are written, changed and settled in the dossier of their body."""

    list_display = ("municipality", "excerpt", "author_name", "created_at", "follow_up_on", "done_at")
    list_filter = (FollowUpFilter, "created_at")
    list_select_related = ("municipality",)
    search_fields = ("text", "author_name", "municipality__name")
    search_help_text = "Wörter der Notiz, Name oder Kommune"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="Notiz")
    def excerpt(self, note):
        return Truncator(note.text).chars(100)


@admin.register(Hint)
class HintAdmin(NameSearch, LookOnlyAdmin):
    """All hints to look through; they are settled in "Heute" or in the dossier of their body."""

    list_display = ("municipality", "excerpt", "address", "created_at", "done_at")
    list_filter = (("done_at", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("municipality",)
    search_fields = ("text", "address", "municipality__name")
    search_help_text = "Wörter des Hinweises, Adresse oder Kommune"

    @admin.display(description="Hinweis")
    def excerpt(self, hint):
        return Truncator(hint.text).chars(100)
