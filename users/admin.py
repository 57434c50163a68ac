"""Accounts in the back office: administrators open, change, invite and block them (`users.roles`)."""

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from core.backoffice import RecordAdmin
from users import actions
from users.models import AccessInvitation, User

# allauth's own lists: addresses are kept in `User`, and nobody needs to look at second factors or sessions.
for model in (EmailAddress, Authenticator, UserSession):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


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
    readonly_fields = ("is_active", "invitation", "has_second_factor", "last_login", "created_at")
    actions = ("invite", "block", "unblock", "reset_second_factor")

    def get_fields(self, request, obj=None):
        return UserForm.Meta.fields + (self.readonly_fields if obj else ())

    def get_queryset(self, request):
        totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        return super().get_queryset(request).annotate(second_factor=Exists(totp))

    def save_model(self, request, obj, form, change):
        if change:
            actions.change_account(obj)
        else:
            fields = {name: form.cleaned_data[name] for name in UserForm.Meta.fields}
            obj.pk = actions.open_account(**fields, by=request.user).pk

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError:
            # Another administrator stepped down between the check and the saving; the form sees it now.
            return super().changeform_view(request, object_id, form_url, extra_context)

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
    def invite(self, request, queryset):
        self._for_each(request, queryset, actions.invite, "Einladung ist unterwegs an: {}", by=request.user)

    @admin.action(description="Sperren", permissions=["change"])
    def block(self, request, queryset):
        self._for_each(request, queryset, actions.block, "Gesperrt, offene Sitzungen sind beendet: {}", by=request.user)

    @admin.action(description="Freischalten", permissions=["change"])
    def unblock(self, request, queryset):
        self._for_each(request, queryset, actions.unblock, "Freigeschaltet: {}")

    @admin.action(description="Zweiten Faktor zurücksetzen", permissions=["change"])
    def reset_second_factor(self, request, queryset):
        told = "Zweiter Faktor zurückgesetzt, Bescheid ist unterwegs an: {}"
        self._for_each(request, queryset, actions.reset_second_factor, told, by=request.user)

    def _for_each(self, request, users, action: Callable[..., Any], told: str, **kwargs: Any) -> None:
        """Call an action for each chosen account; say for whom it was done, and for whom not and why."""
        done = []
        for user in users:
            try:
                action(user, **kwargs)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                done.append(user.email)
        if done:
            messages.success(request, told.format(", ".join(done)))


@admin.register(AccessInvitation)
class AccessInvitationAdmin(RecordAdmin):
    list_display = ("user", "invited_by", "created_at", "sent_at", "accepted_at")
    list_filter = (("accepted_at", admin.EmptyFieldListFilter), "created_at")
    search_fields = ("user__email",)
    search_help_text = "E-Mail-Adresse"
    list_select_related = ("user", "invited_by")
    fields = ("user", "invited_by", "created_at", "sent_at", "accepted_at")
    readonly_fields = fields
