"""Persons, what they are from when to when, and whether they answer."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join

from core.admin import LookOnlyAdmin
from core.backoffice import FilledFilter, RecordAdmin, asks_first, for_each
from members import actions, addresses, confirming
from members.admin.lists import NameSearch
from members.duplicates import similar_persons
from members.forms import PersonForm
from members.list_filters import (
    AccessFilter,
    AnswerFilter,
    ReachFilter,
    RunningFilter,
)
from members.models import (
    Confirmation,
    ContactPerson,
    HeadOfAdministration,
    OuterOffice,
    Person,
    SpokespersonTerm,
)


@admin.register(Person)
class PersonAdmin(RecordAdmin):
    form = PersonForm
    # Not the account: its address is that of the person.
    list_display = ("name", "email", "phone", "organisation", "access")
    list_filter = (("user", FilledFilter),)
    list_select_related = ("user__access_invitation",)
    search_fields = ("first_name", "last_name", "email", "organisation", "contact_functions__municipality__name")
    search_help_text = "Name, Adresse, Organisation oder Kommune"
    readonly_fields = ("user", "similar")
    export_columns = ("form_of_address", "title", "first_name", "last_name")
    actions = ("give_access",)

    def get_fields(self, request, obj=None):
        """With the questions of the form that have their turn, and for a stored person who may be the same."""
        shared = ("mailbox",) if obj and obj.shares_mailbox else ()
        asked = ("another",) if obj is None and request.method == "POST" else ()
        name, rest = PersonForm.Meta.fields[:5], PersonForm.Meta.fields[5:]
        return (*name, *asked, *shared, *rest, "user", *(("similar",) if obj else ()))

    @admin.display(description="Vielleicht dieselbe")
    def similar(self, person):
        links = [(reverse("merge_persons", args=[person.pk, other.pk]), other) for other in similar_persons(person)]
        return format_html_join(", ", '<a href="{}">{} – vergleichen</a>', links) or "niemand"

    def save_model(self, request, obj, form, change):
        addresses.save_person(obj, whole_mailbox=form.whole_mailbox, by=request.user)

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(last_name="")  # erased: only the number is left

    def has_delete_permission(self, request, obj=None):
        return False  # a deleted row would live on in its history; erasing empties both (netzwerk.forgetting)

    @admin.display(description="Name", ordering="sort_key")
    def name(self, obj):
        return obj.name

    @admin.display(description="Zugang")
    def access(self, obj):
        return obj.access

    def has_give_access_permission(self, request):
        return request.user.has_perm("members.give_access")

    @admin.action(description="Zugang geben (Einladung senden)", permissions=["give_access"])
    @asks_first(
        "{rows} Zugang geben",
        effect="Jede Person bekommt ein Konto und eine E-Mail mit dem Weg zur Anmeldung. "
        "Wer schon ein Konto hat, wird nicht noch einmal eingeladen.",
    )
    def give_access(self, request, queryset):
        for_each(request, queryset, partial(actions.give_access, by=request.user), done="Zugang gegeben")


class FunctionAdmin(NameSearch, RecordAdmin):
    """What the lists of all functions share."""

    list_filter = (RunningFilter, "municipality__regierungsbezirk", "municipality__kind")
    list_select_related = ("person", "municipality")
    search_fields = ("person__first_name", "person__last_name", "person__email", "municipality__name")
    search_help_text = "Person oder Kommune"
    autocomplete_fields = ("person", "municipality")
    export_columns = ("municipality__ags", "person__email", "person__phone")


@admin.register(ContactPerson)
class ContactPersonAdmin(FunctionAdmin):
    list_display = ("person", "municipality", "is_deputy", "position", "started_on", "ended_on")
    list_filter = (AccessFilter, ReachFilter, "is_deputy", *FunctionAdmin.list_filter)
    search_fields = (*FunctionAdmin.search_fields, "position")
    search_help_text = "Person, Kommune oder Stelle"
    actions = ("ask",)

    def has_ask_permission(self, request):
        return request.user.has_perm("members.ask_confirmation")

    @admin.action(description="„Stimmt noch?“ fragen", permissions=["ask"])
    @asks_first(
        "{rows} fragen, ob alles noch stimmt",
        effect="Jede Person bekommt eine E-Mail mit ihren Angaben und einem persönlichen Link. Eine Minute lang lässt "
        "sich das unter „Heute“ zurücknehmen. Wer schweigt, wird nach zwei und nach vier Wochen erinnert.",
    )
    def ask(self, request, queryset):
        try:
            batch = confirming.ask(queryset, title=confirming.title_by_hand(), by=request.user)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            text = f"„{batch.title}“ geht in einer Minute hinaus. Empfänger: {batch.recipients}."
            messages.success(request, f"{text} Bis dahin lässt es sich unter „Heute“ zurücknehmen.")


@admin.register(Confirmation)
class ConfirmationAdmin(NameSearch, LookOnlyAdmin):
    """Who was asked "Stimmt noch?" and how it stands; whom no mail reaches is called, so the number is there."""

    name_lookup = "contact__municipality__ags__in"
    list_display = ("contact", "state", "phone", "asked_on", "reminders", "confirmed_on")
    export_columns = ("contact__person__email",)
    list_filter = (AnswerFilter, "asked_at", "contact__municipality__regierungsbezirk")
    list_select_related = ("contact__person", "contact__municipality")
    search_fields = ("contact__person__first_name", "contact__person__last_name", "contact__municipality__name")
    search_help_text = "Person oder Kommune"
    fields = readonly_fields = ("contact", "state", "asked_at", "reminders", "confirmed_at", "phone", "email", "batch")

    def get_queryset(self, request):
        return super().get_queryset(request).with_answers()

    @admin.display(description="Stand")
    def state(self, confirmation):
        return confirmation.state

    @admin.display(description="Telefon")
    def phone(self, confirmation):
        return confirmation.contact.person.phone

    @admin.display(description="E-Mail-Adresse")
    def email(self, confirmation):
        return confirmation.contact.person.email

    @admin.display(description="Gefragt", ordering="asked_at")
    def asked_on(self, confirmation):
        return timezone.localdate(confirmation.asked_at)

    @admin.display(description="Bestätigt", ordering="confirmed_at")
    def confirmed_on(self, confirmation):
        return timezone.localdate(confirmation.confirmed_at) if confirmation.confirmed_at else None


@admin.register(HeadOfAdministration)
class HeadOfAdministrationAdmin(FunctionAdmin):
    list_display = ("municipality", "office_title", "person", "started_on", "ended_on", "can_get_letters")
    search_fields = (*FunctionAdmin.search_fields, "office_title")
    export_columns = (*FunctionAdmin.export_columns, "address_line", "salutation", "protocol_rank", "wants_letters")
    search_help_text = "Person, Kommune oder Amtsbezeichnung"
    fields = (
        "municipality", "person", "office_title", "started_on", "ended_on", "address_line", "salutation",
        "protocol_rank", "wants_letters", "letter",
    )  # fmt: skip
    readonly_fields = ("letter",)

    def get_fields(self, request, obj=None):
        return self.fields if obj else self.fields[:-1]

    @admin.display(description="Brief vollständig", boolean=True)
    def can_get_letters(self, head):
        return not head.letter_gaps

    @admin.display(description="So beginnt der Brief")
    def letter(self, head):
        return render_to_string("members/letter_preview.html", {"head": head})


@admin.register(OuterOffice)
class OuterOfficeAdmin(FunctionAdmin):
    list_display = ("municipality", "person", "email", "phone", "started_on", "ended_on")

    @admin.display(description="E-Mail-Adresse", ordering="person__email")
    def email(self, outer_office):
        return outer_office.person.email

    @admin.display(description="Telefon")
    def phone(self, outer_office):
        return outer_office.person.phone


@admin.register(SpokespersonTerm)
class SpokespersonTermAdmin(FunctionAdmin):
    list_display = ("person", "municipality", "role", "started_on", "ended_on")
