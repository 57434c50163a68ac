"""The site map: every address of the portal stands here or one level below."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from netzwerk import views

urlpatterns = [
    path("", views.start, name="start"),
    path("kommunen/", include("members.urls")),
    path("kommunen/<slug:slug>/", views.municipality, name="municipality"),
    path("intern/", views.home, name="home"),
    path("konto/", include("users.urls")),
    path("verwaltung/gestaltung/", views.style_guide, name="style_guide"),
    path("verwaltung/", admin.site.urls),
]

if settings.DEMO:
    urlpatterns += [path("demo/postausgang/", include("netzwerk.demo_urls"))]
