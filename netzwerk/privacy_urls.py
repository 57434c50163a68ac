"""Data protection in the back office: the Verzeichnis and erasing a person."""

from django.urls import path

from netzwerk import privacy_views as views

urlpatterns = [
    path("", views.register, name="privacy_register"),
    path("verzeichnis.<str:ending>", views.register_file, name="privacy_register_file"),
    path("loeschen/<int:pk>/", views.erasure, name="erasure"),
    path("loeschen/<int:pk>/beantragen/", views.request_erasure, name="request_erasure"),
    path("loeschen/<int:pk>/zurueckziehen/", views.withdraw_erasure, name="withdraw_erasure"),
    path("loeschen/<int:pk>/bestaetigen/", views.confirm_erasure, name="confirm_erasure"),
]
