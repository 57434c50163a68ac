from django.urls import path

from members import colleague_views

urlpatterns = [path("", colleague_views.colleagues, name="colleagues")]
