from django.urls import path

from meetings import summit_desk_views as views

urlpatterns = [
    path("einladen/", views.invite, name="invite_heads"),
    path("erinnern/", views.remind, name="remind_heads"),
    path("briefe.pdf", views.letters, name="summit_letters"),
    path("brief/<int:head>.pdf", views.sample_letter, name="sample_letter"),
    path("sitzordnung.pdf", views.seating, name="summit_seating"),
    *(path(f"{word}.<slug:ending>", views.table, {"word": word}, name=f"summit_{word}") for word in views.TABLES),
    path("antworten/<int:invitation>/", views.record, name="record_answer"),
    path("antworten/<int:invitation>/notieren/", views.record_quickly, name="record_quickly"),
    path("antworten/<int:invitation>/rueckgaengig/", views.undo, name="undo_answer"),
    path("antworten/<int:invitation>/zurueckziehen/", views.withdraw, name="withdraw_invitation"),
    path("unterlagen/", views.papers, name="summit_papers"),
    path("unterlagen/<int:paper>.pdf", views.paper, name="summit_paper"),
    path("unterlagen/<int:paper>/entfernen/", views.remove_paper, name="remove_paper"),
]
