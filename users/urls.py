"""Account pages: allauth's flows under German addresses, only those the portal uses (there are no passwords)."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.usersessions import views as usersessions
from django.urls import path

from users import address_views, forms, passkey_views, views

sign_in = views.RequestLoginCodeView.as_view()

urlpatterns = [
    path("anmelden/", sign_in, name="account_login"),
    # allauth knows two pages, one for passwords and one for codes; here they are the same.
    path("anmelden/", sign_in, name="account_request_login_code"),
    path("anmelden/code/", views.ConfirmLoginCodeView.as_view(), name="account_confirm_login_code"),
    path("anmelden/zweiter-faktor/", passkey_views.AuthenticateView.as_view(), name="mfa_authenticate"),
    path("anmelden/passkey/", passkey_views.SignInByPasskeyView.as_view(), name="mfa_login_webauthn"),
    path("abmelden/", account.logout, name="account_logout"),
    path("gesperrt/", account.account_inactive, name="account_inactive"),
    path(
        "bestaetigen/", mfa.ReauthenticateView.as_view(form_class=forms.ReauthenticateForm), name="mfa_reauthenticate"
    ),
    path(
        "bestaetigen/passkey/", passkey_views.ReauthenticateByPasskeyView.as_view(), name="mfa_reauthenticate_webauthn"
    ),
    path("sicherheit/", mfa.index, name="mfa_index"),
    path("sicherheit/app/einrichten/", views.ActivateTOTPView.as_view(), name="mfa_activate_totp"),
    path("sicherheit/app/wechseln/", views.ReplaceTOTPView.as_view(), name="mfa_replace_totp"),
    path("sicherheit/app/entfernen/", views.DeactivateTOTPView.as_view(), name="mfa_deactivate_totp"),
    path("sicherheit/passkeys/neu/", passkey_views.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("sicherheit/passkeys/<int:pk>/", passkey_views.RenamePasskeyView.as_view(), name="mfa_edit_webauthn"),
    path(
        "sicherheit/passkeys/<int:pk>/entfernen/",
        passkey_views.RemovePasskeyView.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("sicherheit/notfallcodes/", views.ViewRecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path("sicherheit/notfallcodes/neu/", views.GenerateRecoveryCodesView.as_view(), name="mfa_generate_recovery_codes"),
    path("sicherheit/notfallcodes/datei/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("adresse/", address_views.change_address, name="change_address"),
    path("adresse/bestaetigen/", address_views.confirm_address, name="confirm_address"),
    path("sitzungen/", usersessions.list_usersessions, name="usersessions_list"),
    path("sitzungen/<int:pk>/beenden/", views.end_session, name="end_session"),
    path("sitzungen/bleiben/", views.stay_signed_in, name="stay_signed_in"),
]
