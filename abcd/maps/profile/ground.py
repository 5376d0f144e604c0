"""The map of a profile: edge, greens, water and streets of our own shapes, and the assets by shape and number."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from abcd.core import geo
from abcd.core.charts.paper import Paper
from abcd.core.language import _
from abcd.maps.marks import LOOKS
from abcd.maps.sheet import degrees_round, fineness
from abcd.maps.view import Filters
from abcd.maps.viewport import features
from abcd.places.records import PlaceRecord

Points = NDArray[np.float64]
Box = tuple[float, float, float, float]

WIDTH, TALLEST, EDGE = 520.0, 470.0, 0.06
#: How the ground is drawn: fill, line, width of the line.
LOOK = {
    "greenspace": ("#e3e9dc", "#b9c6a8", 0.8), "water": ("#dbe5ea", "#a9bcc6", 0.8), "streets": ("", "#bdb9b0", 1.4),
    "boundaries": ("", "#8b8f8c", 0.8), "place": ("", "#0b5c58", 2.4),
}  # fmt: skip
MARKS: dict[str, Any] = {
    "circle": "o", "square": "s", "diamond": "D",
    "house": ((0, 1.0), (1.0, 0.2), (1.0, -0.9), (-1.0, -0.9), (-1.0, 0.2)),
    "bubble": ((-1, 1), (1, 1), (1, -0.5), (0.1, -0.5), (-0.5, -1.1), (-0.5, -0.5), (-1, -0.5)), "heart": "v",
}  # fmt: skip
SIZE, APART = 17.0, 19.0
"""Of a numbered mark in pixels, and how far apart two of them are kept."""


@dataclass(frozen=True)
class Ground:
    """Shapes of the ground by name, in EPSG:27700, within ``box``."""

    box: Box
    shapes: dict[str, tuple[shapely.Geometry, ...]]


def ground_of(s: Session, here: PlaceRecord) -> Ground:
    """What lies in and round a place, as the public may see it."""
    wide, zoom = degrees_round(here, EDGE), fineness(here.box)
    west, south, east, north = here.box
    more = EDGE * max(east - west, north - south)
    box = (west - more, south - more, east + more, north + more)
    shapes = {name: _shapes(features(s, name, wide, zoom, audience="public"), box) for name in LOOK if name != "place"}
    edge = features(s, "places", wide, zoom, Filters(place=str(here.id)), audience="public")
    return Ground(box, shapes | {"place": _shapes(edge, box)})


def _shapes(collection: bytes, box: Box) -> tuple[shapely.Geometry, ...]:
    read = orjson.loads(collection)["features"]
    found = [shapely.from_geojson(orjson.dumps(one["geometry"])) for one in read if one["geometry"]]
    on_grid = (shapely.transform(one, lambda xy: np.column_stack(geo.to_grid(*xy.T))) for one in found)
    within = (shapely.clip_by_rect(shapely.make_valid(one), *box) for one in on_grid)
    return tuple(one for one in within if not one.is_empty)


def map_picture(ground: Ground, title: str, about: str, numbered: Sequence[tuple[str, float, float]]) -> str:
    """The map as SVG text, north up: ``numbered`` are kind, easting and northing of the assets 1, 2, 3 and so on."""
    west, south, east, north = ground.box
    scale = min(WIDTH / (east - west), TALLEST / (north - south))
    paper = Paper((east - west) * scale, (north - south) * scale)

    def at(xy: Points) -> Points:
        return np.column_stack([(xy[:, 0] - west) * scale, (north - xy[:, 1]) * scale])

    for name, (fill, line, width) in LOOK.items():
        paper.shapes([ring for shape in ground.shapes[name] for ring in _rings(shape, at)], fill, line, width)
    _measure(paper, scale)
    _marks(paper, [kind for kind, _x, _y in numbered], at(np.array([(x, y) for _k, x, y in numbered]).reshape(-1, 2)))
    return paper.svg(title, about)


def _rings(shape: shapely.Geometry, at: Callable[[Points], Points]) -> Iterable[Points]:
    """The lines of a shape on paper, those of a polygon closed."""
    for part in shapely.get_parts(shape):
        if isinstance(part, shapely.GeometryCollection):
            yield from (ring for one in part.geoms for ring in _rings(one, at))
        elif isinstance(part, shapely.Polygon):
            turned = shapely.orient_polygons(part)  # a hole runs the other way round, or it would be filled
            yield from (at(shapely.get_coordinates(ring)) for ring in (turned.exterior, *turned.interiors))
        elif isinstance(part, shapely.LineString):
            yield at(shapely.get_coordinates(part))


def _measure(paper: Paper, scale: float) -> None:
    """A bar of round metres at the foot, and which way is north."""
    metres = next(m for m in (2000, 1000, 500, 200, 100, 50, 20) if m * scale <= paper.width / 3 or m == 20)
    y = paper.height - 14
    paper.stroke([(12, y), (12 + metres * scale, y)], width=2.5)
    paper.words(16 + metres * scale, y, _("{n} m").format(n=metres), size=12, has_halo=True)
    paper.words(paper.width - 10, 16, _("N ↑"), size=14, align="right", is_bold=True, has_halo=True)


def _marks(paper: Paper, kinds: Sequence[str], places: Points) -> None:
    """A shape and a number an asset, moved apart where they would hide each other."""
    low, high = np.array([SIZE, SIZE]), np.array([paper.width - SIZE, paper.height - SIZE])
    for number, (kind, (x, y)) in enumerate(zip(kinds, apart(places, APART, low, high).tolist(), strict=True), 1):
        _letter, shape, colour = LOOKS[kind]
        paper.mark(x, y, MARKS[shape], colour, size=SIZE if shape != "diamond" else SIZE - 2)
        paper.words(x, y + (1 if shape == "house" else 0), str(number), size=10, colour="#ffffff", align="center",
                    is_bold=True)  # fmt: skip


def apart(points: Points, least: float, low: Points, high: Points, steps: int = 60) -> Points:
    """Points (n, 2) pushed from each other until they are ``least`` apart, as far as ``steps`` go, within a box.

    The same points give the same answer: what lies on one spot is spread in a ring, in order.
    """
    turn = 2.4 * np.arange(len(points))
    moved = points + 0.01 * np.column_stack([np.cos(turn), np.sin(turn)])
    for _step in range(steps):
        between = moved[:, None, :] - moved[None, :, :]
        far = np.hypot(between[..., 0], between[..., 1])
        near = (far < least) & ~np.eye(len(points), dtype=bool)
        if not near.any():
            break
        push = np.where(near, (least - far) / (2 * np.maximum(far, 1e-9)), 0.0)
        moved = np.clip(moved + 0.6 * (push[..., None] * between).sum(axis=1), low, high)
    return moved
