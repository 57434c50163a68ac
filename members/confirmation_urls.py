from django.urls import path

from members import confirmation_views as views

urlpatterns = [
    path("", views.request_link, name="request_link"),
    path("<str:token>/", views.confirmation, name="confirmation"),
    path("<str:token>/bestaetigen/", views.confirm, name="confirm_data"),
    path("<str:token>/neuer-link/", views.renew_link, name="renew_link"),
]
