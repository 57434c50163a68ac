"""The Postausgang of the demonstration; in no other mode do these addresses exist (netzwerk.urls)."""

from django.urls import path

from netzwerk import demo_views

urlpatterns = [
    path("", demo_views.outbox, name="outbox"),
    path("<slug:public_id>/", demo_views.message, name="outbox_message"),
    path("<slug:public_id>/html/", demo_views.message_html, name="outbox_html"),
    path("<slug:public_id>.eml", demo_views.message_source, name="outbox_source"),
]
