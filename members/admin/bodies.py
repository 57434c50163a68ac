"""Bodies: who they are, since when they are members, and what they tell of themselves."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html

from core.backoffice import RecordAdmin
from core.dates import today
from members import actions, candidacies
from members.admin.lists import DossierList, NameSearch
from members.forms import MembershipForm
from members.list_filters import (
    GapFilter,
    MemberFilter,
    MembershipFilter,
    OpenFilter,
    ReviewFilter,
)
from members.models import (
    Candidacy,
    CandidacyStage,
    Membership,
    Municipality,
    Profile,
    Topic,
)
from members.models.profiles import QUESTIONS


@admin.register(Municipality)
class MunicipalityAdmin(NameSearch, RecordAdmin):
    """The register: bodies come from the official list, so none is added or deleted by hand."""

    list_display = ("name", "kind", "kreis", "regierungsbezirk", "is_member")
    list_filter = (MemberFilter, GapFilter, "regierungsbezirk", "kind")
    list_select_related = ("kreis",)
    export_columns = ("ags", "ars", "population", "population_on", "area_km2", "postcode", "website")
    name_lookup = "ags__in"
    search_fields = ("ags",)
    search_help_text = "Name, auch ungefähr: „muenster“, „Mülheim/Ruhr“"
    # What the register says is changed by loading a newer register, not by hand: the next load would undo it.
    readonly_fields = (
        "name", "kind", "kreis", "regierungsbezirk", "population", "population_on", "area_km2", "postcode",
        "ags", "ars", "slug", "latitude", "longitude",
    )  # fmt: skip
    fields = (
        "name", "kind", "kreis", "regierungsbezirk", "website", "letter_name", "street", "letter_town", "successor",
        "population", "population_on", "area_km2", "postcode", "ags", "ars", "slug", "latitude", "longitude",
    )  # fmt: skip
    autocomplete_fields = ("successor",)

    def get_changelist(self, request, **kwargs):
        return DossierList

    def get_queryset(self, request):
        running = Membership.objects.on(today()).filter(municipality=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_membership=Exists(running))

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="Mitglied", boolean=True, ordering="has_membership")
    def is_member(self, obj):
        return obj.has_membership


@admin.register(Membership)
class MembershipAdmin(NameSearch, RecordAdmin):
    """Periods of membership, historical ones entered by hand included."""

    form = MembershipForm
    list_display = ("municipality", "period", "ended_on", "has_source")
    list_filter = (MembershipFilter, "municipality__regierungsbezirk", "municipality__kind")
    list_select_related = ("municipality",)
    search_fields = ("municipality__name",)
    search_help_text = "Name der Kommune, auch ungefähr"
    autocomplete_fields = ("municipality",)
    date_hierarchy = "started_on"
    export_columns = ("municipality__ags", "started_on", "precision", "end_reason", "source", "note")

    def save_model(self, request, obj, form, change):
        actions.save_membership(obj)

    @admin.display(description="Zeitraum", ordering="started_on")
    def period(self, obj):
        return obj.period_text()

    @admin.display(description="Quelle", boolean=True)
    def has_source(self, obj):
        return bool(obj.source)


@admin.register(Candidacy)
class CandidacyAdmin(NameSearch, RecordAdmin):
    """Bodies on their way in. An interest may be noted by hand; an application is opened and closed by itself."""

    list_display = ("municipality", "stage", "started_on", "ended_on")
    list_filter = (OpenFilter, "stage", "municipality__regierungsbezirk")
    list_select_related = ("municipality",)
    search_fields = ("municipality__name",)
    search_help_text = "Name der Kommune, auch ungefähr"
    autocomplete_fields = ("municipality",)
    fields = ("municipality", "started_on", "ended_on")
    export_columns = ("municipality__ags",)

    def has_change_permission(self, request, obj=None):
        by_hand = obj is None or obj.stage == CandidacyStage.INTERESTED
        return by_hand and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        candidacies.save_by_hand(obj)


# Answers that the list of profiles shows; its export has the others, too.
_LISTED = ("office_name", "strategy_status", "volunteer_card")


@admin.register(Profile)
class ProfileAdmin(NameSearch, RecordAdmin):
    list_display = ("municipality", *_LISTED, "confirmed_on", "changed_at")
    list_filter = (ReviewFilter, "volunteer_card", "strategy_status", "topics", "municipality__regierungsbezirk")
    list_select_related = ("municipality",)
    search_fields = ("municipality__name", "office_name", "summary")
    export_columns = ("municipality__ags", *(name for name in QUESTIONS if name not in _LISTED))
    export_prefetch = ("topics",)
    search_help_text = "Kommune, Anlaufstelle oder Text"
    autocomplete_fields = ("municipality", "topics")
    readonly_fields = ("changes",)
    exclude = ("picture", "crest")  # the body's own; staff take back what should not be there

    @admin.display(description="Änderungen")
    def changes(self, profile):
        if profile.pk is None:
            return "noch keine"
        word = "neue Änderungen" if profile.is_unreviewed else "ansehen"
        return format_html('<a href="{}">{}</a>', reverse("profile_changes", args=[profile.municipality.slug]), word)


@admin.register(Topic)
class TopicAdmin(RecordAdmin):
    list_display = ("name", "slug")
    search_fields = ("name",)
    fields = ("name", "slug")
