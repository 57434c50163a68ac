"""The map of NRW: towns are areas, Kreise and Bezirksregierungen an outline layer of their own, each with a link."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.map import Bounds, Shape, TopoMap
from members.directory import Directory, DirectoryEntry
from members.models import Kind, Municipality
from members.models.municipalities import KREIS_KINDS, TOWN_KINDS

_TOPOJSON = Path(__file__).parent / "data" / "nrw.topojson"
_MARGIN = 12  # map units around the drawing, so that outlines are not cut


@lru_cache(maxsize=1)
def _nrw() -> TopoMap:
    return TopoMap(_TOPOJSON)


@dataclass(frozen=True)
class Area:
    """One shape on the map; without `entry` it is only background."""

    path: str
    entry: DirectoryEntry | None
    in_set: bool
    is_centre: bool = False


@dataclass(frozen=True)
class Map:
    """What the template draws: all towns, and the outlines of the Kreise and Bezirke that belong to the set."""

    view_box: str
    areas: list[Area]
    outlines: list[Area]


def map_of(
    everyone: Directory,
    shown: Iterable[DirectoryEntry],
    *,
    link_all: bool = False,
    around: DirectoryEntry | None = None,
) -> Map:
    """Draw the bodies of a set; the rest is background, or linked too with `link_all`. `around` cuts out a entry and
    its neighbourhood."""
    wanted = {entry.ags for entry in shown}
    by_ags = everyone.by_ags
    frame = _frame(around)
    towns = [
        Area(
            path=shape.path,
            entry=by_ags[ags] if link_all or ags in wanted else None,
            in_set=ags in wanted,
            is_centre=around is not None and ags == around.ags,
        )
        for ags, shape in _nrw().layers["gemeinden"].shapes.items()
        if ags in by_ags and _touches(shape.bounds, frame)
    ]
    outlines = [
        Area(shape.path, by_ags[ags], in_set=True, is_centre=around is not None and ags == around.ags)
        for ags in sorted(wanted)
        if by_ags[ags].kind not in TOWN_KINDS and (shape := shape_of(by_ags[ags]))
    ]
    for areas in (towns, outlines):
        areas.sort(key=lambda area: area.is_centre)  # drawn last, so that no neighbour covers its outline
    return Map(_view_box(frame), towns, outlines)


def _touches(bounds: Bounds, frame: Bounds) -> bool:
    return bounds[0] <= frame[2] and bounds[2] >= frame[0] and bounds[1] <= frame[3] and bounds[3] >= frame[1]


def _layer_name(kind: str) -> str:
    if kind in KREIS_KINDS:
        return "kreise"
    return "regierungsbezirke" if kind == Kind.BEZIRKSREGIERUNG else "gemeinden"


def size() -> tuple[int, int]:
    """Width and height of the Land in map units."""
    return _nrw().width, _nrw().height


def shape_of(entry: DirectoryEntry) -> Shape | None:
    """The body's shape; None for a body that is younger than the boundaries (2016)."""
    return _nrw().layers[_layer_name(entry.kind)].shapes.get(entry.ags)


def geometry_of(entry: DirectoryEntry) -> dict[str, Any] | None:
    """Return the body's area as a GeoJSON geometry; its centre if it is younger than the boundaries; None without."""
    if area := _nrw().geometry(_layer_name(entry.kind), entry.ags):
        return area
    if entry.latitude is None or entry.longitude is None:
        return None
    return {"type": "Point", "coordinates": [entry.longitude, entry.latitude]}


def _frame(around: DirectoryEntry | None) -> Bounds:
    """West, north, east and south edge of the picture in map units."""
    shape = shape_of(around) if around else None
    if shape is None:
        return 0, 0, _nrw().width, _nrw().height
    west, north, east, south = shape.bounds
    widen = max(east - west, south - north) // 2
    return west - widen, north - widen, east + widen, south + widen


def _view_box(frame: Bounds) -> str:
    west, north, east, south = frame
    return f"{west - _MARGIN} {north - _MARGIN} {east - west + 2 * _MARGIN} {south - north + 2 * _MARGIN}"


def neighbours_of(municipality: Municipality, everyone: Directory) -> list[DirectoryEntry]:
    """Bodies of the same level that share a border, in German order; Kreise count without the 22 kreisfreie Städte."""
    adjacent = _nrw().layers[_layer_name(municipality.kind)].neighbours.get(municipality.ags, frozenset())
    level = (
        TOWN_KINDS
        if municipality.is_town
        else KREIS_KINDS
        if municipality.kind in KREIS_KINDS
        else (municipality.kind,)
    )
    return [entry for entry in everyone if entry.ags in adjacent and entry.kind in level]
