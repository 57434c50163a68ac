"""Addresses under /verwaltung/beitritt/runden/."""

from django.urls import path

from declarations import round_views as views

urlpatterns = [
    path("", views.all_rounds, name="signing_rounds"),
    path("neu/", views.plan_round, name="plan_round"),
    path("<int:pk>/", views.signing_round, name="signing_round"),
    path("<int:pk>/hinzufuegen/", views.add_to_round, name="add_to_round"),
    path("<int:pk>/andere-person/", views.add_other_to_round, name="add_other_to_round"),
    path("<int:pk>/<int:entry>/vorziehen/", views.move_up, name="move_up_in_round"),
    path("<int:pk>/<int:entry>/entfernen/", views.remove_from_round, name="remove_from_round"),
    path("<int:pk>/druckmappe/", views.print_round, name="print_round"),
    path("<int:pk>/eintragen/", views.record_round, name="record_round"),
]
