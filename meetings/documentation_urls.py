from django.urls import path

from meetings import documentation_desk_views as views

urlpatterns = [
    path("", views.desk, name="documentation_desk"),
    path("ueberblick/", views.overview, name="documentation_overview"),
    path("punkt/<int:item>/", views.chapter, name="documentation_chapter"),
    path("vorschau/", views.preview, name="documentation_preview"),
    path("fotos/neu/", views.add_photo, name="add_documentation_photo"),
    path("fotos/<int:photo>/", views.photo_words, name="documentation_photo_words"),
    path("fotos/<int:photo>/loeschen/", views.remove_photo, name="remove_documentation_photo"),
    path("folien/neu/", views.add_slides, name="add_documentation_slides"),
    path("folien/<int:slides>/", views.slides_words, name="documentation_slides_words"),
    path("folien/<int:slides>/loeschen/", views.remove_slides, name="remove_documentation_slides"),
    path("verabredungen/neu/", views.add_agreement, name="add_agreement"),
    path("verabredungen/aufnehmen/", views.take_up, name="take_up_agreements"),
    path("verabredungen/<int:agreement>/", views.agreement, name="change_agreement"),
    path("verabredungen/<int:agreement>/erledigt/", views.settle_agreement, name="settle_agreement"),
    path("verabredungen/<int:agreement>/loeschen/", views.remove_agreement, name="remove_agreement"),
    path("pdf/", views.order, name="order_documentation"),
    path("pdf/<int:build>.pdf", views.build_pdf, name="documentation_build"),
    path("veroeffentlichen/", views.publish, name="publish_documentation"),
    path("zurueckziehen/", views.withdraw, name="withdraw_documentation"),
    path("mitteilen/", views.tell, name="tell_documentation"),
]
