from django.urls import path

from members import colleague_views as views

urlpatterns = [
    path("", views.colleagues, name="colleagues"),
    path("neu/<slug:slug>/", views.add_colleague, name="add_colleague"),
    path("<int:pk>/", views.change_colleague, name="change_colleague"),
    path("<int:pk>/erste/", views.lead, name="make_lead"),
    path("<int:pk>/einladen/", views.invite_colleague, name="invite_colleague"),
    path("<int:pk>/entfernen/", views.remove_colleague, name="remove_colleague"),
]
