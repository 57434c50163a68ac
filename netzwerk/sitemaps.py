"""Which pages search engines should know: those that any visitor finds worth finding, with their last change."""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.urls import reverse

from mailings.models import Mailing
from meetings.models import Meeting
from members.directory import DirectoryEntry, entries
from members.models import ContactPerson, Membership, Municipality, Profile
from netzwerk.models import PageKey, TextPage

# Pages without a text of the office; the start page is one with.
_OTHERS = (
    "directory", "meetings", "open_data", "declarations", "interest", "application_questions", "joining_templates",
)  # fmt: skip


class PortalSitemap(Sitemap):
    """Addresses come from SITE_URL: Django would take them from the request's host."""

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class PageSitemap(PortalSitemap):
    """Start page, texts of the office, directory, open data."""

    def items(self) -> list[str]:
        return [*PageKey.values, *_OTHERS]

    def location(self, item: str) -> str:
        return reverse(item)

    def get_urls(self, *args, **kwargs):
        self._changes = dict(TextPage.objects.exclude(updated_at=None).values_list("key", "updated_at"))
        return super().get_urls(*args, **kwargs)

    def lastmod(self, item: str) -> datetime.datetime | None:
        return self._changes.get(item)


class MemberSitemap(PortalSitemap):
    """The pages of today's members; all others say "noindex"."""

    def items(self) -> list[DirectoryEntry]:
        return [entry for entry in entries() if entry.is_member]

    def location(self, item: DirectoryEntry) -> str:
        return reverse("municipality", args=[item.slug])

    def get_urls(self, *args, **kwargs):
        self._changes = _last_changes()
        return super().get_urls(*args, **kwargs)

    def lastmod(self, item: DirectoryEntry) -> datetime.datetime | None:
        return self._changes.get(item.ags)


def _last_changes() -> dict[str, datetime.datetime]:
    """When what a body's page shows was last changed, by AGS; from the history, so removing something counts, too."""
    newest: dict[str, datetime.datetime] = {}
    for model, key in (
        (Municipality, "ags"),
        (Membership, "municipality__ags"),
        (Profile, "municipality__ags"),
        (ContactPerson, "municipality__ags"),
    ):
        rows = model.history.order_by().values_list(key).annotate(Max("history_date"))
        for ags, moment in rows:
            newest[ags] = max(moment, newest.get(ags, moment))
    return newest


class MeetingSitemap(PortalSitemap):
    """Public meetings, past ones included."""

    def items(self) -> QuerySet[Meeting]:
        return Meeting.objects.public()

    def lastmod(self, item: Meeting) -> datetime.datetime:
        return item.changed_at


class MailingSitemap(PortalSitemap):
    """What the office wrote to many and released for the website."""

    def items(self) -> QuerySet[Mailing]:
        return Mailing.objects.public().select_related("batch")

    def location(self, item: Mailing) -> str:
        return reverse("public_mailing", args=[item.pk])

    def lastmod(self, item: Mailing) -> datetime.datetime | None:
        return item.sent_at


SITEMAPS = {"pages": PageSitemap, "members": MemberSitemap, "meetings": MeetingSitemap, "mailings": MailingSitemap}
