"""Accounts in the back office: administrators open, change, invite and block them (`users.roles`)."""

from functools import partial

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef

from core.backoffice import FilledFilter, RecordAdmin, asks_first, for_each
from users import actions
from users.models import SECOND_FACTORS, AccessInvitation, User


class InvitationFilter(admin.SimpleListFilter):
    title = "Einladung"
    parameter_name = "einladung"

    def lookups(self, request, model_admin):
        return [("offen", "offen"), ("angenommen", "angenommen")]

    def queryset(self, request, queryset):
        if self.value() == "offen":
            return queryset.filter(access_invitation__isnull=False, access_invitation__accepted_at=None)
        if self.value() == "angenommen":
            return queryset.exclude(access_invitation__accepted_at=None)
        return queryset


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("email", "office", "is_administrator")


@admin.register(User)
class UserAdmin(RecordAdmin):
    form = UserForm
    list_display = ("email", "office", "is_administrator", "is_active", "invitation", "has_second_factor", "last_login")
    list_filter = ("office", "is_administrator", "is_active", InvitationFilter)
    search_fields = ("email",)
    search_help_text = "E-Mail-Adresse"
    list_select_related = ("access_invitation",)
    export_columns = ("created_at",)
    readonly_fields = ("is_active", "invitation", "has_second_factor", "last_login", "created_at")
    actions = ("invite", "block", "unblock", "reset_second_factor")

    def get_fields(self, request, obj=None):
        return UserForm.Meta.fields + (self.readonly_fields if obj else ())

    def get_queryset(self, request):
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
        return super().get_queryset(request).annotate(second_factor=Exists(factors))

    def save_model(self, request, obj, form, change):
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        if change:
            actions.change_account(obj, **values, by=request.user)
        else:
            obj.pk = actions.open_account(**values, by=request.user).pk
            messages.info(request, f"Die Einladung an {obj.email} ist unterwegs.")

    @admin.display(description="Einladung")
    def invitation(self, user: User) -> str:
        invitation = getattr(user, "access_invitation", None)
        if invitation is None:
            return "keine"
        return "angenommen" if invitation.accepted_at else "offen"

    @admin.display(description="zweiter Faktor", boolean=True)
    def has_second_factor(self, user: User) -> bool:
        return user.second_factor

    @admin.action(description="Einladen (noch einmal einladen)", permissions=["change"])
    @asks_first("{rows} einladen", effect="Jede Adresse bekommt eine E-Mail mit dem Weg zur Anmeldung.")
    def invite(self, request, queryset):
        for_each(request, queryset, partial(actions.invite, by=request.user), done="Einladung ist unterwegs")

    @admin.action(description="Sperren", permissions=["change"])
    @asks_first(
        "{rows} sperren", effect="Offene Sitzungen enden sofort. Anmelden geht erst wieder nach dem Freischalten."
    )
    def block(self, request, queryset):
        for_each(
            request, queryset, partial(actions.block, by=request.user), done="Gesperrt, offene Sitzungen sind beendet"
        )

    @admin.action(description="Freischalten", permissions=["change"])
    def unblock(self, request, queryset):
        for_each(request, queryset, partial(actions.unblock, by=request.user), done="Freigeschaltet")

    @admin.action(description="Zweiten Faktor zurücksetzen", permissions=["change"])
    @asks_first(
        "Zweiten Faktor bei {rows} zurücksetzen",
        effect="Offene Sitzungen enden sofort, und jede Adresse bekommt einen Bescheid. "
        "App, Passkeys und Notfallcodes gelten nicht mehr; Mitarbeitende richten bei der nächsten Anmeldung neue ein.",
    )
    def reset_second_factor(self, request, queryset):
        done = "Zweiter Faktor zurückgesetzt, Bescheid ist unterwegs"
        for_each(request, queryset, partial(actions.reset_second_factor, by=request.user), done=done)


@admin.register(AccessInvitation)
class AccessInvitationAdmin(RecordAdmin):
    list_display = ("user", "invited_by", "created_at", "sent_at", "accepted_at")
    list_filter = (("accepted_at", FilledFilter), "created_at")
    search_fields = ("user__email",)
    search_help_text = "E-Mail-Adresse"
    list_select_related = ("user", "invited_by")
    fields = ("user", "invited_by", "created_at", "sent_at", "accepted_at")
    readonly_fields = fields
