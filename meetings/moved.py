"""Meetings that had another address before: put off into another year, or given another name there."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from meetings import access


def follow(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view of one meeting: from an address of the past it leads to the same page at the one of today.

    The address bears the year, and mails, calendars and other websites go on naming the old one.
    """

    @functools.wraps(view)
    def found(request: HttpRequest, year: int, slug: str, **more: Any) -> HttpResponse:
        try:
            return view(request, year, slug, **more)
        except Http404:
            meeting = access.meeting_once_at(request.user, request.acting_person, year, slug)
            url = reverse(request.resolver_match.view_name, kwargs={"year": meeting.year, "slug": meeting.slug, **more})
            query = request.META["QUERY_STRING"]
            return redirect(f"{url}?{query}" if query else url)

    return found
