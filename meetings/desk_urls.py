from django.urls import path

from meetings import desk_views as views
from meetings import programme_views

urlpatterns = [
    path("jahr/", views.year, name="meetings_year"),
    path("einlass/<str:token>/", views.check_in, name="check_in"),
    path("<int:pk>/", views.board, name="meeting_board"),
    path("<int:pk>/ankuendigen/", views.announce, name="announce_meeting"),
    path("<int:pk>/absagen/", views.call_off, name="call_off_meeting"),
    path("<int:pk>/mitteilen/", views.tell_change, name="tell_change"),
    path("<int:pk>/danken/", views.thank, name="thank_participants"),
    path("<int:pk>/kopieren/", views.copy, name="copy_meeting"),
    path("<int:pk>/eintragen/", views.add, name="add_participant"),
    path("<int:pk>/einlass/", views.door, name="door"),
    path("<int:pk>/programm/", programme_views.programme_page, name="meeting_programme"),
    path("<int:pk>/programm/<int:item>/", programme_views.item, name="agenda_item"),
    path("<int:pk>/programm/<int:item>/entfernen/", programme_views.remove_item, name="remove_agenda_item"),
    *(
        path(f"<int:pk>/{word}.pdf", views.paper, {"word": word}, name=f"paper_{word.replace('-', '_')}")
        for word in views.PAPERS
    ),
    *(
        path(f"<int:pk>/{word}.<slug:ending>", views.table, {"word": word}, name=f"table_{word}")
        for word in views.TABLES
    ),
    *(
        path(f"<int:pk>/anmeldungen/<int:registration>/{word}/", views.deed, {"word": word}, name=f"participant_{name}")
        for word, name in (
            ("platz-geben", "gets_place"),
            ("absagen", "cancelled"),
            ("vor-ort", "on_site"),
            ("online", "online"),
            ("anwesend", "present"),
            ("nicht-anwesend", "absent"),
        )
    ),
]
