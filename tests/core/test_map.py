import json

import pytest

from core.map import TopoMap


@pytest.fixture
def two_squares(tmp_path):
    """Two squares side by side, west "A" and east "B", that share one arc."""
    topology = {
        "type": "Topology",
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [
            [[1, 0], [0, 1]],  # the shared border, northwards
            [[1, 1], [-1, 0], [0, -1], [1, 0]],  # around A
            [[1, 0], [1, 0], [0, 1], [-1, 0]],  # around B
        ],
        "objects": {
            "towns": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "properties": {"ags": "A"}, "arcs": [[0, 1]]},
                    {"type": "MultiPolygon", "properties": {"ags": "B"}, "arcs": [[[2, ~0]]]},
                ],
            }
        },
    }
    path = tmp_path / "map.topojson"
    path.write_text(json.dumps(topology), encoding="utf-8")
    return TopoMap(path, width=100)


def test_a_shared_border_makes_neighbours(two_squares):
    assert two_squares.layers["towns"].neighbours == {"A": frozenset("B"), "B": frozenset("A")}


def test_shapes_lie_side_by_side_with_north_up(two_squares):
    shapes = two_squares.layers["towns"].shapes
    assert shapes["A"].bounds == (0, 0, 50, two_squares.height)
    assert shapes["B"].bounds == (50, 0, 100, two_squares.height)


def test_outlines_close_and_use_whole_relative_steps(two_squares):
    height = two_squares.height
    assert two_squares.layers["towns"].shapes["A"].path == f"M50 {height}l0-{height} -50 0 0 {height} 50 0z".replace(
        " -", "-"
    )
