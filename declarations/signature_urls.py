"""Addresses under /verwaltung/beitritt/unterzeichnungen/."""

from django.urls import path

from declarations import signature_views as views

urlpatterns = [
    path("<int:pk>/", views.signature, name="signature"),
    path("<int:pk>/datei/", views.signature_file, name="signature_file"),
    path("<int:pk>/urkunde/", views.certificate, name="certificate"),
    path("<int:pk>/geprueft/", views.check, name="check_signature"),
    path("<int:pk>/original/", views.receive_original, name="receive_original"),
    path("<int:pk>/gegenzeichnung/", views.countersign, name="countersign"),
    path("<int:pk>/zurueckziehen/", views.withdraw, name="withdraw_signature"),
    path("exemplar/<uuid:public_id>/", views.copy_file, name="copy_file"),
    path("<slug:slug>/", views.body_signing, name="body_signing"),
    path("<slug:slug>/vorbereiten/", views.prepare_copy, name="prepare_copy"),
    path("<slug:slug>/datei-aufnehmen/", views.add_signed_file, name="add_signed_file"),
]
