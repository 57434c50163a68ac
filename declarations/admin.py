"""Back office of joining and of the declaration: applications, versions and signatures, as lists and plain records."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.urls import reverse
from simple_history.admin import SimpleHistoryAdmin

from core.admin import LookOnlyAdmin
from core.backoffice import RecordAdmin
from declarations import signing
from declarations.models import Application, ApplicationState, Declaration, Signature
from members.admin import NameSearch
from members.directory import entries
from members.list_filters import ByQuestion
from members.search import find

_OBJECTS = Application.objects


class StandingFilter(ByQuestion):
    """Whose turn it is: the same questions as the lines of "Heute"."""

    title = "Stand"
    parameter_name = "stand"
    questions = (
        ("entwurf", "wird von der Kommune ausgefüllt", _OBJECTS.drafts),
        ("pruefen", "zu prüfen", _OBJECTS.to_check),
        ("rueckfrage", "Rückfrage bei der Kommune", _OBJECTS.queried),
        ("entscheiden", "zu entscheiden", _OBJECTS.to_decide),
        ("unterschrift", "angenommen, ohne Unterschrift", _OBJECTS.to_sign),
    )


class WorkingList(ChangeList):
    """Leads to the page where an application is worked on."""

    def url_for_result(self, result):
        return reverse("review_application", args=[result.pk])


@admin.register(Application)
class ApplicationAdmin(NameSearch, LookOnlyAdmin, SimpleHistoryAdmin):
    list_display = ("municipality", "standing", "created_at", "submitted_at", "ended_at")
    list_filter = (StandingFilter, "state", "municipality__regierungsbezirk", "municipality__kind")
    search_fields = ("municipality__name",)
    search_help_text = "Name der Kommune, auch ungefähr"
    export_columns = ("municipality__ags", "state", "forwarded_at", "reason", "signatory_name", "signatory_office")
    export_prefetch = ("answers",)
    exclude = ("message",)

    def get_queryset(self, request):
        confirmed = super().get_queryset(request).exclude(state=ApplicationState.REQUESTED)
        return confirmed.select_related("municipality").prefetch_related("answers")

    def get_changelist(self, request, **kwargs):
        return WorkingList

    @admin.display(description="Wo er liegt")
    def standing(self, application):
        return application.standing.sentence


@admin.register(Declaration)
class DeclarationAdmin(RecordAdmin):
    """Versions. One that is signed is only to be looked at, but for the day on which it ends."""

    list_display = ("title", "started_on", "ended_on", "is_sample")
    search_fields = ("title",)
    export_columns = ("land_name", "land_office", "land_authority", "cosigners", "note")
    fieldsets = (
        (None, {"fields": ("title", "text", "is_sample", "note")}),
        ("Gültigkeit", {"fields": ("started_on", "ended_on")}),
        ("Unterzeichnet für das Land", {"fields": ("land_name", "land_office", "land_authority", "cosigners")}),
    )

    def get_readonly_fields(self, request, obj=None):
        if obj is None or not obj.is_used:
            return ()
        return tuple(name for _, part in self.fieldsets for name in part["fields"] if name != "ended_on")

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
        else:
            signing.publish(obj)


class StateFilter(admin.SimpleListFilter):
    """How signatures stand, by the same questions as the lines of "Heute"."""

    title = "Stand"
    parameter_name = "stand"
    questions = {
        "pruefen": ("zu prüfen", Signature.objects.to_check),
        "original": ("Original fehlt", Signature.objects.without_original),
        "gegenzeichnung": ("Gegenzeichnung fehlt", Signature.objects.without_countersignature),
        "zurueckgezogen": ("zurückgezogen", Signature.objects.withdrawn),
    }

    def lookups(self, request, model_admin):
        return [(word, label) for word, (label, _) in self.questions.items()]

    def queryset(self, request, queryset):
        _, rows = self.questions.get(self.value(), ("", None))
        return queryset.filter(pk__in=rows().values("pk")) if rows else queryset


class SignatureList(ChangeList):
    """A list whose rows lead to the page where the office checks and completes them."""

    def url_for_result(self, result):
        return reverse("signature", args=[result.pk])


@admin.register(Signature)
class SignatureAdmin(LookOnlyAdmin, SimpleHistoryAdmin):
    """All signatures, withdrawn ones included. They are recorded and checked on pages of their own."""

    list_display = ("body_name", "declaration", "day", "method", "signatory", "state")
    list_filter = (StateFilter, "method", "declaration", "signed_on", "municipality__regierungsbezirk")
    list_select_related = ("municipality", "declaration")
    search_fields = ("body_name", "signatory_name")
    search_help_text = "Name der Kommune, auch ungefähr, oder der Person"
    export_columns = (
        "municipality__ags", "signed_on", "place", "signatory_name", "signatory_office", "in_deputy", "checked_at",
        "checked_by_name", "original_on", "countersigned_on", "countersigned_by", "source", "note", "file_sha256",
        "withdrawn_at", "withdrawn_reason",
    )  # fmt: skip

    def get_changelist(self, request, **kwargs):
        return SignatureList

    def get_search_results(self, request, queryset, search_term):
        """The public directory's forgiving search besides, so that "muenster" finds Münster."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        keys = [hit.entry.ags for hit in find(search_term, entries())] if search_term else []
        named = queryset.filter(municipality__ags__in=keys)
        return (found | named if keys else found), duplicates

    @admin.display(description="Unterzeichnet", ordering="signed_on")
    def day(self, obj):
        return obj.day_text

    @admin.display(description="Durch")
    def signatory(self, obj):
        return obj.signatory

    @admin.display(description="Stand")
    def state(self, obj):
        return obj.state
