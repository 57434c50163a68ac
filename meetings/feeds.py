"""Atom feed of announced meetings, for those who do not want to look every week."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from meetings.models import Meeting

_NEWEST = 50


class MeetingsFeed(Feed):
    """Public meetings by the day they were announced, the newest first. Addresses come from SITE_URL."""

    feed_type = Atom1Feed
    title = "Termine des Kommunen-Netzwerks: engagiert in NRW"
    subtitle = "Netzwerktreffen, Workshops und digitale Kurzformate, sobald sie feststehen."
    author_name = "Kommunen-Netzwerk: engagiert in NRW"

    def link(self) -> str:
        return f"{settings.SITE_URL}{reverse('meetings')}"

    def feed_url(self) -> str:
        return f"{settings.SITE_URL}{reverse('meetings_feed')}"

    feed_guid = feed_url

    def items(self) -> list[Meeting]:
        return list(Meeting.objects.public().exclude(announced_at=None).order_by("-announced_at")[:_NEWEST])

    def item_link(self, item: Meeting) -> str:
        return f"{settings.SITE_URL}{item.get_absolute_url()}"

    def item_title(self, item: Meeting) -> str:
        return f"{'Fällt aus: ' if item.is_cancelled else ''}{item.title_with_kind}"

    def item_description(self, item: Meeting) -> str:
        about = "Für Mitglieder." if item.is_inside else item.teaser
        return " ".join(filter(None, [f"{item.when}, {item.where}.", about]))

    def item_guid(self, item: Meeting) -> str:
        return f"{settings.SITE_URL}/termine/{item.uid}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: Meeting):
        return item.announced_at

    def item_updateddate(self, item: Meeting):
        return item.changed_at
