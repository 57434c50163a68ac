"""Plain pages to hold the portal's against: one query and one template for the same rows, or ready bytes.

They say what the portal's pages say, in one template without components, and most of their links are written out.
"""

import datetime
import os
from pathlib import Path

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from core.map import TopoMap
from members.models import Membership, Profile

_LAYERS = TopoMap(Path("members/data/nrw.topojson")).layers
_PATHS = {ags: shape.path for layer in _LAYERS.values() for ags, shape in layer.shapes.items()}
# As many as the map of a town shows.
_AREAS = [(f"nachbar-{ags}", path) for ags, path in list(_PATHS.items())[:14]]
_TOPICS = ("Bürgerstiftung", "Digitales Ehrenamt", "Dorfentwicklung", "Ehrenamtskarte")
_CONTACTS = [
    {"name": f"Dr. {name} Beispiel", "position": "Fachbereich Soziales", "phone": "0251 12", "email": "a@stadt.example"}
    for name in ("Rosa", "Bodo")
]


def ready(request, name):
    """Return the bytes that the portal answered with; they were written by the measurement."""
    return HttpResponse(_bytes(name))


def _bytes(name, known={}):  # noqa: B006 - read once in each process
    if name not in known:
        known[name] = (Path(os.environ["BENCH_PAGES"]) / str(name)).read_bytes()
    return known[name]


def bodies(request):
    rows = list(Membership.objects.select_related("municipality__kreis"))
    for row in rows:
        row.path = _PATHS.get(row.municipality.ags)
    return render(request, "list.html", {"rows": rows})


def body(request, slug):
    """The rows beside the body itself are invented, so that one query is enough."""
    profile = Profile.objects.select_related("municipality__kreis").get(municipality__slug=slug)
    context = {
        "profile": profile,
        "body": profile.municipality,
        "since": datetime.date(2012, 12, 5),
        "contacts": _CONTACTS,
        "topics": _TOPICS,
        "areas": _AREAS,
    }
    return render(request, "detail.html", context)


urlpatterns = [
    path("ready/<int:name>/", ready),
    path("list/", bodies),
    path("detail/<slug:slug>/", body),
]
