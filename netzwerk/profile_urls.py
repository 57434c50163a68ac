from django.urls import path

from netzwerk import profile_views as views

urlpatterns = [
    path("", views.own_profiles, name="own_profiles"),
    path("<slug:slug>/", views.own_profile, name="own_profile"),
    path("<slug:slug>/vorschau/", views.preview, name="profile_preview"),
    path("<slug:slug>/veroeffentlichen/", views.publish, name="publish_profile"),
    path("<slug:slug>/entwurf/verwerfen/", views.discard, name="discard_draft"),
    path("<slug:slug>/bild/", views.own_picture, {"use": "picture"}, name="own_picture"),
    path("<slug:slug>/bild/entfernen/", views.remove_picture, {"use": "picture"}, name="remove_picture"),
    path("<slug:slug>/wappen/", views.own_picture, {"use": "crest"}, name="own_crest"),
    path("<slug:slug>/wappen/entfernen/", views.remove_picture, {"use": "crest"}, name="remove_crest"),
    path("<slug:slug>/verlauf/", views.versions, name="profile_versions"),
    path("<slug:slug>/verlauf/<int:version>/zurueckholen/", views.bring_back, name="bring_back_own_profile"),
]
