"""Maps without tiles or scripts: TopoJSON becomes SVG paths, and its shared arcs tell who is whose neighbour.

Source of the method: the TopoJSON format specification (delta-encoded integer arcs, ~i for a reversed arc).
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

Point = tuple[float, float]
AnyPoint = TypeVar("AnyPoint", tuple[int, int], tuple[float, float])
Bounds = tuple[int, int, int, int]  # west, north, east, south in map units


@dataclass(frozen=True)
class Shape:
    """One area: its key in the data (AGS), its closed outlines, and the "d" attribute of its path, in map units."""

    key: str
    path: str
    bounds: Bounds
    outlines: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True)
class Layer:
    """The areas of one layer by key; shared borders are drawn once where they belong to both."""

    shapes: dict[str, Shape]
    neighbours: dict[str, frozenset[str]]


class TopoMap:
    """A TopoJSON file projected to a plane of `width` whole units, north up.

    The projection is equirectangular around the middle latitude: right for a single Land seen on a screen, not for
    measuring. Layers are computed once and never change, so threads may share the object.
    """

    def __init__(self, path: Path, *, width: int = 1000, key: str = "ags") -> None:
        self._topology: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        self._key = key
        self.width = width
        self._arcs = [self._to_plane(arc) for arc in self._degrees]
        self.height: int = max(y for arc in self._arcs for _, y in arc)
        self.layers = {name: self._layer(layer["geometries"]) for name, layer in self._topology["objects"].items()}

    @cached_property
    def _degrees(self) -> list[list[Point]]:
        (scale_x, scale_y), (move_x, move_y) = (self._topology["transform"][k] for k in ("scale", "translate"))
        arcs = []
        for arc in self._topology["arcs"]:
            x = y = 0
            points = []
            for dx, dy in arc:
                x, y = x + dx, y + dy
                points.append((x * scale_x + move_x, y * scale_y + move_y))
            arcs.append(points)
        return arcs

    @cached_property
    def _frame(self) -> tuple[float, float, float, float]:
        """West and north edge in degrees, and units per degree in both directions."""
        west = min(x for arc in self._degrees for x, _ in arc)
        east = max(x for arc in self._degrees for x, _ in arc)
        south = min(y for arc in self._degrees for _, y in arc)
        north = max(y for arc in self._degrees for _, y in arc)
        per_degree = self.width / (east - west)
        return west, north, per_degree, per_degree / math.cos(math.radians((north + south) / 2))

    def _to_plane(self, arc: list[Point]) -> list[tuple[int, int]]:
        west, north, per_x, per_y = self._frame
        return [(round((x - west) * per_x), round((north - y) * per_y)) for x, y in arc]

    def _layer(self, geometries: list[dict[str, Any]]) -> Layer:
        shapes, users = {}, defaultdict(set)
        for geometry in geometries:
            key = geometry["properties"][self._key]
            rings = list(_rings(geometry))
            shapes[key] = self._shape(key, rings)
            for ring in rings:
                for arc in ring:
                    users[arc if arc >= 0 else ~arc].add(key)
        return Layer(shapes, _neighbours(shapes, users.values()))

    def _shape(self, key: str, rings: list[list[int]]) -> Shape:
        outlines = [_joined(self._arcs, ring) for ring in rings]
        xs, ys = zip(*(point for outline in outlines for point in outline), strict=True)
        path = "".join(_relative_path(outline) for outline in outlines)
        bounds = (min(xs), min(ys), max(xs), max(ys))
        return Shape(key, path, bounds, tuple(tuple(outline) for outline in outlines))

    def geometry(self, layer: str, key: str) -> dict[str, Any] | None:
        """Return an area as a GeoJSON geometry (RFC 7946: WGS 84, longitude first), or None if the layer lacks it.

        Five decimals are a metre; the boundaries themselves are generalised and far less exact.
        """
        for geometry in self._topology["objects"][layer]["geometries"]:
            if geometry["properties"][self._key] == key:
                polygons = [self._polygon(rings) for rings in _polygons(geometry)]
                return {"type": "MultiPolygon", "coordinates": polygons}
        return None

    def _polygon(self, rings: list[list[int]]) -> list[list[list[float]]]:
        """Outer border counterclockwise, holes clockwise, as RFC 7946 asks for; TopoJSON has it the other way round."""
        outlines = [_joined(self._degrees, ring) for ring in rings]
        turned = [
            outline if _is_counterclockwise(outline) == (number == 0) else outline[::-1]
            for number, outline in enumerate(outlines)
        ]
        return [[[round(x, 5), round(y, 5)] for x, y in outline] for outline in turned]


def _polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]


def _rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    for polygon in _polygons(geometry):
        yield from polygon


def _joined(arcs: list[list[AnyPoint]], ring: list[int]) -> list[AnyPoint]:
    """Return the points of a ring's arcs one after the other, each shared end once."""
    points: list[AnyPoint] = []
    for arc in ring:
        part = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        points.extend(point for point in part if not points or point != points[-1])
    return points


def _is_counterclockwise(outline: list[Point]) -> bool:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(outline)) > 0


def _relative_path(points: list[tuple[int, int]]) -> str:
    """Return the closed outline with relative steps: about half the bytes of absolute ones."""
    (x, y), steps = points[0], []
    for (x0, y0), (x1, y1) in pairwise(points):
        steps.append(f"{x1 - x0} {y1 - y0}")
    return f"M{x} {y}l{' '.join(steps)}z".replace(" -", "-")


def _neighbours(keys: Iterable[str], sharing: Iterable[set[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {key: set() for key in keys}
    for group in sharing:
        for key in group:
            found[key] |= group - {key}
    return {key: frozenset(others) for key, others in found.items()}
