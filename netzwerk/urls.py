"""The site map: every address of the portal stands here or one level below."""

from django.conf import settings
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.decorators.http import require_safe

from core import views as core_views
from mailings import passing_views, subscription_views
from meetings import views as meeting_views
from members import colleague_views, confirmation_views, hint_views
from members import views as member_views
from netzwerk import (
    desk_views,
    mail_views,
    people_views,
    privacy_views,
    review_views,
    search_views,
    sending_views,
    viewing_views,
    views,
)
from netzwerk.models import PageKey
from netzwerk.sitemaps import SITEMAPS

# While the database is away, both answer 503.
handler400, handler500 = core_views.bad_request, core_views.server_error

urlpatterns = [
    path("", views.start, name="start"),
    path("kommunen/", include("members.urls")),
    path("kommunen/<slug:slug>/", views.municipality, name="municipality"),
    path("kommunen/<slug:slug>/hinweis/", hint_views.give_hint, name="give_hint"),
    # Open data is asked for by ending, as people guess it.
    path("kommunen.csv", member_views.open_data_file, {"ending": "csv"}, name="members_csv"),
    path("kommunen.json", member_views.open_data_file, {"ending": "json"}, name="members_json"),
    path("kommunen.geojson", member_views.open_data_file, {"ending": "geojson"}, name="members_geojson"),
    path("kommunen.atom", member_views.joinings_feed, name="joinings_feed"),
    path("vorschau.png", member_views.preview, name="preview"),
    path("kommunen/<slug:slug>/bild/<uuid:public_id>/", member_views.profile_picture, name="profile_picture"),
    path("kommunen/<slug:slug>/vorschau.png", member_views.member_preview, name="member_preview"),
    path("termine/", include("meetings.urls")),
    path("termine.ics", meeting_views.calendar, name="meetings_calendar"),
    path("termine.atom", meeting_views.feed, name="meetings_feed"),
    path("", include("meetings.place_urls")),
    path("mitteilungen/", include("mailings.urls")),
    path("intern/mitteilungen/", include("mailings.own_urls")),
    path("abmelden/<str:token>/", subscription_views.unsubscribe, name="unsubscribe"),
    path("weitergeben/<int:pk>/<str:token>/", passing_views.pass_on, name="pass_on"),
    path("e-mails/<str:token>/", subscription_views.mail_settings_by_link, name="mail_settings_by_link"),
    path("suche/", search_views.site_search, name="search"),
    path("offene-daten/", member_views.open_data, name="open_data"),
    path("gemeinsame-erklaerung/", include("declarations.urls")),
    path("mitmachen/", views.text_page, {"key": PageKey.JOIN}, name="join"),
    path("mitmachen/", include("declarations.joining_urls")),
    path("antrag/<str:token>/", include("declarations.application_urls")),
    path("kontakt/", views.text_page, {"key": PageKey.CONTACT}, name="contact"),
    path("impressum/", views.text_page, {"key": PageKey.IMPRINT}, name="imprint"),
    path("datenschutz/", views.text_page, {"key": PageKey.PRIVACY}, name="privacy"),
    path("barrierefreiheit/", views.text_page, {"key": PageKey.ACCESSIBILITY}, name="accessibility"),
    path("barrierefreiheit/melden/", views.report_barrier, name="report_barrier"),
    path("leichte-sprache/", views.text_page, {"key": PageKey.EASY_LANGUAGE}, name="easy_language"),
    path("gebaerdensprache/", views.text_page, {"key": PageKey.SIGN_LANGUAGE}, name="sign_language"),
    path("intern/", views.home, name="home"),
    path("intern/verzeichnis/", colleague_views.network, name="network"),
    path("intern/verzeichnis/<int:pk>.vcf", colleague_views.network_card, name="network_card"),
    path("intern/profil/", include("netzwerk.profile_urls")),
    path("intern/ansprechpersonen/", include("members.colleague_urls")),
    path("intern/ansprechpersonen/<int:pk>/abgeben/", people_views.give_up, name="give_up"),
    path("intern/angaben/<int:pk>/", confirmation_views.own_confirmation, name="own_confirmation"),
    path("angaben/", include("members.confirmation_urls")),
    path("konto/wer-sind-sie/", people_views.choose_person, name="choose_person"),
    path("intern/meine-daten/", privacy_views.own_data, name="own_data"),
    path("intern/meine-daten/datei/", privacy_views.own_data_file, name="own_data_file"),
    path("intern/meine-daten/loeschen/", privacy_views.ask_erasure, name="ask_erasure"),
    path("intern/meine-daten/behalten/", privacy_views.keep_own_data, name="keep_own_data"),
    path("konto/", include("users.urls")),
    path("verwaltung/beitritt/<int:pk>/", include("declarations.review_urls")),
    path("verwaltung/kommunen/<slug:slug>/", desk_views.dossier, name="dossier"),
    path("verwaltung/kommunen/<slug:slug>/notiz/", desk_views.write_note, name="write_note"),
    path("verwaltung/kommunen/<slug:slug>/profil/", review_views.changes, name="profile_changes"),
    *(
        path(f"verwaltung/kommunen/<slug:slug>/profil/<int:version>/{word}/", view, name=name)
        for word, view, name in (
            ("gesehen", review_views.reviewed, "profile_reviewed"),
            ("zuruecknehmen", review_views.take_back, "take_back_profile"),
            ("zurueckholen", review_views.bring_back, "bring_back_profile"),
        )
    ),
    path("verwaltung/kommunen/notizen/<int:pk>/", desk_views.change_note, name="change_note"),
    path("verwaltung/kommunen/notizen/<int:pk>/erledigt/", desk_views.finish_note, name="finish_note"),
    path("verwaltung/kommunen/notizen/<int:pk>/loeschen/", desk_views.delete_note, name="delete_note"),
    path("verwaltung/kommunen/hinweise/<int:pk>/erledigt/", hint_views.settle_hint, name="settle_hint"),
    path("verwaltung/gestaltung/", views.style_guide, name="style_guide"),
    path("verwaltung/e-mails/versand/", sending_views.mail_service, name="mail_service"),
    path("verwaltung/e-mails/versand/fortsetzen/", sending_views.resume_mail, name="resume_mail"),
    *(
        path(f"verwaltung/e-mails/sammelsendungen/<int:pk>/{word}", view, name=name)
        for word, view, name in (
            ("", sending_views.batch, "batch"),
            ("stand/", sending_views.batch_state, "batch_state"),
            ("anhalten/", sending_views.pause_batch, "pause_batch"),
            ("fortsetzen/", sending_views.resume_batch, "resume_batch"),
            ("zuruecknehmen/", sending_views.take_back_batch, "take_back_batch"),
            ("wiederholen/", sending_views.repeat_batch, "repeat_batch"),
        )
    ),
    path("verwaltung/e-mails/mitteilungen/", include("mailings.desk_urls")),
    path("verwaltung/automatische-e-mails/", mail_views.mail_texts, name="mail_texts"),
    path("verwaltung/automatische-e-mails/<str:key>/", mail_views.mail_text, name="mail_text"),
    path("verwaltung/automatische-e-mails/<str:key>/mitgeliefert/", mail_views.mail_text_reset, name="mail_text_reset"),
    *(
        path(
            f"verwaltung/automatische-e-mails/<str:key>/vorschau.{part}",
            mail_views.mail_text_preview,
            {"part": part},
            name=f"mail_text_{part}",
        )
        for part in ("html", "txt")
    ),
    path("verwaltung/personen/wahl/", people_views.heads_after_election, name="heads_after_election"),
    path("verwaltung/konten/<int:pk>/entfernen/", people_views.remove_employee, name="remove_employee"),
    path("verwaltung/personen/<int:pk>/uebergabe/", people_views.hand_over, name="hand_over"),
    path("verwaltung/personen/<int:pk>/zusammenfuehren/<int:other>/", people_views.merge_persons, name="merge_persons"),
    path("verwaltung/kommunen/<slug:slug>/austritt/", people_views.leave, name="leave"),
    path("verwaltung/termine/<int:pk>/dokumentation/", include("meetings.documentation_urls")),
    path("verwaltung/termine/<int:pk>/spitzentreffen/", include("netzwerk.summit_urls")),
    path("verwaltung/termine/<int:pk>/spitzentreffen/", include("meetings.summit_urls")),
    path("verwaltung/termine/", include("meetings.desk_urls")),
    path("verwaltung/suche/", search_views.desk_search, name="desk_search"),
    path("verwaltung/suche/treffer/", search_views.desk_search_hits, name="desk_search_hits"),
    path("verwaltung/personen/einlesen/", include("members.import_urls")),
    path("verwaltung/personen/<int:pk>/ansehen/", viewing_views.view_as, name="view_as"),
    path("intern/ansehen-beenden/", viewing_views.stop_viewing, name="stop_viewing"),
    path("verwaltung/beitritt/unterzeichnungen/", include("declarations.signature_urls")),
    path("verwaltung/beitritt/runden/", include("declarations.round_urls")),
    path("verwaltung/datenschutz/", include("netzwerk.privacy_urls")),
    path("verwaltung/", admin.site.urls),
    path("sitemap.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    # No slash at the end: whoever asks for these expects exactly these addresses.
    path("healthz", core_views.healthz, name="healthz"),
    path("readyz", core_views.readyz, name="readyz"),
    path(".well-known/security.txt", core_views.security_text, name="security_text"),
]

if settings.DEMO:
    urlpatterns += [path("demo/postausgang/", include("netzwerk.demo_urls"))]
