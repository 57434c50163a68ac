"""Atom feed of joinings, for press and neighbours who do not want to look every week."""

import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import capfirst

from members.directory import DirectoryEntry, entries

_NEWEST = 50


class JoiningsFeed(Feed):
    """Today's members by the day they joined, the newest first. Without a proven start there is no day to sort by.

    Addresses come from SITE_URL: Django would take them from the request's host.
    """

    feed_type = Atom1Feed
    title = "Neue Mitglieder im Kommunen-Netzwerk: engagiert in NRW"
    subtitle = (
        "Städte, Gemeinden, Kreise und Bezirksregierungen in Nordrhein-Westfalen, die dem Netzwerk beigetreten sind."
    )
    author_name = "Kommunen-Netzwerk: engagiert in NRW"

    def link(self) -> str:
        return f"{settings.SITE_URL}{reverse('directory')}"

    def feed_url(self) -> str:
        return f"{settings.SITE_URL}{reverse('joinings_feed')}"

    feed_guid = feed_url

    def items(self) -> list[DirectoryEntry]:
        joined = [entry for entry in entries() if entry.begin]
        return sorted(joined, key=lambda entry: entry.begin.day, reverse=True)[:_NEWEST]

    def item_link(self, item: DirectoryEntry) -> str:
        return item.address

    def item_title(self, item: DirectoryEntry) -> str:
        return f"{capfirst(item.called)} ist {item.membership}"

    def item_description(self, item: DirectoryEntry) -> str:
        return f"{item.place}."

    def item_guid(self, item: DirectoryEntry) -> str:
        """Another one when a body comes back after it had left."""
        return f"{item.address}#{item.begin.iso}"

    def item_pubdate(self, item: DirectoryEntry) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(item.begin.day, datetime.time.min))

    item_updateddate = item_pubdate
