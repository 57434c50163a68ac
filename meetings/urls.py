from django.urls import path

from meetings import views

urlpatterns = [
    path("", views.meetings, name="meetings"),
    path("<int:year>/<slug:slug>/", views.meeting, name="meeting"),
    path("<int:year>/<slug:slug>/termin.ics", views.meeting_calendar, name="meeting_calendar"),
    path("<int:year>/<slug:slug>/anmeldung/", views.register, name="register"),
]
