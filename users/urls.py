"""Account pages: allauth's flows under German addresses, only those the portal uses (there are no passwords)."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path

urlpatterns = [
    path("anmelden/", account.request_login_code, name="account_login"),
    path("anmelden/code/", account.confirm_login_code, name="account_confirm_login_code"),
    path("anmelden/zweiter-faktor/", mfa.authenticate, name="mfa_authenticate"),
    path("abmelden/", account.logout, name="account_logout"),
    path("gesperrt/", account.account_inactive, name="account_inactive"),
    path("bestaetigen/", account.reauthenticate, name="account_reauthenticate"),
    path("bestaetigen/zweiter-faktor/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("sicherheit/", mfa.index, name="mfa_index"),
    path("sicherheit/app/einrichten/", totp.activate_totp, name="mfa_activate_totp"),
    path("sicherheit/app/entfernen/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("sicherheit/notfallcodes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("sicherheit/notfallcodes/neu/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("sicherheit/notfallcodes/datei/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
