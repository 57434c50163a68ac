"""Addresses under /gemeinsame-erklaerung/."""

from django.urls import path

from declarations import views

urlpatterns = [
    path("", views.declarations, name="declarations"),
    path("<int:year>/", views.declaration, name="declaration"),
    path("unterzeichnungen.csv", views.signatures_csv, name="signatures_csv"),
]
