"""The composer under /verwaltung/e-mails/mitteilungen/."""

from django.urls import path

from mailings import desk_views as views

urlpatterns = [
    path("neu/", views.write, name="write_mailing"),
    path("einladung/<int:pk>/", views.write_invitation, name="write_invitation"),
    path("<int:pk>/", views.compose, name="mailing"),
    *(
        path(f"<int:pk>/vorschau.{part}", views.preview, {"part": part}, name=f"mailing_{part}")
        for part in ("html", "txt")
    ),
    path("<int:pk>/anlage/", views.enclosed, name="mailing_file"),
    path("<int:pk>/empfaenger/", views.audience, name="mailing_audience"),
    *(
        path(f"<int:pk>/empfaenger/<int:person>/{word}/", views.single, {"word": word}, name=name)
        for word, name in (("auslassen", "leave_out_reader"), ("dazunehmen", "take_in_reader"))
    ),
    path("<int:pk>/freigabe/", views.release, name="mailing_release"),
    path("<int:pk>/kopieren/", views.copy, name="copy_mailing"),
    path("<int:pk>/entwurf/", views.back, name="mailing_back_to_draft"),
    path("<int:pk>/verwerfen/", views.discard, name="discard_mailing"),
]
