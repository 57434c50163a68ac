from django.urls import path

from declarations import application_views as views

# Below /antrag/<token>/ (netzwerk/urls.py); words of the sections are in declarations/models/criteria.py.
urlpatterns = [
    path("", views.application, name="application"),
    path("bestaetigen/", views.confirm, name="confirm_application"),
    path("einreichen/", views.submit, name="submit_application"),
    path("zurueckziehen/", views.withdraw, name="withdraw_application"),
    path("erklaerung.pdf", views.signing_copy, name="applicant_copy"),
    path("unterzeichnet/", views.hand_in, name="hand_in_signed"),
    path("dazunehmen/", views.share, name="share_application"),
    path("datei/<uuid:public_id>/", views.attachment, name="application_file"),
    path("<slug:key>/", views.section, name="application_section"),
]
