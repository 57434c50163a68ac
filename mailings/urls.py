"""The public archive under /mitteilungen/."""

from django.urls import path

from mailings import views

urlpatterns = [
    path("", views.public_mailings, name="public_mailings"),
    path("<int:pk>/", views.public_mailing, name="public_mailing"),
    path("<int:pk>/anlage/", views.public_file, name="public_mailing_file"),
]
