from django.urls import path

from declarations import joining_views as views

urlpatterns = [
    path("antrag/", views.interest, name="interest"),
    path("fragen/", views.questions, name="application_questions"),
    path("fragen.pdf", views.questions_file, name="application_questions_file"),
    path("vorlagen/", views.templates, name="joining_templates"),
    path("vorlagen/<slug:key>.txt", views.template_file, name="joining_template"),
    path("link/", views.request_link, name="request_application_link"),
]
