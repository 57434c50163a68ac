from django.urls import path

from declarations import review_views as views
from declarations.models import Review

# Below /verwaltung/beitritt/<number>/ (netzwerk/urls.py).
urlpatterns = [
    path("", views.application, name="review_application"),
    path("weitergeben/", views.forward, name="forward_application"),
    path("entscheiden/", views.decide, name="decide_application"),
    path("datei/<uuid:public_id>/", views.attachment, name="review_file"),
    path("<slug:criterion>/rueckfrage/", views.query, name="query_answer"),
    path("<slug:criterion>/erfuellt/", views.mark, {"review": Review.MET}, name="mark_answer_met"),
    path("<slug:criterion>/offen/", views.mark, {"review": Review.OPEN}, name="mark_answer_open"),
]
