from django.urls import path

from meetings import place_views as views
from meetings import summit_views

urlpatterns = [
    path("anmeldung/<str:token>/", views.registration, name="registration"),
    path("anmeldung/<str:token>/bestaetigen/", views.confirm, name="confirm_registration"),
    path("anmeldung/<str:token>/annehmen/", views.accept, name="accept_place"),
    path("anmeldung/<str:token>/absagen/", views.cancel, name="cancel_registration"),
    path("anmeldung/<str:token>/teilnehmende/", views.participants, name="participants"),
    path("anmeldung/<str:token>/bescheinigung.pdf", views.own_certificate, name="own_certificate"),
    path("anmeldung/<str:token>/termin.ics", views.own_calendar_file, name="registration_calendar"),
    path("einladung/<str:token>/", views.invitation, name="invitation"),
    path("einladung/<str:token>/absage/", views.decline, name="decline_invitation"),
    path("einladung/<str:token>/unterlagen/<int:pk>.pdf", summit_views.paper, name="invitation_paper"),
    path("anmeldung/<str:token>/unterlagen/<int:pk>.pdf", summit_views.place_paper, name="place_paper"),
    path("intern/einladungen/<int:pk>/", views.own_invitation, name="own_invitation"),
    path("kalender/<str:token>.ics", views.own_calendar, name="own_calendar"),
    path("intern/termine/", views.own_meetings, name="own_meetings"),
    path("intern/anmeldungen/", views.own_registrations, name="own_registrations"),
    path("intern/anmeldungen/kalender/", views.subscribe, name="subscribe_calendar"),
    path("intern/anmeldungen/<int:pk>/", views.own_registration, name="own_registration"),
]
