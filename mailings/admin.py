"""Back office of mailings: the list; the work is done in the composer."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.urls import reverse
from simple_history.admin import SimpleHistoryAdmin

from core.admin import LookOnlyAdmin
from mailings.models import Mailing


class ComposerList(ChangeList):
    """A list whose names lead to the composer, or to how it stands once it is released."""

    def url_for_result(self, result):
        return reverse("mailing" if result.can_be_changed else "mailing_release", args=[result.pk])


@admin.register(Mailing)
class MailingAdmin(LookOnlyAdmin, SimpleHistoryAdmin):
    list_display = ("subject_display", "standing_display", "class_display", "author", "changed_at")
    list_filter = ("state", "rubric", "archive")
    search_fields = ("subject", "text")
    search_help_text = "Betreff oder Text"
    export_columns = ("archive", "released_by", "released_at", "planned_for", "batch__recipients")
    date_hierarchy = "changed_at"
    fields = (
        "subject", "text", "class_display", "archive", "invites_to", "standing_display", "author", "changed_at",
        "submitted_at", "released_by", "released_at", "planned_for", "batch",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).for_list()

    def get_changelist(self, request, **kwargs):
        return ComposerList

    @admin.display(description="Betreff", ordering="subject")
    def subject_display(self, mailing):
        return str(mailing)

    @admin.display(description="Stand", ordering="state")
    def standing_display(self, mailing):
        return mailing.standing

    @admin.display(description="Art", ordering="rubric")
    def class_display(self, mailing):
        return mailing.class_name
