"""Plain pages to hold the portal's against: one query and one template for the same rows, or ready bytes.

They look like the portal's pages of the first day, without components, links by name, roles or texts of the office.
"""

import os
from pathlib import Path

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from core.map import TopoMap
from members.models import Membership, Profile

_LAYERS = TopoMap(Path("members/data/nrw.topojson")).layers
_PATHS = {ags: shape.path for layer in _LAYERS.values() for ags, shape in layer.shapes.items()}


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
    profile = Profile.objects.select_related("municipality__kreis").get(municipality__slug=slug)
    return render(request, "detail.html", {"profile": profile, "areas": list(_PATHS.values())[:20]})


urlpatterns = [
    path("ready/<int:name>/", ready),
    path("list/", bodies),
    path("detail/<slug:slug>/", body),
]
