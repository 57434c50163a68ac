from django.urls import path

from netzwerk import summit_views as views

urlpatterns = [
    path("", views.board, name="summit_board"),
    path("runde/", views.plan_round, name="plan_summit_round"),
    path("runde/fuellen/", views.fill_round, name="fill_summit_round"),
]
