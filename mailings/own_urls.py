"""The own archive under /intern/mitteilungen/."""

from django.urls import path

from mailings import subscription_views, views

urlpatterns = [
    path("", views.own_mailings, name="own_mailings"),
    path("<int:pk>/", views.own_mailing, name="own_mailing"),
    path("<int:pk>/anlage/", views.own_file, name="own_mailing_file"),
    path("an-mich/", views.own_mails, name="own_mails"),
    path("an-mich/<slug:public_id>/", views.own_mail, name="own_mail"),
    path("meine-e-mails/", subscription_views.mail_settings, name="mail_settings"),
]
