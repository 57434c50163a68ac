from django.urls import path

from meetings import documentation_views, views

urlpatterns = [
    path("", views.meetings, name="meetings"),
    path("<int:year>/<slug:slug>/", views.meeting, name="meeting"),
    path("<int:year>/<slug:slug>/termin.ics", views.meeting_calendar, name="meeting_calendar"),
    path("<int:year>/<slug:slug>/anmeldung/", views.register, name="register"),
    path("<int:year>/<slug:slug>/dokumentation/", documentation_views.documentation, name="documentation"),
    path("<int:year>/<slug:slug>/dokumentation.pdf", documentation_views.documentation_pdf, name="documentation_pdf"),
    path("<int:year>/<slug:slug>/dokumentation.zip", documentation_views.documentation_zip, name="documentation_zip"),
    path(
        "<int:year>/<slug:slug>/dokumentation/fotos/<uuid:public_id>/",
        documentation_views.documentation_photo,
        name="documentation_photo",
    ),
    path(
        "<int:year>/<slug:slug>/dokumentation/folien/<uuid:public_id>/",
        documentation_views.documentation_slides,
        name="documentation_slides",
    ),
]
