"""The site map as the demonstration has it; the tests run without DEMO, so netzwerk.urls leaves these out."""

from django.urls import include, path

from netzwerk.urls import urlpatterns as portal

urlpatterns = [*portal, path("demo/postausgang/", include("netzwerk.demo_urls"))]
