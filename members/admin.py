"""Back office of bodies, memberships, persons and profiles: lists and plain records."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from core.backoffice import RecordAdmin
from core.dates import today
from members import actions
from members.forms import MembershipForm
from members.models import ContactPerson, Membership, Municipality, Person, Profile, Topic
from members.search import bodies, find


class MemberFilter(admin.SimpleListFilter):
    """Members of today, or all others."""

    title = "Mitgliedschaft"
    parameter_name = "mitglied"

    def lookups(self, request, model_admin):
        return [("ja", "Mitglied"), ("nein", "noch nicht dabei oder ehemalig")]

    def queryset(self, request, queryset):
        members = Municipality.objects.members()
        if self.value() == "ja":
            return queryset.filter(pk__in=members)
        return queryset.exclude(pk__in=members) if self.value() == "nein" else queryset


class RunningFilter(admin.SimpleListFilter):
    """Memberships that hold today, or those that ended."""

    title = "Stand"
    parameter_name = "stand"

    def lookups(self, request, model_admin):
        return [("laufend", "läuft"), ("beendet", "beendet"), ("ohne-beginn", "Beginn nicht belegt")]

    def queryset(self, request, queryset):
        if self.value() == "ohne-beginn":
            return queryset.filter(started_on__isnull=True)
        if self.value() == "beendet":
            return queryset.filter(ended_on__lt=today())
        return queryset.on(today()) if self.value() == "laufend" else queryset


@admin.register(Municipality)
class MunicipalityAdmin(RecordAdmin):
    """The register: bodies come from the official list, so none is added or deleted by hand."""

    list_display = ("name", "kind", "kreis", "regierungsbezirk", "is_member")
    list_filter = (MemberFilter, "regierungsbezirk", "kind")
    list_select_related = ("kreis",)
    search_fields = ("name",)
    search_help_text = "Name, auch ungefähr: „muenster“, „Mülheim/Ruhr“"
    readonly_fields = ("ags", "ars", "slug")
    fields = (
        "name", "kind", "kreis", "regierungsbezirk", "website", "population", "population_on", "area_km2", "postcode",
        "successor", "ags", "ars", "slug", "latitude", "longitude",
    )  # fmt: skip
    autocomplete_fields = ("kreis", "successor")

    def get_queryset(self, request):
        running = Membership.objects.on(today()).filter(municipality=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_membership=Exists(running))

    def get_search_results(self, request, queryset, search_term):
        """The public directory's forgiving search, in the list and in every field that picks a body."""
        if not search_term:
            return queryset, False
        return queryset.filter(ags__in=[hit.body.ags for hit in find(search_term, bodies())]), False

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="Mitglied", boolean=True, ordering="has_membership")
    def is_member(self, obj):
        return obj.has_membership


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    """Periods of membership, historical ones entered by hand included."""

    form = MembershipForm
    list_display = ("municipality", "period", "ended_on", "has_source")
    list_filter = (RunningFilter, "municipality__regierungsbezirk", "municipality__kind")
    list_select_related = ("municipality",)
    search_fields = ("municipality__name",)
    search_help_text = "Name der Kommune, auch ungefähr"
    autocomplete_fields = ("municipality",)
    date_hierarchy = "started_on"

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        return queryset.filter(municipality__ags__in=[hit.body.ags for hit in find(search_term, bodies())]), False

    @admin.display(description="Zeitraum", ordering="started_on")
    def period(self, obj):
        return obj.period_text()

    @admin.display(description="Quelle", boolean=True)
    def has_source(self, obj):
        return bool(obj.source)


@admin.register(Person)
class PersonAdmin(RecordAdmin):
    list_display = ("name", "email", "phone", "organisation", "user")
    list_filter = (("user", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("first_name", "last_name", "email", "organisation", "contact_functions__municipality__name")
    search_help_text = "Name, Adresse, Organisation oder Kommune"
    readonly_fields = ("user",)
    fields = ("form_of_address", "title", "first_name", "last_name", "email", "phone", "organisation", "user")
    actions = ("give_access",)

    @admin.display(description="Name", ordering="sort_key")
    def name(self, obj):
        return obj.name

    @admin.action(description="Zugang geben (Einladung senden)", permissions=["change"])
    def give_access(self, request, queryset):
        invited = []
        for person in queryset:
            try:
                actions.give_access(person, by=request.user)
                invited.append(person.name)
            except ValidationError as error:
                self.message_user(request, f"{person.name}: {error.messages[0]}", messages.ERROR)
        if invited:
            self.message_user(request, f"Zugang gegeben und eingeladen: {', '.join(invited)}.", messages.SUCCESS)


@admin.register(ContactPerson)
class ContactPersonAdmin(RecordAdmin):
    list_display = ("person", "municipality", "is_deputy", "position", "started_on", "ended_on")
    list_filter = ("is_deputy", ("ended_on", admin.EmptyFieldListFilter), "municipality__regierungsbezirk")
    list_select_related = ("person", "municipality")
    search_fields = ("person__first_name", "person__last_name", "person__email", "municipality__name", "position")
    search_help_text = "Person, Kommune oder Stelle"
    autocomplete_fields = ("person", "municipality")


@admin.register(Profile)
class ProfileAdmin(RecordAdmin):
    list_display = ("municipality", "office_name", "strategy_status", "volunteer_card", "confirmed_on")
    list_filter = ("volunteer_card", "strategy_status", "topics", "municipality__regierungsbezirk")
    list_select_related = ("municipality",)
    search_fields = ("municipality__name", "office_name", "summary")
    search_help_text = "Kommune, Anlaufstelle oder Text"
    autocomplete_fields = ("municipality", "topics")


@admin.register(Topic)
class TopicAdmin(RecordAdmin):
    list_display = ("name", "slug")
    search_fields = ("name",)
    fields = ("name", "slug")
